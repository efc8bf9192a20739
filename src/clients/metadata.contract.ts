import * as z from 'zod'

import {
  identifierCharactersMax,
  nameCharactersMax,
  redirectUriCharactersMax,
  redirectUrisMax,
  scopeCharactersMax,
} from '../platform/bounds.ts'

/** Control, formatting and line characters could make a name read as another one on the consent page; blanks, as none. */
export const DisplayName = z
  .string()
  .max(nameCharactersMax)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'must not contain control, formatting or line characters')
  .regex(/[^\p{Z}\u115f\u1160\u2800\u3164\uffa0]/u, 'must contain something that can be seen')

const httpsUrl = z.url({ protocol: /^https$/, error: 'must be an https URL' }).max(redirectUriCharactersMax)

/** A URL that this server or a browser goes to; registration looks at its scheme and host. */
const webUrl = z.url({ protocol: /^https?$/, error: 'must be an https URL' }).max(redirectUriCharactersMax)

const uris = z.array(z.string().min(1).max(redirectUriCharactersMax)).max(redirectUrisMax)

/** RFC 6749 §3.3: words of printable characters without quote and backslash, one space between them. */
const scope = z
  .string()
  .max(scopeCharactersMax)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be scope words with single spaces')

/** Algorithms that clients sign with and that we do: all asymmetric, none with SHA-1, never `none`. */
export const signatureAlgs = ['RS256', 'ES256', 'PS256', 'EdDSA'] as const

const signatureAlg = z.enum(signatureAlgs)

export const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'urn:ietf:params:oauth:grant-type:device_code',
  'urn:ietf:params:oauth:grant-type:token-exchange',
] as const

const ALG_DEFAULT = 'RS256 where nothing is said; ES256 with the profile fapi2.'

/** Public keys of a client (RFC 7591 §2); what they may be used for is judged when they are. */
const Jwks = z.object({ keys: z.array(z.record(z.string(), z.unknown())).min(1).max(16) })

/** Metadata as a client sends it (RFC 7591 §2). Members that are not known here are dropped, as §2 allows. */
export const RequestedMetadataSchema = z.object({
  redirect_uris: uris.optional(),
  grant_types: z.array(z.enum(grantTypes)).max(8).optional(),
  response_types: z.array(z.literal('code')).max(8).optional(),
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'])
    .optional()
    .describe('client_secret_basic where nothing is said; private_key_jwt with the profile fapi2.'),
  token_endpoint_auth_signing_alg: signatureAlg.optional(),
  client_name: DisplayName.optional(),
  scope: scope.optional(),
  jwks: Jwks.optional(),
  jwks_uri: webUrl.optional(),
  id_token_signed_response_alg: signatureAlg.optional().describe(ALG_DEFAULT),
  userinfo_signed_response_alg: signatureAlg.optional(),
  authorization_signed_response_alg: signatureAlg.optional(),
  introspection_signed_response_alg: signatureAlg.optional().describe(ALG_DEFAULT),
  request_object_signing_alg: signatureAlg.optional(),
  request_uris: uris.optional(),
  require_signed_request_object: z.boolean().default(false),
  require_pushed_authorization_requests: z.boolean().optional(),
  dpop_bound_access_tokens: z.boolean().optional(),
  subject_type: z.enum(['public', 'pairwise']).default('public'),
  sector_identifier_uri: webUrl.optional(),
  default_max_age: z.int().min(0).optional(),
  require_auth_time: z.boolean().default(false),
  default_acr_values: z.array(z.string().max(identifierCharactersMax)).max(8).optional(),
  application_type: z.enum(['web', 'native']).default('web'),
  client_uri: httpsUrl.optional(),
  logo_uri: httpsUrl.optional(),
  policy_uri: httpsUrl.optional(),
  tos_uri: httpsUrl.optional(),
  initiate_login_uri: webUrl.optional(),
  contacts: z.array(z.string().max(nameCharactersMax)).max(8).optional(),
  post_logout_redirect_uris: uris.optional(),
  backchannel_logout_uri: webUrl.optional(),
  backchannel_logout_session_required: z.boolean().default(false),
  frontchannel_logout_uri: webUrl.optional(),
  frontchannel_logout_session_required: z.boolean().default(false),
  software_id: z.string().max(nameCharactersMax).optional(),
  software_version: z.string().max(nameCharactersMax).optional(),
  refresh_token_rotation: z
    .boolean()
    .optional()
    .describe('Extension: overrides whether refresh tokens rotate.'),
  profile: z
    .enum(['oidc', 'fapi2'])
    .default('oidc')
    .describe(
      'Extension: `fapi2` holds the client to the FAPI 2.0 Security Profile: pushed requests, bound tokens, key assertions.',
    ),
})

export type RequestedMetadata = z.output<typeof RequestedMetadataSchema>

/** Metadata as it is registered: what has a default is there. */
export const ClientMetadataSchema = RequestedMetadataSchema.extend({
  redirect_uris: uris,
  grant_types: RequestedMetadataSchema.shape.grant_types.unwrap(),
  response_types: RequestedMetadataSchema.shape.response_types.unwrap(),
  scope: z.union([z.literal(''), scope]),
  post_logout_redirect_uris: uris,
  id_token_signed_response_alg: signatureAlg.default('RS256'),
  introspection_signed_response_alg: signatureAlg.default('RS256'),
  require_pushed_authorization_requests: z.boolean().default(false),
  dpop_bound_access_tokens: z.boolean().default(false),
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'client_secret_post', 'client_secret_any', 'private_key_jwt', 'none'])
    .describe('`client_secret_any` is for clients that an operator makes by hand; nobody can register it.'),
})

export type ClientMetadata = Readonly<z.output<typeof ClientMetadataSchema>>
