import type { PublicProvider } from '../../federation/identity-provider.store.ts'
import { documentPage } from '../../http/document.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { beginLink, confirmLink, endLink, showLinkedIdentities } from './linked-identity.contract.ts'
import { linkedIdentityWords } from './linked-identity.words.ts'

export interface LinkedIdentitiesView {
  readonly locale: Locale
  readonly form_token: string
  readonly providers: readonly (PublicProvider & { readonly isConnected: boolean })[]
  /** Whether a form was sent already that could not be taken. */
  readonly isStale: boolean
}

export function linkedIdentitiesPage({
  locale,
  form_token,
  providers,
  isStale,
}: LinkedIdentitiesView): Response {
  const words = linkedIdentityWords[locale]
  return documentPage(
    { locale, status: isStale ? 403 : 200, title: words.title },
    <>
      <h1>{words.title}</h1>
      <p class="lead">{providers.length === 0 ? words.none : words.lead}</p>
      {isStale && (
        <p class="notice" role="alert">
          {words.stale}
        </p>
      )}
      <ul class="entries">
        {providers.map(({ provider_id, display_name, isConnected }) => (
          <li>
            <div>
              {isConnected && <strong class="mark">{words.connected}</strong>}
              <p>
                <bdi>{display_name}</bdi>
              </p>
            </div>
            <form method="post" action={isConnected ? endLink.path : beginLink.path}>
              <input type="hidden" name="form_token" value={form_token} />
              <input type="hidden" name="provider_id" value={provider_id} />
              <button type="submit" class="plain">
                {isConnected ? words.disconnect(display_name) : words.connect(display_name)}
              </button>
            </form>
          </li>
        ))}
      </ul>
      <p class="quiet">
        <a href="/account">{words.back}</a>
      </p>
    </>,
  )
}

/** Leads to a provider. A redirect as the answer to a form would be held against `form-action`, which names only us. */
export function leavingPage(locale: Locale, display_name: string, url: string): Response {
  const words = linkedIdentityWords[locale]
  return documentPage(
    { locale, status: 200, title: words.connect(display_name), headers: { refresh: `0; url=${url}` } },
    <>
      <h1>{words.connect(display_name)}</h1>
      <p>{words.leaving(display_name)}</p>
      <p>
        <a href={url} rel="noreferrer" class="button">
          {words.onward(display_name)}
        </a>
      </p>
    </>,
  )
}

export interface ConfirmationView {
  readonly locale: Locale
  readonly form_token: string
  readonly display_name: string
  /** What the person is called there, as far as the provider says. */
  readonly name: string
  readonly email: string
  /** The identity, sealed: whoever fills in the form cannot put another in its place. */
  readonly identity: string
}

export function confirmationPage(view: ConfirmationView): Response {
  const { locale, display_name, name, email } = view
  const words = linkedIdentityWords[locale]
  return documentPage(
    { locale, status: 200, title: words.confirmTitle(display_name) },
    <>
      <h1>{words.confirmTitle(display_name)}</h1>
      <p class="lead">{words.confirm(display_name, name, email)}</p>
      <form method="post" action={confirmLink.path} class="choices">
        <input type="hidden" name="form_token" value={view.form_token} />
        <input type="hidden" name="identity" value={view.identity} />
        <button type="submit">{words.accept}</button>
      </form>
      <p class="quiet">
        <a href={showLinkedIdentities.path}>{words.decline}</a>
      </p>
    </>,
  )
}
