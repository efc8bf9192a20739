import * as z from 'zod'

import { bearerRefusals, defineOperation, none } from '../http/operation.ts'
import { identifierCharactersMax, nameCharactersMax, oauthBodyBytesMax } from '../platform/bounds.ts'
import { ClientMetadataSchema, RequestedMetadataSchema } from './metadata.contract.ts'

/** The answer of RFC 7591 §3.2.1: the identifier, the secret if there is one, and what was registered. */
export const RegisteredSchema = ClientMetadataSchema.extend({
  client_id: z.string(),
  client_id_issued_at: z.int(),
  client_secret: z.string().optional().describe('Shown this once.'),
  client_secret_expires_at: z.literal(0).optional(),
  registration_access_token: z.string().optional(),
  registration_client_uri: z.string(),
  scope: z.string().optional(),
})

const refusals = {
  400: ['invalid_redirect_uri', 'invalid_client_metadata'],
  401: ['invalid_token'],
  403: ['insufficient_scope'],
  429: ['slow_down'],
} as const

export const registerAtOAuth = defineOperation({
  method: 'POST',
  path: '/oauth/register',
  room: 'clients',
  summary: 'Register a client (RFC 7591)',
  dialect: 'oauth',
  access: { kind: 'bearer', scope: 'manage' },
  params: none,
  query: none,
  body: RequestedMetadataSchema,
  nullIsAbsent: true,
  media: ['json'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: { 201: { description: 'The registered client', schema: RegisteredSchema } },
  refusals,
})

export const registerAtPortal = defineOperation({
  method: 'POST',
  path: '/clients',
  room: 'clients',
  summary: 'Register a client; also with the short names of the developer portal',
  dialect: 'oauth',
  access: { kind: 'bearer', scope: 'manage' },
  params: none,
  query: none,
  body: RequestedMetadataSchema.extend({
    name: RequestedMetadataSchema.shape.client_name.describe('Short for client_name.'),
    scopes: z
      .array(z.string().max(identifierCharactersMax))
      .max(64)
      .optional()
      .describe('Short for scope: the same words in a list.'),
    // The portal's samples name neither, send the secret in the form, and refresh.
    token_endpoint_auth_method: RequestedMetadataSchema.shape.token_endpoint_auth_method.describe(
      'client_secret_post where nothing is said.',
    ),
    grant_types: RequestedMetadataSchema.shape.grant_types
      .unwrap()
      .default(['authorization_code', 'refresh_token']),
  }),
  nullIsAbsent: true,
  media: ['json'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: {
    201: {
      description: 'The registered client',
      schema: RegisteredSchema.extend({ name: z.string().optional() }),
    },
  },
  refusals,
})

const PlanSchema = z.string().min(1).max(nameCharactersMax).nullable()

export const setClientPlan = defineOperation({
  method: 'PUT',
  path: '/v1/clients/{client_id}/plan',
  room: 'clients',
  summary: 'Put a client on a plan, or back on the defaults with null',
  dialect: 'envelope',
  access: { kind: 'bearer', scope: 'manage' },
  params: z.object({ client_id: z.string().min(1).max(identifierCharactersMax) }),
  query: none,
  body: z.object({ plan: PlanSchema }),
  media: ['json'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: {
    200: {
      description: 'The plan of the client',
      schema: z.object({ client_id: z.string(), plan: PlanSchema }),
    },
  },
  refusals: {
    400: ['request_malformed'],
    401: bearerRefusals,
    403: ['scope_insufficient'],
    404: ['not_found'],
    413: ['body_too_large'],
    415: ['media_type_unsupported'],
    422: ['document_invalid'],
  },
})
