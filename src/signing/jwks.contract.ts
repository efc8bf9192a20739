import * as z from 'zod'

import { bearerRefusals, defineOperation, none } from '../http/operation.ts'

const JwksSchema = z.object({ keys: z.array(z.record(z.string(), z.unknown())) })

const RotationSchema = z.object({
  keys: z.array(
    z.object({
      kid: z.string(),
      alg: z.enum(['ES256', 'RS256', 'PS256', 'EdDSA']),
      state: z.enum(['next', 'active', 'retired', 'expired']),
      activates_at: z.int().describe('Epoch seconds at which the key signs or began to.'),
    }),
  ),
})

export const readJwks = defineOperation({
  method: 'GET',
  path: '/.well-known/jwks.json',
  room: 'signing',
  summary: 'The public keys that verify our tokens',
  dialect: 'oauth',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'A JWK Set', schema: JwksSchema, media: 'application/jwk-set+json' } },
  refusals: {},
})

export const rotateSigningKeys = defineOperation({
  method: 'POST',
  path: '/v1/signing-keys/rotate',
  room: 'signing',
  summary: 'Let the published next keys take over now, and publish others',
  dialect: 'envelope',
  access: { kind: 'bearer', scope: 'manage' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'Every key after the rotation', schema: RotationSchema } },
  refusals: {
    401: bearerRefusals,
    403: ['scope_insufficient'],
  },
})
