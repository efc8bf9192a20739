import { documentPage } from '../http/document.page.tsx'
import type { ClientView } from './client-view.ts'
import { scopeInWords } from './scope-words.ts'
import { ClientLinks } from './sign-in.page.tsx'

export interface ConsentForm {
  /** Path and query that the form is sent to: the request that is being decided. */
  readonly action: string
  readonly form_token: string
  readonly client: ClientView
  readonly scopes: readonly string[]
  readonly email: string
  /** Where the answer will be taken, as far as a person can make sense of it. */
  readonly destination: string
  readonly signInPath: string
  readonly formTargets: readonly string[]
  readonly isStale: boolean
}

/**
 * Asks whether a client may have what it asks for.
 *
 * The name is the client's own claim, so the page also says where the answer goes: somebody else's application
 * can call itself anything, but cannot receive anything elsewhere than at its registered address.
 */
export function consentPage(form: ConsentForm): Response {
  const { client, scopes } = form
  return documentPage(
    { locale: 'en', status: form.isStale ? 403 : 200, title: 'Allow access', formTargets: form.formTargets },
    <>
      <h1>
        Allow <bdi>{client.name}</bdi> to use your account?
      </h1>
      {form.isStale && (
        <p class="notice" role="alert">
          This page was open too long, and nothing was allowed. Please decide again.
        </p>
      )}
      <p class="lead">
        You are signed in as <strong>{form.email}</strong>. <a href={form.signInPath}>Use another account</a>
      </p>
      <p>It asks to:</p>
      <ul class="scopes">
        {scopes.map((scope) => (
          <li>{scopeInWords(scope)}</li>
        ))}
      </ul>
      <form method="post" action={form.action} class="choices">
        <input type="hidden" name="form_token" value={form.form_token} />
        <button type="submit" name="decision" value="deny" class="plain">
          Deny
        </button>
        <button type="submit" name="decision" value="allow">
          Allow
        </button>
      </form>
      <p class="quiet">
        Either way you go on to <bdi>{form.destination}</bdi>.
      </p>
      <ClientLinks client={client} />
    </>,
  )
}
