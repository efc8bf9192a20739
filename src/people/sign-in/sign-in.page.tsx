import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { ClientLinks } from '../consent/client-links.page.tsx'
import { ClientLogo } from '../consent/client-logo.page.tsx'
import { logoSources, type ClientView } from '../consent/client-view.ts'
import { passkeySignInPath, providerLoginPath } from '../return-path.ts'
import { signInWords, type SignInWords } from './sign-in.words.ts'

/** What the form says above its fields, and with which status it comes. */
export type SignInNotice =
  | { readonly reason: 'form_stale' }
  | { readonly reason: 'fields_missing' }
  | { readonly reason: 'credentials_wrong' }
  | { readonly reason: 'attempts_exhausted'; readonly retryAfterSeconds: number }

export interface SignInForm {
  readonly locale: Locale
  readonly form_token: string
  readonly returnPath: string
  readonly email: string
  readonly notice: SignInNotice | undefined
  /** The application that waits for the sign-in, when one does and has been verified. */
  readonly client: ClientView | undefined
  /** Pages that help on somebody who cannot sign in, as far as this deployment has them. */
  readonly doors: { readonly signUp: string | undefined; readonly resetPassword: string | undefined }
  /** Other OpenID providers to sign in through. */
  readonly providers: readonly { readonly provider_id: string; readonly display_name: string }[]
  readonly formTargets: readonly string[]
  readonly headers: Readonly<Record<string, string>>
}

const NOTICE_ID = 'sign-in-notice'

export function signInPage(form: SignInForm): Response {
  const { locale, notice, client } = form
  const words = signInWords[locale]
  return documentPage(
    {
      locale,
      status: statusOf(notice),
      title: words.title,
      formTargets: form.formTargets,
      imageSources: logoSources(client),
      headers: form.headers,
    },
    <>
      {client && <ClientLogo client={client} locale={locale} />}
      <h1>{words.title}</h1>
      {client && (
        <p class="lead">
          {words.continueTo}{' '}
          <strong>
            <bdi>{client.name}</bdi>
          </strong>
        </p>
      )}
      {notice && (
        <p class="notice" id={NOTICE_ID} role="alert">
          {sentenceOf(notice, words)}
        </p>
      )}
      <SignInFields {...form} />
      <OtherWays {...form} />
      <Doors {...form} />
      {client && <ClientLinks client={client} locale={locale} />}
    </>,
  )
}

function SignInFields({ locale, form_token, returnPath, email, notice }: SignInForm) {
  const words = signInWords[locale]
  const fault = isFaultOfFields(notice)
    ? ({ 'aria-invalid': 'true', 'aria-describedby': NOTICE_ID } as const)
    : {}
  return (
    <form method="post" action="/sign-in">
      <input type="hidden" name="form_token" value={form_token} />
      <input type="hidden" name="continue" value={returnPath} />
      <label for="email">{words.email}</label>
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
      <label for="password">{words.password}</label>
      <input
        id="password"
        name="password"
        type="password"
        autocomplete="current-password"
        required
        autofocus={email !== ''}
        {...fault}
      />
      <button type="submit">{words.button}</button>
    </form>
  )
}

/** Links, not forms: what a form leads to is held against `form-action`, and a provider's address is not ours to know. */
function OtherWays({
  locale,
  returnPath,
  providers,
}: Pick<SignInForm, 'locale' | 'returnPath' | 'providers'>) {
  const words = signInWords[locale]
  return (
    <ul class="links">
      <li>
        <a href={passkeySignInPath(returnPath)}>{words.usePasskey}</a>
      </li>
      {providers.map(({ provider_id, display_name }) => (
        <li>
          <a href={providerLoginPath(provider_id, returnPath)}>{words.useProvider(display_name)}</a>
        </li>
      ))}
    </ul>
  )
}

function Doors({ locale, doors }: Pick<SignInForm, 'locale' | 'doors'>) {
  const words = signInWords[locale]
  const links = [
    { href: doors.resetPassword, text: words.forgotten },
    { href: doors.signUp, text: words.signUp },
  ].filter(({ href }) => href !== undefined)
  if (links.length === 0) return null
  return (
    <p class="quiet">
      {links.map(({ href, text }, at) => (
        <>
          {at > 0 && ' · '}
          <a href={href}>{text}</a>
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

function sentenceOf(notice: SignInNotice, words: SignInWords): string {
  switch (notice.reason) {
    case 'form_stale':
      return words.formStale
    case 'fields_missing':
      return words.fieldsMissing
    case 'credentials_wrong':
      return words.credentialsWrong
    case 'attempts_exhausted':
      return words.attemptsExhausted(notice.retryAfterSeconds)
  }
}
