import * as z from 'zod'

import { DisplayName } from '../clients/metadata.contract.ts'
import { bearerRefusals, defineOperation, none } from '../http/operation.ts'
import {
  credentialCharactersMax,
  identifierCharactersMax,
  oauthBodyBytesMax,
  scopeCharactersMax,
  urlCharactersMax,
} from '../platform/bounds.ts'

const provider_id = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and hyphens')

const Provider = z.object({
  provider_id: z.string(),
  issuer: z.string(),
  client_id: z.string(),
  display_name: z.string(),
  scope: z.string(),
  makes_accounts: z.boolean(),
  created_at: z.int(),
  updated_at: z.int(),
})

const ProviderDocument = z.strictObject({
  issuer: z
    .url('must be the issuer of an OpenID provider')
    .max(urlCharactersMax)
    .describe('Exactly as its discovery document has it; of Entra ID, that of one tenant.'),
  client_id: z.string().min(1).max(identifierCharactersMax),
  client_secret: z
    .string()
    .min(1)
    .max(credentialCharactersMax)
    .describe('Stored sealed, and never shown again.'),
  display_name: DisplayName.describe('What the button on the sign-in page says.'),
  scope: z
    .string()
    .max(scopeCharactersMax)
    .regex(/(^| )openid( |$)/, 'must contain openid')
    .default('openid email profile'),
  makes_accounts: z
    .boolean()
    .default(false)
    .describe(
      'Whether somebody without an account gets one, if the provider has verified their e-mail address.',
    ),
})

export type ProviderDocument = Readonly<z.output<typeof ProviderDocument>>

const access = { kind: 'bearer', scope: 'manage' } as const

const refusals = {
  400: ['request_malformed'],
  401: bearerRefusals,
  403: ['scope_insufficient'],
} as const

export const putIdentityProvider = defineOperation({
  method: 'PUT',
  path: '/v1/identity-providers/{provider_id}',
  room: 'federation',
  summary: 'Let people sign in through another OpenID provider',
  dialect: 'envelope',
  access,
  params: z.object({ provider_id }),
  query: none,
  body: ProviderDocument,
  media: ['json'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: { 200: { description: 'The provider, without its secret.', schema: Provider } },
  refusals: {
    ...refusals,
    409: ['version_conflict'],
    413: ['body_too_large'],
    415: ['media_type_unsupported'],
    422: ['document_invalid'],
  },
})

export const listIdentityProviders = defineOperation({
  method: 'GET',
  path: '/v1/identity-providers',
  room: 'federation',
  summary: 'List the OpenID providers that people may sign in through',
  dialect: 'envelope',
  access,
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'All of them, without secrets.', schema: z.object({ items: z.array(Provider) }) },
  },
  refusals,
})

export const removeIdentityProvider = defineOperation({
  method: 'DELETE',
  path: '/v1/identity-providers/{provider_id}',
  room: 'federation',
  summary: 'Let nobody sign in through a provider any more; accounts stay',
  dialect: 'envelope',
  access,
  params: z.object({ provider_id }),
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 204: { description: 'It is gone.' } },
  refusals: { ...refusals, 404: ['not_found'] },
})
