import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { oauthBodyBytesMax, scopeCharactersMax, urlCharactersMax } from '../../platform/bounds.ts'
import { clientParameters } from '../presented-client.contract.ts'

/** RFC 8628 §3.2. */
const DeviceAnswer = z.object({
  device_code: z.string(),
  user_code: z.string(),
  verification_uri: z.string(),
  verification_uri_complete: z.string(),
  expires_in: z.int(),
  interval: z.int(),
})

export type DeviceAnswer = Readonly<z.output<typeof DeviceAnswer>>

export const authorizeDevice = defineOperation({
  method: 'POST',
  path: '/oauth/device_authorization',
  room: 'oauth',
  summary: 'Get a code that a person types on another device to let this one in (RFC 8628)',
  dialect: 'oauth',
  access: { kind: 'client' },
  params: none,
  query: none,
  body: z.object({
    ...clientParameters,
    scope: z.string().max(scopeCharactersMax).exactOptional(),
    resource: z.array(z.string().max(urlCharactersMax)).readonly().exactOptional(),
  }),
  media: ['form'],
  repeatable: ['resource'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: { 200: { description: 'The codes, and how often to ask.', schema: DeviceAnswer } },
  refusals: {
    400: [
      'invalid_request',
      'unauthorized_client',
      'invalid_scope',
      'invalid_target',
      'invalid_dpop_proof',
      'use_dpop_nonce',
    ],
    401: ['invalid_client'],
    429: ['slow_down'],
    503: ['temporarily_unavailable'],
  },
})
