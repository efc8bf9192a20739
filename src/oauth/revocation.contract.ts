import * as z from 'zod'

import { defineOperation, none } from '../http/operation.ts'
import { credentialCharactersMax, oauthBodyBytesMax } from '../platform/bounds.ts'
import { clientParameters } from './presented-client.contract.ts'

export const revokeToken = defineOperation({
  method: 'POST',
  path: '/oauth/revoke',
  room: 'oauth',
  summary: 'End a token of the client itself (RFC 7009)',
  dialect: 'oauth',
  access: { kind: 'client' },
  params: none,
  query: none,
  body: z.object({
    token: z.string().max(credentialCharactersMax).exactOptional(),
    token_type_hint: z.string().exactOptional().describe('Ignored: a token says itself of which type it is.'),
    ...clientParameters,
  }),
  media: ['form'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: { 200: { description: 'The token does not work, whether or not it did before.' } },
  refusals: {
    400: ['invalid_request', 'invalid_grant'],
    401: ['invalid_client'],
    429: ['slow_down'],
    503: ['temporarily_unavailable'],
  },
})
