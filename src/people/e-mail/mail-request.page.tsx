import type { HttpContext } from '../../http/context.ts'
import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { outageWords } from '../../http/refusal.words.ts'
import { mailRequestWords } from './mail-request.words.ts'
import type { MailRequestFailure } from './mail-request.ts'

/** What the form says above its field, and with which status it comes. */
export type MailRequestNotice =
  | { readonly reason: 'form_stale' }
  | { readonly reason: 'email_invalid' }
  | Extract<MailRequestFailure, { readonly reason: 'attempts_exhausted' }>

export interface MailRequestForm {
  readonly locale: Locale
  readonly title: string
  readonly lead: string
  readonly button: string
  readonly action: string
  readonly form_token: string
  readonly email: string
  readonly signInPath: string
  /** Goes along with the form, where there is a way on. */
  readonly returnPath?: string
  readonly notice?: MailRequestNotice | undefined
  readonly headers: Readonly<Record<string, string>>
}

const NOTICE_ID = 'mail-request-notice'

/** Asks for an e-mail address, and for nothing else: what may be done with the account is asked of who reads its mail. */
export function mailRequestPage(form: MailRequestForm): Response {
  const { locale, title, notice, headers } = form
  const words = mailRequestWords[locale]
  return documentPage(
    { locale, title, status: statusOf(notice), headers: { ...headers, ...retryAfter(notice) } },
    <>
      <h1>{title}</h1>
      <p class="lead">{form.lead}</p>
      {notice && (
        <p class="notice" id={NOTICE_ID} role="alert">
          {sentenceOf(notice, locale)}
        </p>
      )}
      <EmailField {...form} />
      <p class="quiet">
        <a href={form.signInPath}>{words.signIn}</a>
      </p>
    </>,
  )
}

function EmailField({ locale, action, form_token, returnPath, email, button, notice }: MailRequestForm) {
  const fault =
    notice?.reason === 'email_invalid'
      ? ({ 'aria-invalid': 'true', 'aria-describedby': NOTICE_ID } as const)
      : {}
  return (
    <form method="post" action={action}>
      <input type="hidden" name="form_token" value={form_token} />
      {returnPath !== undefined && <input type="hidden" name="continue" value={returnPath} />}
      <label for="email">{mailRequestWords[locale].email}</label>
      <input
        id="email"
        name="email"
        type="email"
        value={email}
        autocomplete="email"
        autocapitalize="none"
        spellcheck={false}
        required
        autofocus
        {...fault}
      />
      <button type="submit">{button}</button>
    </form>
  )
}

/** Nobody's mail is sent while it cannot be counted. */
export function mailUnavailablePage(c: HttpContext): Response {
  return refusalPage(c, { status: 503, words: outageWords, headers: { 'retry-after': '5' } })
}

function statusOf(notice: MailRequestNotice | undefined): number {
  switch (notice?.reason) {
    case undefined:
      return 200
    case 'form_stale':
      return 403
    case 'email_invalid':
      return 422
    case 'attempts_exhausted':
      return 429
  }
}

function retryAfter(notice: MailRequestNotice | undefined): Readonly<Record<string, string>> {
  return notice?.reason === 'attempts_exhausted' ? { 'retry-after': String(notice.retryAfterSeconds) } : {}
}

function sentenceOf(notice: MailRequestNotice, locale: Locale): string {
  const words = mailRequestWords[locale]
  switch (notice.reason) {
    case 'form_stale':
      return words.formStale
    case 'email_invalid':
      return words.emailInvalid
    case 'attempts_exhausted':
      return words.attemptsExhausted(Math.ceil(notice.retryAfterSeconds / 60))
  }
}
