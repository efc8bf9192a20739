import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import type { Secret } from '../../platform/secret.ts'
import { verifyEmailWords } from './verify-email.words.ts'

export interface VerifyEmailForm {
  readonly locale: Locale
  readonly form_token: string
  readonly token: Secret
  readonly email: string
  readonly isStale: boolean
  readonly headers: Readonly<Record<string, string>>
}

/** Asks, because scanners of mail follow links: a person presses the button. */
export function verifyEmailPage(form: VerifyEmailForm): Response {
  const { locale, form_token, token, email, isStale, headers } = form
  const words = verifyEmailWords[locale]
  return documentPage(
    { locale, title: words.title, status: isStale ? 403 : 200, headers },
    <>
      <h1>{words.title}</h1>
      {isStale && (
        <p class="notice" role="alert">
          {words.stale}
        </p>
      )}
      <p class="lead">{words.question(email)}</p>
      <form method="post" action="/verify-email">
        <input type="hidden" name="form_token" value={form_token} />
        <input type="hidden" name="token" value={token.reveal()} />
        <button type="submit">{words.button}</button>
      </form>
    </>,
  )
}

export interface SendVerificationView {
  readonly locale: Locale
  readonly form_token: string
  readonly notice: 'form_stale' | 'attempts_exhausted'
  readonly headers: Readonly<Record<string, string>>
}

/** Shown in place of the account page when no mail was sent: why, and the button once more where that helps. */
export function verificationUnsentPage({
  locale,
  form_token,
  notice,
  headers,
}: SendVerificationView): Response {
  const words = verifyEmailWords[locale]
  const isStale = notice === 'form_stale'
  return documentPage(
    { locale, title: words.title, status: isStale ? 403 : 429, headers },
    <>
      <h1>{words.title}</h1>
      <p class="notice" role="alert">
        {isStale ? words.sendStale : words.limited}
      </p>
      {isStale && <VerifyEmailButton locale={locale} form_token={form_token} />}
      <p class="quiet">
        <a href="/account">{words.back}</a>
      </p>
    </>,
  )
}

/** For the account page of somebody whose address is not confirmed. Its token is for `sendVerificationUse`. */
export function VerifyEmailButton({
  locale,
  form_token,
}: Pick<SendVerificationView, 'locale' | 'form_token'>) {
  return (
    <form method="post" action="/account/verify-email">
      <input type="hidden" name="form_token" value={form_token} />
      <button type="submit" class="plain">
        {verifyEmailWords[locale].send}
      </button>
    </form>
  )
}
