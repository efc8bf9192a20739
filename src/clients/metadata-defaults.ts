import type { RequestedMetadata } from './metadata.contract.ts'

/**
 * Everything that a person can tell a client about themselves, each time by their consent. The OpenID Foundation's plans
 * register their clients without a scope and then ask for each of these.
 */
const DEFAULT_SCOPE = 'openid profile email address phone offline_access'

/** Grants by which a person lets a client act; a client that has none of them has no use for a person's scopes. */
const GRANTS_OF_PEOPLE: ReadonlySet<string> = new Set([
  'authorization_code',
  'urn:ietf:params:oauth:grant-type:device_code',
])

/**
 * Fills in what was not asked for (RFC 7591 §2, OpenID Connect Registration 1.0 §2).
 *
 * The profile `fapi2` has defaults of its own, those that it demands. What is asked for against them is left as it is, to
 * be refused: a client that says it does not push its requests would be broken by a server that knows better.
 */
export function withDefaults(requested: RequestedMetadata) {
  const grant_types = requested.grant_types ?? ['authorization_code']
  const isStrict = requested.profile === 'fapi2'
  const alg = isStrict ? 'ES256' : 'RS256'
  return {
    ...requested,
    redirect_uris: requested.redirect_uris ?? [],
    grant_types,
    response_types: requested.response_types ?? (grant_types.includes('authorization_code') ? ['code'] : []),
    token_endpoint_auth_method:
      requested.token_endpoint_auth_method ?? (isStrict ? 'private_key_jwt' : 'client_secret_basic'),
    scope: requested.scope ?? (grant_types.some((type) => GRANTS_OF_PEOPLE.has(type)) ? DEFAULT_SCOPE : ''),
    post_logout_redirect_uris: requested.post_logout_redirect_uris ?? [],
    id_token_signed_response_alg: requested.id_token_signed_response_alg ?? alg,
    introspection_signed_response_alg: requested.introspection_signed_response_alg ?? alg,
    require_pushed_authorization_requests: requested.require_pushed_authorization_requests ?? isStrict,
    dpop_bound_access_tokens: requested.dpop_bound_access_tokens ?? isStrict,
    ...(isStrict && { refresh_token_rotation: requested.refresh_token_rotation ?? false }),
  }
}
