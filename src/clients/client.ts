import type { ClientMetadata } from './metadata.contract.ts'

/** How a client proves who it is (OpenID Connect Core 1.0 §9, RFC 7521 §4.2). */
export type AuthenticationMethod = 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none'

/** A registered client. What it registered keeps its registered names (RFC 7591 §2). */
export interface Client {
  readonly client_id: string
  /** SHA-256 of a secret of 256 random bits; null for a client that cannot keep one. */
  readonly client_secret_digest: string | null
  readonly metadata: ClientMetadata
  /** Ours: people are not asked for consent to it. Registration never sets it. */
  readonly first_party: boolean
  /** Name of the plan that sets its limits; null for the defaults. */
  readonly plan: string | null
  readonly created_at: number
  readonly updated_at: number
}

/** Whether the client proves who it is (RFC 6749 §2.1). */
export function isConfidential(client: Pick<Client, 'metadata'>): boolean {
  return client.metadata.token_endpoint_auth_method !== 'none'
}

/**
 * Whether the client may authenticate by a method: the one that it registered.
 *
 * `client_secret_any` takes its secret by either way that carries one, never none: an operator's curl uses Basic where
 * the integration guide's programs put the same secret into the body.
 */
export function authenticatesBy(client: Pick<Client, 'metadata'>, method: AuthenticationMethod): boolean {
  const registered = client.metadata.token_endpoint_auth_method
  return registered === method || (registered === 'client_secret_any' && method.startsWith('client_secret_'))
}

/**
 * Whether no token may be issued to the client that is not bound to a key.
 *
 * @see RFC 9449 §5.2 (dpop_bound_access_tokens)
 * @see FAPI 2.0 Security Profile §5.3.2.1 (only sender-constrained access tokens)
 */
export function requiresProof({ metadata }: Pick<Client, 'metadata'>): boolean {
  return metadata.dpop_bound_access_tokens || metadata.profile === 'fapi2'
}

/**
 * Whether each code of the client must be bound to a verifier (PKCE).
 *
 * A client that authenticates with a secret of its own may leave it out of an OpenID request, as OpenID Connect Core knows
 * it: the code is then of no use without the secret, and `nonce` ties it to the browser. Whoever can read a native app
 * has its secret, so that counts as none.
 *
 * @see RFC 9700 §2.1.1 (public clients MUST, confidential clients SHOULD)
 * @see FAPI 2.0 Security Profile §5.3.2.2
 */
export function requiresChallenge(client: Pick<Client, 'metadata'>): boolean {
  const { profile, application_type } = client.metadata
  return !isConfidential(client) || profile === 'fapi2' || application_type === 'native'
}

/**
 * Whether each refresh spends the token that it presents.
 *
 * A public client cannot authenticate, so rotation is what reveals a stolen token (RFC 9700 §4.14.2). A confidential
 * client authenticates each time, and FAPI 2.0 §5.3.2.1 advises against rotation there, because a lost answer then
 * costs the person a sign-in.
 */
export function rotatesRefreshTokens(client: Pick<Client, 'metadata'>): boolean {
  return client.metadata.refresh_token_rotation ?? !isConfidential(client)
}
