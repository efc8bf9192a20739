import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { oauthBodyBytesMax } from '../../platform/bounds.ts'
import { AuthorizeParameters, authorizeRepeatable } from '../authorize/authorize.contract.ts'
import { clientParameters } from '../presented-client.contract.ts'

/** RFC 9126 §2.2. */
const PushedAnswer = z.object({ request_uri: z.string(), expires_in: z.int() })

export type PushedAnswer = Readonly<z.output<typeof PushedAnswer>>

export const pushAuthorizationRequest = defineOperation({
  method: 'POST',
  path: '/oauth/par',
  room: 'oauth',
  summary: 'Leave an authorization request here before a browser brings it (RFC 9126)',
  dialect: 'oauth',
  access: { kind: 'client' },
  params: none,
  query: none,
  body: z.object({ ...AuthorizeParameters.shape, ...clientParameters }),
  media: ['form'],
  repeatable: authorizeRepeatable,
  bodyBytesMax: oauthBodyBytesMax,
  replies: { 201: { description: 'The name of the request, for one use.', schema: PushedAnswer } },
  refusals: {
    400: [
      'invalid_request',
      'unauthorized_client',
      'invalid_scope',
      'invalid_target',
      'invalid_request_object',
      'unsupported_response_type',
      'invalid_dpop_proof',
      'use_dpop_nonce',
    ],
    401: ['invalid_client'],
    413: ['invalid_request'],
    429: ['slow_down'],
    503: ['temporarily_unavailable'],
  },
})
