import { documentPage } from '../http/document.page.tsx'

export interface SignOutForm {
  readonly form_token: string
  readonly email: string
  /** Whether a form was sent already that could not be taken. */
  readonly isStale: boolean
}

/** Asks first, since the page may have been reached by a link of somebody else's making. */
export function signOutPage(form: SignOutForm): Response {
  return documentPage(
    { locale: 'en', status: form.isStale ? 403 : 200, title: 'Sign out' },
    <>
      <h1>Sign out?</h1>
      {form.isStale && (
        <p class="notice" role="alert">
          This page was open too long. You are still signed in.
        </p>
      )}
      <p>
        You are signed in as <strong>{form.email}</strong>. Applications that you allowed keep their access
        until you sign out of them too.
      </p>
      <SignOutButton form_token={form.form_token} />
    </>,
  )
}

export function signedOutPage(): Response {
  return documentPage(
    { locale: 'en', status: 200, title: 'Signed out' },
    <>
      <h1>You are signed out</h1>
      <p>Nobody is signed in here in this browser.</p>
      <p>
        <a href="/sign-in">Sign in</a>
      </p>
    </>,
  )
}

export function SignOutButton({ form_token }: Pick<SignOutForm, 'form_token'>) {
  return (
    <form method="post" action="/sign-out">
      <input type="hidden" name="form_token" value={form_token} />
      <button type="submit">Sign out</button>
    </form>
  )
}
