import type { PasswordFault } from '../../accounts/new-password.ts'
import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { passwordCharactersMax, passwordCharactersMin } from '../../platform/bounds.ts'
import type { Secret } from '../../platform/secret.ts'
import { newPasswordWords } from './new-password.words.ts'

export type NewPasswordNotice = { readonly reason: 'form_stale' } | { readonly reason: PasswordFault }

export interface NewPasswordForm {
  readonly locale: Locale
  readonly title: string
  readonly lead: string
  readonly button: string
  readonly action: string
  readonly form_token: string
  /** Of the link that led here. */
  readonly token: Secret
  readonly email: string
  /** Shown with a field for it where the account is new. */
  readonly name?: string
  readonly notice?: NewPasswordNotice | undefined
  readonly headers: Readonly<Record<string, string>>
}

const NOTICE_ID = 'new-password-notice'
const HINT_ID = 'new-password-hint'

/** Shown by a link in a mail. Nothing happens before the form is sent: scanners of mail follow links too. */
export function newPasswordPage(form: NewPasswordForm): Response {
  const { locale, title, notice, headers } = form
  return documentPage(
    { locale, title, status: statusOf(notice), headers },
    <>
      <h1>{title}</h1>
      <p class="lead">{form.lead}</p>
      {notice && (
        <p class="notice" id={NOTICE_ID} role="alert">
          {sentenceOf(notice, locale)}
        </p>
      )}
      <NewPasswordFields {...form} />
    </>,
  )
}

/** The address is a field that cannot be changed, so that password managers store the password under it. */
function NewPasswordFields({
  locale,
  action,
  form_token,
  token,
  email,
  name,
  button,
  notice,
}: NewPasswordForm) {
  const words = newPasswordWords[locale]
  const isFault = notice !== undefined && notice.reason !== 'form_stale'
  const described = isFault ? `${NOTICE_ID} ${HINT_ID}` : HINT_ID
  return (
    <form method="post" action={action}>
      <input type="hidden" name="form_token" value={form_token} />
      <input type="hidden" name="token" value={token.reveal()} />
      <label for="email">{words.account}</label>
      <input id="email" type="email" value={email} autocomplete="username" readonly />
      {name !== undefined && (
        <>
          <label for="name">{words.name}</label>
          <input id="name" name="name" type="text" value={name} autocomplete="name" />
        </>
      )}
      <label for="password">{words.password}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="new-password"
        minlength={passwordCharactersMin}
        maxlength={passwordCharactersMax}
        required
        autofocus
        aria-describedby={described}
        {...(isFault && { 'aria-invalid': 'true' as const })}
      />
      <p class="quiet" id={HINT_ID}>
        {words.hint}
      </p>
      <button type="submit">{button}</button>
    </form>
  )
}

function statusOf(notice: NewPasswordNotice | undefined): number {
  if (notice === undefined) return 200
  return notice.reason === 'form_stale' ? 403 : 422
}

function sentenceOf(notice: NewPasswordNotice, locale: Locale): string {
  const words = newPasswordWords[locale]
  return notice.reason === 'form_stale' ? words.formStale : words.faults[notice.reason]
}
