import { sha256 } from '../platform/digest.ts'
import { randomId, randomSecret, type Random } from '../platform/random.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { Secret } from '../platform/secret.ts'
import type { Client } from './client.ts'
import { withDefaults } from './metadata-defaults.ts'
import { faultInMetadata } from './metadata-rules.ts'
import { faultInUrls } from './metadata-urls.ts'
import { ClientMetadataSchema, type ClientMetadata, type RequestedMetadata } from './metadata.contract.ts'
import { redirectUriFault } from './redirect-uri.ts'
import { sectorOf } from './subject.ts'

/** What anyone may register for: scopes that a person must grant first. Never those that rule over others. */
const ANONYMOUS_SCOPES: ReadonlySet<string> = new Set([
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

/** Grants without a person who consents, or that pass on what one has consented to. */
const OPERATOR_GRANTS: ReadonlySet<string> = new Set([
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:token-exchange',
])

const DEVICE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code'

export interface RegistrationPolicy {
  /** The registrant has not shown a token with the scope `manage`. */
  readonly isAnonymous: boolean
  /** What an operator has let the client have before. It may keep that when it changes its own registration. */
  readonly vouched?: ClientMetadata
  readonly loopbackIsAllowed: boolean
}

export type RegistrationFailure =
  | { readonly reason: 'redirect_uri_invalid'; readonly message: string }
  | { readonly reason: 'metadata_invalid'; readonly message: string }

export interface NewClient {
  readonly client: Client
  /** Shown once; undefined for a client that proves itself otherwise, or not at all. */
  readonly client_secret: Secret | undefined
  /** What the client changes its registration with. Its digest is stored. */
  readonly registration_access_token: Secret
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
  const parsed = ClientMetadataSchema.safeParse(withDefaults(requested))
  if (!parsed.success) {
    const message = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
    return fail({ reason: 'metadata_invalid', message })
  }
  const metadata = parsed.data
  const uriFault = faultInRedirects(metadata, policy)
  if (uriFault !== undefined) return fail({ reason: 'redirect_uri_invalid', message: uriFault })
  const fault =
    faultInMetadata(metadata) ??
    faultInUrls(metadata, policy.loopbackIsAllowed) ??
    (policy.isAnonymous ? faultInAnonymous(metadata, policy.vouched) : undefined)
  return fault === undefined ? ok(metadata) : fail({ reason: 'metadata_invalid', message: fault })
}

/** Gives a client its identifier, what it manages its registration with and, when it uses one, its secret. */
export function registerClient(metadata: ClientMetadata, random: Random, now: number): NewClient {
  const secret = usesSecret(metadata) ? newSecret(random) : undefined
  const client = {
    client_id: randomId(random),
    client_secret_digest: secret?.digest ?? null,
    metadata,
    first_party: false,
    plan: null,
    created_at: now,
    updated_at: now,
  }
  const registration_access_token = new Secret(randomSecret(random))
  return { client, client_secret: secret?.text, registration_access_token }
}

export interface ReplacedClient {
  readonly client: Client
  /** Shown once; undefined where the old one goes on or there is none. */
  readonly client_secret: Secret | undefined
}

/**
 * Puts new metadata in the place of old (RFC 7592 §2.2). A secret goes on while one is used, is made when one is used
 * for the first time, and ends with its use: a secret that is left behind would be a way back in.
 */
export function replaceMetadata(
  client: Client,
  metadata: ClientMetadata,
  random: Random,
  now: number,
): ReplacedClient {
  const replaced = { ...client, metadata, updated_at: now }
  if (!usesSecret(metadata))
    return { client: { ...replaced, client_secret_digest: null }, client_secret: undefined }
  if (usesSecret(client.metadata) && client.client_secret_digest !== null) {
    return { client: replaced, client_secret: undefined }
  }
  const { digest, text } = newSecret(random)
  return { client: { ...replaced, client_secret_digest: digest }, client_secret: text }
}

function usesSecret({ token_endpoint_auth_method }: ClientMetadata): boolean {
  return token_endpoint_auth_method.startsWith('client_secret_')
}

function newSecret(random: Random) {
  const secret = randomSecret(random)
  return { digest: sha256(secret), text: new Secret(secret) }
}

function faultInRedirects(metadata: ClientMetadata, policy: RegistrationPolicy): string | undefined {
  const { application_type, redirect_uris, post_logout_redirect_uris } = metadata
  const uriPolicy = { application_type, loopbackIsAllowed: policy.loopbackIsAllowed }
  for (const uri of [...redirect_uris, ...post_logout_redirect_uris]) {
    const fault = redirectUriFault(uri, uriPolicy)
    if (fault !== undefined) return `the URI ${uri.slice(0, 200)} ${fault}`
  }
  const needsUri = metadata.grant_types.includes('authorization_code') && redirect_uris.length === 0
  return needsUri ? 'the grant type authorization_code needs at least one of redirect_uris' : undefined
}

/** Nobody vouches for an anonymous client, so it gets nothing without a person who consents. */
function faultInAnonymous(
  metadata: ClientMetadata,
  vouched: RegistrationPolicy['vouched'],
): string | undefined {
  const { scope, grant_types } = metadata
  const vouchedScope = vouched?.scope.split(' ') ?? []
  const refused = scope
    .split(' ')
    .find((word) => word !== '' && !ANONYMOUS_SCOPES.has(word) && !vouchedScope.includes(word))
  if (refused !== undefined) return `the scope ${refused} can be registered by an operator only`
  const grant = grant_types.find(
    (type) => OPERATOR_GRANTS.has(type) && vouched?.grant_types.includes(type) !== true,
  )
  if (grant !== undefined) return `the grant type ${grant} can be registered by an operator only`
  return namesPeopleWithoutRedirect(metadata) && !isOfSameSector(metadata, vouched)
    ? 'subject_type pairwise beside the device grant can be registered by an operator only'
    : undefined
}

/**
 * Whether a client is told a sector's names of people without having to receive anything there. A redirect URI proves
 * nothing as long as no code is sent to it: anybody can write down that of somebody else.
 */
function namesPeopleWithoutRedirect({ subject_type, grant_types }: ClientMetadata): boolean {
  return subject_type === 'pairwise' && grant_types.includes(DEVICE_GRANT)
}

function isOfSameSector(metadata: ClientMetadata, vouched: RegistrationPolicy['vouched']): boolean {
  if (vouched === undefined || !namesPeopleWithoutRedirect(vouched)) return false
  return sectorOf(vouched) === sectorOf(metadata)
}
