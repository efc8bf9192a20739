import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { signOutWords } from './sign-out.words.ts'

export interface SignOutForm {
  readonly locale: Locale
  readonly form_token: string
  readonly email: string
  /** Whether a form was sent already that could not be taken. */
  readonly isStale: boolean
}

/** Asks first, since the page may have been reached by a link of somebody else's making. */
export function signOutPage(form: SignOutForm): Response {
  const { locale } = form
  const words = signOutWords[locale]
  return documentPage(
    { locale, status: form.isStale ? 403 : 200, title: words.title },
    <>
      <h1>{words.question}</h1>
      {form.isStale && (
        <p class="notice" role="alert">
          {words.stale}
        </p>
      )}
      <p>
        {words.signedInAs[0]}
        <strong>{form.email}</strong>
        {words.signedInAs[1]}
      </p>
      <SignOutButton form_token={form.form_token} locale={locale} />
    </>,
  )
}

export function signedOutPage(locale: Locale): Response {
  const words = signOutWords[locale]
  return documentPage(
    { locale, status: 200, title: words.doneTitle },
    <>
      <h1>{words.done}</h1>
      <p>{words.nobody}</p>
      <p>
        <a href="/sign-in">{words.signIn}</a>
      </p>
    </>,
  )
}

interface SignOutButtonProps extends Pick<SignOutForm, 'form_token' | 'locale'> {
  /** Whether the page is about something else. */
  readonly isAside?: boolean
}

export function SignOutButton({ form_token, locale, isAside = false }: SignOutButtonProps) {
  return (
    <form method="post" action="/sign-out">
      <input type="hidden" name="form_token" value={form_token} />
      <button type="submit" {...(isAside && { class: 'plain' })}>
        {signOutWords[locale].button}
      </button>
    </form>
  )
}
