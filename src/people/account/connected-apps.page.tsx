import { documentPage } from '../../http/document.page.tsx'
import { Instant } from '../../http/instant.page.tsx'
import type { Locale } from '../../http/locale.ts'
import { disconnectApp } from './connected-apps.contract.ts'
import { connectedAppsWords } from './connected-apps.words.ts'
import { scopeInWords } from '../consent/scope-words.ts'

export interface ConnectedApp {
  readonly client_id: string
  readonly name: string
  readonly scope: readonly string[]
  readonly resource: readonly string[]
  /** Epoch seconds. */
  readonly connected_at: number
}

export interface ConnectedAppsView {
  readonly locale: Locale
  readonly form_token: string
  readonly apps: readonly ConnectedApp[]
  /** Whether a form was sent already that could not be taken. */
  readonly isStale: boolean
}

export function connectedAppsPage(view: ConnectedAppsView): Response {
  const { locale, apps, isStale } = view
  const words = connectedAppsWords[locale]
  return documentPage(
    { locale, status: isStale ? 403 : 200, title: words.title },
    <>
      <h1>{words.title}</h1>
      <p class="lead">{apps.length === 0 ? words.none : words.lead}</p>
      {isStale && (
        <p class="notice" role="alert">
          {words.stale}
        </p>
      )}
      {apps.map((app) => (
        <Entry app={app} view={view} />
      ))}
      <p class="quiet">
        <a href="/account">{words.back}</a>
      </p>
    </>,
  )
}

function Entry({ app, view }: { readonly app: ConnectedApp; readonly view: ConnectedAppsView }) {
  const { locale, form_token } = view
  const words = connectedAppsWords[locale]
  return (
    <section class="entry">
      <h2>
        <bdi>{app.name}</bdi>
      </h2>
      <p class="quiet">
        {words.since} <Instant at={app.connected_at} locale={locale} />
      </p>
      <ul class="scopes">
        {app.scope.map((scope) => (
          <li>{scopeInWords(scope, locale)}</li>
        ))}
      </ul>
      {app.resource.length > 0 && (
        <p class="quiet">
          {words.at} <bdi>{app.resource.join(', ')}</bdi>
        </p>
      )}
      <form method="post" action={disconnectApp.path}>
        <input type="hidden" name="form_token" value={form_token} />
        <input type="hidden" name="client_id" value={app.client_id} />
        <button type="submit" class="plain">
          {words.disconnect}
          <span class="unseen">
            {': '}
            <bdi>{app.name}</bdi>
          </span>
        </button>
      </form>
    </section>
  )
}
