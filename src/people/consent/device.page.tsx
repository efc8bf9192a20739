import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { AskedList, type Asked } from './asked.page.tsx'
import { ClientLinks } from './client-links.page.tsx'
import type { ClientView } from './client-view.ts'
import { deviceWords, type DeviceWords } from './device.words.ts'

/** Why the form is shown again. */
export type DeviceNotice =
  | { readonly reason: 'form_stale' }
  | { readonly reason: 'user_code_unknown' }
  | { readonly reason: 'attempts_exhausted'; readonly retryAfterSeconds: number }

export interface UserCodeForm {
  readonly locale: Locale
  readonly form_token: string
  readonly user_code: string
  readonly notice: DeviceNotice | undefined
}

/** Asks for the code. A code that came with a link stands in the field, but somebody has to send the form. */
export function userCodePage({ locale, form_token, user_code, notice }: UserCodeForm): Response {
  const words = deviceWords[locale]
  return documentPage(
    { locale, status: statusOf(notice), title: words.title, headers: headersOf(notice) },
    <>
      <h1>{words.title}</h1>
      {notice && (
        <p class="notice" role="alert">
          {sentenceOf(notice, words)}
        </p>
      )}
      <p class="lead">{words.explanation}</p>
      <form method="post" action="/device">
        <input type="hidden" name="form_token" value={form_token} />
        <label for="user_code">{words.label}</label>
        <input
          id="user_code"
          name="user_code"
          value={user_code}
          autocomplete="off"
          autocapitalize="characters"
          spellcheck={false}
          required
        />
        <button type="submit">{words.next}</button>
      </form>
    </>,
  )
}

export interface DeviceQuestion extends Asked {
  readonly locale: Locale
  readonly form_token: string
  readonly user_code: string
  readonly client: ClientView
  readonly email: string
  readonly signInPath: string
}

/**
 * Asks whether to let a device in.
 *
 * The attack on this page is a code that somebody else has sent: the person approves, and the sender's device is in. So
 * the page shows the code to be compared, says what happens, and remembers no earlier answer (RFC 8628 §5.4).
 */
export function deviceQuestionPage(question: DeviceQuestion): Response {
  const { locale, client } = question
  const words = deviceWords[locale]
  return documentPage(
    { locale, status: 200, title: words.title },
    <>
      <h1>
        {words.question[0]}
        <bdi>{client.name}</bdi>
        {words.question[1]}
      </h1>
      <p class="lead">
        {words.signedInAs[0]}
        <strong>{question.email}</strong>
        {words.signedInAs[1]} <a href={question.signInPath}>{words.useAnother}</a>
      </p>
      <p>{words.codeShown}</p>
      <code class="code">
        <strong>{question.user_code}</strong>
      </code>
      <p class="notice">{words.warning}</p>
      <AskedList asked={question} locale={locale} words={words} />
      <form method="post" action="/device/decision" class="choices">
        <input type="hidden" name="form_token" value={question.form_token} />
        <input type="hidden" name="user_code" value={question.user_code} />
        <button type="submit" name="decision" value="deny" class="plain">
          {words.deny}
        </button>
        <button type="submit" name="decision" value="allow">
          {words.allow}
        </button>
      </form>
      <ClientLinks client={client} locale={locale} />
    </>,
  )
}

export function deviceDecidedPage(decision: 'allow' | 'deny', locale: Locale): Response {
  const words = deviceWords[locale]
  const isAllowed = decision === 'allow'
  const title = isAllowed ? words.allowedTitle : words.deniedTitle
  return documentPage(
    { locale, status: 200, title },
    <>
      <h1>{title}</h1>
      <p>{isAllowed ? words.allowed : words.denied}</p>
    </>,
  )
}

function statusOf(notice: DeviceNotice | undefined): number {
  switch (notice?.reason) {
    case undefined:
      return 200
    case 'form_stale':
      return 403
    case 'user_code_unknown':
      return 404
    case 'attempts_exhausted':
      return 429
  }
}

function headersOf(notice: DeviceNotice | undefined): Readonly<Record<string, string>> {
  return notice?.reason === 'attempts_exhausted' ? { 'retry-after': String(notice.retryAfterSeconds) } : {}
}

function sentenceOf(notice: DeviceNotice, words: DeviceWords): string {
  switch (notice.reason) {
    case 'form_stale':
      return words.stale
    case 'user_code_unknown':
      return words.unknown
    case 'attempts_exhausted':
      return `${words.tooMany[0]}${notice.retryAfterSeconds}${words.tooMany[1]}`
  }
}
