import { isConfidential } from './client.ts'
import type { ClientMetadata } from './metadata.contract.ts'

/** One rule that metadata must keep: says what is wrong in a sentence, or undefined. */
type Rule = (metadata: ClientMetadata) => string | undefined

/** Says what is wrong between the members of metadata, or undefined when they agree. */
export function faultInMetadata(metadata: ClientMetadata): string | undefined {
  for (const rule of RULES) {
    const fault = rule(metadata)
    if (fault !== undefined) return fault
  }
  return metadata.profile === 'fapi2' ? faultInStrictMetadata(metadata) : undefined
}

const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

/** Members of a JWK that are not for others to see (RFC 7518 §6.2.2, §6.3.2, §6.4). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

/** Grant and response types have to agree (RFC 7591 §2.1), and a client that proves nothing cannot act for itself. */
const RULES: readonly Rule[] = [
  ({ grant_types, response_types }) =>
    grant_types.includes('authorization_code') === response_types.includes('code')
      ? undefined
      : 'grant_types and response_types disagree: authorization_code and code go together',
  ({ grant_types }) =>
    grant_types.includes('refresh_token') &&
    !grant_types.includes('authorization_code') &&
    !grant_types.includes(DEVICE)
      ? 'the grant type refresh_token needs authorization_code or the device grant, which refresh tokens come from'
      : undefined,
  (metadata) => {
    const ofClients = metadata.grant_types.find((type) => type === 'client_credentials' || type === EXCHANGE)
    return ofClients !== undefined && !isConfidential({ metadata })
      ? `the grant type ${ofClients} needs a token_endpoint_auth_method other than none`
      : undefined
  },
  // Without proof of the client, rotation is the only thing that shows a stolen refresh token (RFC 9700 §2.2.2).
  (metadata) =>
    metadata.refresh_token_rotation === false && !isConfidential({ metadata })
      ? 'refresh tokens of a client that does not authenticate rotate; refresh_token_rotation cannot be false'
      : undefined,
  ({ jwks, jwks_uri }) =>
    jwks !== undefined && jwks_uri !== undefined ? 'jwks and jwks_uri exclude each other' : undefined,
  ({ jwks }) =>
    jwks?.keys.some((key) => PRIVATE_MEMBERS.some((member) => member in key)) === true
      ? 'jwks must hold public keys only; the private ones that were sent are known to others now'
      : undefined,
  (metadata) =>
    metadata.token_endpoint_auth_method === 'private_key_jwt' && !hasKeys(metadata)
      ? 'private_key_jwt needs jwks or jwks_uri'
      : undefined,
  (metadata) =>
    metadata.require_signed_request_object && !hasKeys(metadata)
      ? 'require_signed_request_object needs jwks or jwks_uri'
      : undefined,
]

function hasKeys({ jwks, jwks_uri }: ClientMetadata): boolean {
  return jwks !== undefined || jwks_uri !== undefined
}

/**
 * What the FAPI 2.0 Security Profile asks of a client: pushed requests (§5.3.2.2), tokens bound to a key (§5.3.2.1),
 * assertions in place of secrets (§5.3.2.1), no RSASSA-PKCS1-v1_5 (§5.4.1), redirects over TLS alone (§5.3.2.2), and no
 * rotation of refresh tokens (§5.3.2.1).
 */
function faultInStrictMetadata(metadata: ClientMetadata): string | undefined {
  if (metadata.token_endpoint_auth_method !== 'private_key_jwt') {
    return 'the profile fapi2 needs token_endpoint_auth_method private_key_jwt'
  }
  if (!metadata.require_pushed_authorization_requests) {
    return 'the profile fapi2 needs require_pushed_authorization_requests'
  }
  if (!metadata.dpop_bound_access_tokens) return 'the profile fapi2 needs dpop_bound_access_tokens'
  if (metadata.refresh_token_rotation === true) return 'the profile fapi2 has no refresh_token_rotation'
  const weak = Object.entries(metadata).find(([name, value]) => name.endsWith('_alg') && value === 'RS256')
  if (weak !== undefined) return `the profile fapi2 takes PS256, ES256 and EdDSA, and ${weak[0]} is RS256`
  const open = metadata.redirect_uris.find((uri) => !uri.startsWith('https://'))
  return open === undefined ? undefined : 'the profile fapi2 needs https in every one of redirect_uris'
}
