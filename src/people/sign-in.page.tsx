import { documentPage } from '../http/document.page.tsx'
import type { ClientView } from './client-view.ts'

/** What the form says above its fields, and with which status it comes. */
export type SignInNotice =
  | { readonly reason: 'form_stale' }
  | { readonly reason: 'fields_missing' }
  | { readonly reason: 'credentials_wrong' }
  | { readonly reason: 'attempts_exhausted'; readonly retryAfterSeconds: number }

export interface SignInForm {
  readonly form_token: string
  readonly returnPath: string
  readonly email: string
  readonly notice: SignInNotice | undefined
  /** The application that waits for the sign-in, when one does and has been verified. */
  readonly client: ClientView | undefined
  readonly formTargets: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

const NOTICE_ID = 'sign-in-notice'

export function signInPage(form: SignInForm): Response {
  const { notice, client } = form
  return documentPage(
    {
      locale: 'en',
      status: statusOf(notice),
      title: 'Sign in',
      formTargets: form.formTargets,
      headers: form.headers,
    },
    <>
      <h1>Sign in</h1>
      {client && (
        <p class="lead">
          to continue to{' '}
          <strong>
            <bdi>{client.name}</bdi>
          </strong>
        </p>
      )}
      {notice && (
        <p class="notice" id={NOTICE_ID} role="alert">
          {sentenceOf(notice)}
        </p>
      )}
      <SignInFields {...form} />
      {client && <ClientLinks client={client} />}
    </>,
  )
}

function SignInFields({ form_token, returnPath, email, notice }: SignInForm) {
  const fault = isFaultOfFields(notice)
    ? ({ 'aria-invalid': 'true', 'aria-describedby': NOTICE_ID } as const)
    : {}
  return (
    <form method="post" action="/sign-in">
      <input type="hidden" name="form_token" value={form_token} />
      <input type="hidden" name="continue" value={returnPath} />
      <label for="email">E-mail address</label>
      <input
        id="email"
        name="email"
        type="email"
        value={email}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        required
        autofocus={email === ''}
        {...fault}
      />
      <label for="password">Password</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        autofocus={email !== ''}
        {...fault}
      />
      <button type="submit">Sign in</button>
    </form>
  )
}

export function ClientLinks({ client }: { readonly client: ClientView }) {
  const links = [
    { href: client.policy_uri, text: 'Privacy policy' },
    { href: client.tos_uri, text: 'Terms of service' },
  ].filter(({ href }) => href !== undefined)
  if (links.length === 0) return null
  return (
    <p class="quiet">
      <bdi>{client.name}</bdi>:{' '}
      {links.map(({ href, text }, at) => (
        <>
          {at > 0 && ' · '}
          <a href={href} rel="noopener noreferrer">
            {text}
          </a>
        </>
      ))}
    </p>
  )
}

function isFaultOfFields(notice: SignInNotice | undefined): boolean {
  return notice?.reason === 'credentials_wrong' || notice?.reason === 'fields_missing'
}

function statusOf(notice: SignInNotice | undefined): number {
  switch (notice?.reason) {
    case undefined:
      return 200
    case 'form_stale':
      return 403
    case 'fields_missing':
    case 'credentials_wrong':
      return 422
    case 'attempts_exhausted':
      return 429
  }
}

/** One sentence for an unknown address and a wrong password: which of them it was would tell who has an account. */
function sentenceOf(notice: SignInNotice): string {
  switch (notice.reason) {
    case 'form_stale':
      return 'This page was open too long, or your browser does not keep cookies. Please sign in again.'
    case 'fields_missing':
      return 'Enter your e-mail address and your password.'
    case 'credentials_wrong':
      return 'The e-mail address or the password is not right.'
    case 'attempts_exhausted':
      return `Too many attempts. Wait ${inSeconds(notice.retryAfterSeconds)}, then try again.`
  }
}

function inSeconds(seconds: number): string {
  return seconds === 1 ? 'one second' : `${seconds} seconds`
}
