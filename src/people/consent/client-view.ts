import type { Client } from '../../clients/client.ts'

/**
 * What a page shows of a client. All of it is the client's own claim: registration has seen to it that it holds
 * no control characters and that links are https, and nobody has seen to it that it is true.
 */
export interface ClientView {
  readonly name: string
  readonly logo: ClientLogo | undefined
  readonly policy_uri: string | undefined
  readonly tos_uri: string | undefined
}

export interface ClientLogo {
  readonly uri: string
  /** Where it is loaded from, as the policy of the page has to name it. */
  readonly origin: string
}

const ORIGIN = /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?$/

export function viewClient({ client_id, metadata }: Pick<Client, 'client_id' | 'metadata'>): ClientView {
  const { client_name, logo_uri, policy_uri, tos_uri } = metadata
  return { name: client_name ?? client_id, logo: viewLogo(logo_uri), policy_uri, tos_uri }
}

/** What the policy of a page that shows the client has to allow for it. */
export function logoSources(client: ClientView | undefined): readonly string[] {
  return client?.logo === undefined ? [] : [client.logo.origin]
}

/**
 * A logo that the page can allow by its origin, and no other. A host such as `a;sandbox` is a legal URL, and in a policy
 * would write directives of its own.
 *
 * @see CSP Level 3 §2.3.1 (source lists)
 */
function viewLogo(logo_uri: string | undefined): ClientLogo | undefined {
  const origin = URL.parse(logo_uri ?? '')?.origin ?? ''
  return logo_uri !== undefined && ORIGIN.test(origin) ? { uri: logo_uri, origin } : undefined
}
