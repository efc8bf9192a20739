import { sha256 } from '../platform/digest.ts'
import { randomId, randomSecret, type Random } from '../platform/random.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { Secret } from '../platform/secret.ts'
import { isConfidential, type Client } from './client.ts'
import { ClientMetadataSchema, type ClientMetadata, type RequestedMetadata } from './metadata.contract.ts'
import { redirectUriFault } from './redirect-uri.ts'

/** What anyone may register for: scopes that a person must grant first. Never those that rule over others. */
const ANONYMOUS_SCOPES = new Set([
  'openid',
  'profile',
  'email',
  'address',
  'phone',
  'offline_access',
  'read',
  'write',
  'read:profile',
  'read:users',
])

const DEFAULT_SCOPE = 'openid profile email'

export interface RegistrationPolicy {
  /** The registrant has not shown a token with the scope `manage`. */
  readonly isAnonymous: boolean
  readonly loopbackIsAllowed: boolean
}

export type RegistrationFailure =
  | { readonly reason: 'redirect_uri_invalid'; readonly message: string }
  | { readonly reason: 'metadata_invalid'; readonly message: string }

export interface NewClient {
  readonly client: Client
  /** Shown once; undefined for a public client. */
  readonly client_secret: Secret | undefined
}

/**
 * Checks what was asked for against itself and against who asks, and fills in the defaults (RFC 7591 §2).
 *
 * It ends with the schema that stored metadata is read by, so that nothing is written that could not be read.
 */
export function toClientMetadata(
  requested: RequestedMetadata,
  policy: RegistrationPolicy,
): Result<ClientMetadata, RegistrationFailure> {
  const grant_types = requested.grant_types ?? ['authorization_code']
  const parsed = ClientMetadataSchema.safeParse({
    ...requested,
    redirect_uris: requested.redirect_uris ?? [],
    grant_types,
    response_types: requested.response_types ?? (grant_types.includes('authorization_code') ? ['code'] : []),
    scope: requested.scope ?? DEFAULT_SCOPE,
    post_logout_redirect_uris: requested.post_logout_redirect_uris ?? [],
  })
  if (!parsed.success) {
    const message = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    return fail({ reason: 'metadata_invalid', message })
  }
  const metadata = parsed.data
  const uriFault = faultInUris(metadata, policy)
  if (uriFault !== undefined) return fail({ reason: 'redirect_uri_invalid', message: uriFault })
  const fault = faultInMetadata(metadata) ?? (policy.isAnonymous ? faultInAnonymous(metadata) : undefined)
  return fault === undefined ? ok(metadata) : fail({ reason: 'metadata_invalid', message: fault })
}

/** Gives a client its identifier and, when it can keep one, its secret. */
export function registerClient(metadata: ClientMetadata, random: Random, now: number): NewClient {
  const secret = isConfidential({ metadata }) ? randomSecret(random) : undefined
  const client = {
    client_id: randomId(random),
    client_secret_digest: secret === undefined ? null : sha256(secret),
    metadata,
    first_party: false,
    plan: null,
    created_at: now,
    updated_at: now,
  }
  return { client, client_secret: secret === undefined ? undefined : new Secret(secret) }
}

function faultInUris(metadata: ClientMetadata, policy: RegistrationPolicy): string | undefined {
  const { application_type, redirect_uris, post_logout_redirect_uris } = metadata
  const uriPolicy = { application_type, loopbackIsAllowed: policy.loopbackIsAllowed }
  for (const uri of [...redirect_uris, ...post_logout_redirect_uris]) {
    const fault = redirectUriFault(uri, uriPolicy)
    if (fault !== undefined) return `the URI ${uri.slice(0, 200)} ${fault}`
  }
  const needsUri = metadata.grant_types.includes('authorization_code') && redirect_uris.length === 0
  return needsUri ? 'the grant type authorization_code needs at least one of redirect_uris' : undefined
}

/** Grant and response types have to agree (RFC 7591 §2.1), and a client without a secret cannot act for itself. */
function faultInMetadata(metadata: ClientMetadata): string | undefined {
  const { grant_types, response_types } = metadata
  const usesCode = grant_types.includes('authorization_code')
  if (usesCode !== response_types.includes('code')) {
    return 'grant_types and response_types disagree: authorization_code and code go together'
  }
  if (grant_types.includes('refresh_token') && !usesCode) {
    return 'the grant type refresh_token needs authorization_code, which refresh tokens come from'
  }
  if (grant_types.includes('client_credentials') && !isConfidential({ metadata })) {
    return 'the grant type client_credentials needs a token_endpoint_auth_method other than none'
  }
  // Without a secret rotation is the only thing that shows a stolen refresh token (RFC 9700 §2.2.2).
  if (metadata.refresh_token_rotation === false && !isConfidential({ metadata })) {
    return 'refresh tokens of a client without a secret rotate; refresh_token_rotation cannot be false'
  }
  return undefined
}

/** Nobody vouches for an anonymous client, so it gets nothing without a person who consents. */
function faultInAnonymous(metadata: ClientMetadata): string | undefined {
  const refused = metadata.scope.split(' ').find((word) => word !== '' && !ANONYMOUS_SCOPES.has(word))
  if (refused !== undefined) return `the scope ${refused} can be registered by an operator only`
  if (metadata.grant_types.includes('client_credentials')) {
    return 'the grant type client_credentials can be registered by an operator only'
  }
  return undefined
}
