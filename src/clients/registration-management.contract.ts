import * as z from 'zod'

import { defineOperation, none } from '../http/operation.ts'
import { credentialCharactersMax, identifierCharactersMax, oauthBodyBytesMax } from '../platform/bounds.ts'
import { RequestedMetadataSchema } from './metadata.contract.ts'
import { RegisteredSchema } from './registration.contract.ts'

const identifier = z.string().min(1).max(identifierCharactersMax)

export const readRegistration = defineOperation({
  method: 'GET',
  path: '/oauth/register/{client_id}',
  room: 'clients',
  summary: 'Read a registration, with its registration_access_token or as an operator (RFC 7592)',
  dialect: 'oauth',
  access: { kind: 'bearer' },
  params: z.object({ client_id: identifier }),
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'The registration', schema: RegisteredSchema } },
  refusals: { 400: ['invalid_request'], 401: ['invalid_token'], 403: ['insufficient_scope'] },
})

export const replaceRegistration = defineOperation({
  ...readRegistration,
  method: 'PUT',
  summary: 'Replace a registration as a whole: what is not sent goes back to its default (RFC 7592)',
  body: RequestedMetadataSchema.extend({
    client_id: identifier.describe('The same as in the path.'),
    client_secret: z
      .string()
      .max(credentialCharactersMax)
      .optional()
      .describe('The present secret, if it is sent at all; a client does not choose one.'),
  }),
  nullIsAbsent: true,
  media: ['json'],
  bodyBytesMax: oauthBodyBytesMax,
  refusals: {
    400: ['invalid_redirect_uri', 'invalid_client_metadata'],
    401: ['invalid_token'],
    403: ['insufficient_scope'],
    429: ['slow_down'],
  },
})

export const removeRegistration = defineOperation({
  ...readRegistration,
  method: 'DELETE',
  summary: 'Remove a client, and end its access tokens and the API keys that act for it (RFC 7592)',
  replies: { 204: { description: 'There is no such client any more' } },
})
