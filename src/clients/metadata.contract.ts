import * as z from 'zod'

import {
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

const webPage = z.url({ protocol: /^https$/, error: 'must be an https URL' }).max(redirectUriCharactersMax)

const uris = z.array(z.string().min(1).max(redirectUriCharactersMax)).max(redirectUrisMax)

/** RFC 6749 §3.3: words of printable characters without quote and backslash, one space between them. */
const scope = z
  .string()
  .max(scopeCharactersMax)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/, 'must be scope words with single spaces')

/** Metadata as a client sends it (RFC 7591 §2). Members that are not known here are dropped, as §2 allows. */
export const RequestedMetadataSchema = z.object({
  redirect_uris: uris.optional(),
  grant_types: z
    .array(z.enum(['authorization_code', 'refresh_token', 'client_credentials']))
    .max(8)
    .optional(),
  response_types: z.array(z.literal('code')).max(8).optional(),
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'client_secret_post', 'none'])
    .default('client_secret_basic'),
  client_name: DisplayName.optional(),
  scope: scope.optional(),
  id_token_signed_response_alg: z.enum(['RS256', 'ES256']).default('RS256'),
  application_type: z.enum(['web', 'native']).default('web'),
  client_uri: webPage.optional(),
  logo_uri: webPage.optional(),
  policy_uri: webPage.optional(),
  tos_uri: webPage.optional(),
  contacts: z.array(z.string().max(nameCharactersMax)).max(8).optional(),
  post_logout_redirect_uris: uris.optional(),
  refresh_token_rotation: z
    .boolean()
    .optional()
    .describe('Extension: overrides whether refresh tokens rotate.'),
})

export type RequestedMetadata = z.output<typeof RequestedMetadataSchema>

/** Metadata as it is registered: what has a default is there. */
export const ClientMetadataSchema = RequestedMetadataSchema.extend({
  redirect_uris: uris,
  grant_types: RequestedMetadataSchema.shape.grant_types.unwrap(),
  response_types: RequestedMetadataSchema.shape.response_types.unwrap(),
  scope: z.union([z.literal(''), scope]),
  post_logout_redirect_uris: uris,
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'client_secret_post', 'client_secret_any', 'none'])
    .describe('`client_secret_any` is for clients that an operator makes by hand; nobody can register it.'),
})

export type ClientMetadata = Readonly<z.output<typeof ClientMetadataSchema>>
