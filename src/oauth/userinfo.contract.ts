import * as z from 'zod'

import { StandardClaimsSchema } from '../accounts/standard-claims.contract.ts'
import { defineOperation, none } from '../http/operation.ts'
import { credentialCharactersMax, oauthBodyBytesMax } from '../platform/bounds.ts'

/** OpenID Connect Core §5.3.2: which of them there are depends on what was asked for and on the person. */
const Userinfo = z.object({
  sub: z.string(),
  ...StandardClaimsSchema.unwrap().shape,
  email: z.string().exactOptional(),
  email_verified: z.boolean().exactOptional(),
  updated_at: z.int().exactOptional(),
})

export const readUserinfo = defineOperation({
  method: 'GET',
  path: '/oauth/userinfo',
  room: 'oauth',
  summary: 'Claims about the person behind an access token (OpenID Connect Core §5.3)',
  dialect: 'oauth',
  access: { kind: 'bearer', scope: 'openid' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: {
      description:
        'The claims that were granted; as a signed JWT (`application/jwt`) for a client that registered `userinfo_signed_response_alg`.',
      schema: Userinfo,
    },
  },
  refusals: {
    400: ['invalid_request'],
    401: ['invalid_token', 'invalid_dpop_proof', 'use_dpop_nonce'],
    403: ['insufficient_scope'],
    503: ['temporarily_unavailable'],
  },
})

export const readUserinfoByForm = defineOperation({
  ...readUserinfo,
  method: 'POST',
  summary: 'The same, with the token in the header or in the form body (RFC 6750 §2.2)',
  body: z.object({ access_token: z.string().max(credentialCharactersMax).exactOptional() }),
  media: ['form'],
  bodyIsOptional: true,
  bodyBytesMax: oauthBodyBytesMax,
})
