import * as z from 'zod'

import { DisplayName } from '../clients/metadata.contract.ts'
import { bearerRefusals, defineOperation, none } from '../http/operation.ts'
import {
  identifierCharactersMax,
  managementBodyBytesMax,
  nameCharactersMax,
  pageItemsMax,
  scopeCharactersMax,
} from '../platform/bounds.ts'

const Environment = z.enum(['live', 'test'])

const ApiKey = z.object({
  key_id: z.string().describe('Names the key; the part after the environment in the key itself.'),
  environment: Environment,
  name: z.string(),
  client_id: z.string(),
  scope: z.string(),
  plan: z.string().nullable(),
  created_at: z.int(),
  expires_at: z.int().nullable(),
  revoked_at: z.int().nullable(),
})

/** An API key as it may be shown: without its secret, and without the digest of it. */
export type ApiKey = Readonly<z.output<typeof ApiKey>>

const ApiKeyRequest = z.strictObject({
  name: DisplayName.describe('What the key is for, in words.'),
  client_id: z.string().min(1).max(identifierCharactersMax).describe('The client that acts with the key.'),
  scope: z
    .string()
    .max(scopeCharactersMax)
    .describe('Scopes of the key, separated by spaces; each must be one of the client’s.'),
  plan: z
    .string()
    .min(1)
    .max(nameCharactersMax)
    .nullable()
    .default(null)
    .describe('The plan that limits the key; that of the client when absent.'),
  expires_at: z.int().positive().nullable().default(null).describe('Epoch seconds; never when absent.'),
  environment: Environment.default('live').describe('A label in the key, for people and leak scanners.'),
})

export type ApiKeyRequest = Readonly<z.output<typeof ApiKeyRequest>>

const CURSOR = /^(\d{1,12})\.([a-z2-7]{16})$/

/** The last key of a page: the next page begins behind it. */
export interface ApiKeyCursor {
  readonly created_at: number
  readonly key_id: string
}

const Cursor = z
  .string()
  .regex(CURSOR, 'must be the next_cursor of the page before')
  .transform((text): ApiKeyCursor => {
    const [, created_at = '', key_id = ''] = CURSOR.exec(text) ?? []
    return { created_at: Number(created_at), key_id }
  })

const PageSize = z
  .string()
  .refine((text) => /^[1-9]\d{0,3}$/.test(text) && Number(text) <= pageItemsMax, {
    message: `must be a whole number from 1 to ${pageItemsMax}`,
  })
  .transform(Number)
  .default(pageItemsMax)

const BEARER = { kind: 'bearer', scope: 'manage' } as const
const BEARER_REFUSALS = {
  401: bearerRefusals,
  403: ['scope_insufficient'],
} as const

export const createApiKey = defineOperation({
  method: 'POST',
  path: '/v1/api-keys',
  room: 'apikeys',
  summary: 'Create an API key; the key itself is shown in this answer and never again',
  dialect: 'envelope',
  access: BEARER,
  params: none,
  query: none,
  body: ApiKeyRequest,
  media: ['json'],
  bodyBytesMax: managementBodyBytesMax,
  replies: {
    201: { description: 'The key, once.', schema: ApiKey.extend({ key: z.string() }) },
  },
  refusals: {
    400: ['request_malformed'],
    ...BEARER_REFUSALS,
    413: ['body_too_large'],
    415: ['media_type_unsupported'],
    422: ['document_invalid'],
  },
})

export const listApiKeys = defineOperation({
  method: 'GET',
  path: '/v1/api-keys',
  room: 'apikeys',
  summary: 'List API keys, newest first',
  dialect: 'envelope',
  access: BEARER,
  params: none,
  query: z.object({ limit: PageSize, cursor: Cursor.optional() }),
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: {
      description: 'A page of keys, and where the next one begins.',
      schema: z.object({ api_keys: z.array(ApiKey), next_cursor: z.string().nullable() }),
    },
  },
  refusals: { 400: ['request_malformed'], ...BEARER_REFUSALS },
})

export const revokeApiKey = defineOperation({
  method: 'DELETE',
  path: '/v1/api-keys/{key_id}',
  room: 'apikeys',
  summary: 'Revoke an API key and the tokens that were obtained with it; everywhere within 2 seconds',
  dialect: 'envelope',
  access: BEARER,
  params: z.object({ key_id: z.string().max(identifierCharactersMax) }),
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 204: { description: 'Revoked, now or before.' } },
  refusals: { 400: ['request_malformed'], ...BEARER_REFUSALS, 404: ['not_found'] },
})
