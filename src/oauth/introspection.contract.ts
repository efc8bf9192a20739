import * as z from 'zod'

import { defineOperation, none } from '../http/operation.ts'
import { credentialCharactersMax, oauthBodyBytesMax } from '../platform/bounds.ts'
import { clientParameters } from './presented-client.contract.ts'

/** RFC 8693 §4.1. A schema that contains itself cannot stand in the middle of an OpenAPI document. */
const Acting = z.object({
  sub: z.string(),
  act: z.unknown().optional().describe('Whom this actor acts for in turn, in the same form.'),
})

/** RFC 7662 §2.2. Only an access token has a `token_type`; a resource server accepts no token without one. */
const Introspection = z.object({
  active: z.boolean(),
  scope: z.string().exactOptional(),
  client_id: z.string().exactOptional(),
  token_type: z.enum(['Bearer', 'DPoP']).exactOptional(),
  exp: z.int().exactOptional(),
  iat: z.int().exactOptional(),
  sub: z.string().exactOptional(),
  aud: z.union([z.string(), z.array(z.string()).readonly()]).exactOptional(),
  iss: z.string().exactOptional(),
  jti: z.string().exactOptional(),
  nbf: z.int().exactOptional(),
  acr: z.string().exactOptional(),
  auth_time: z.int().exactOptional(),
  cnf: z.object({ jkt: z.string() }).exactOptional(),
  act: Acting.exactOptional(),
})

export type Introspection = Readonly<z.output<typeof Introspection>>

export const introspectToken = defineOperation({
  method: 'POST',
  path: '/oauth/introspect',
  room: 'oauth',
  summary: 'Tell a client whether a token is alive, and what it is for (RFC 7662)',
  dialect: 'oauth',
  access: { kind: 'client' },
  params: none,
  query: none,
  body: z.object({
    token: z.string().max(credentialCharactersMax).exactOptional(),
    token_type_hint: z.string().exactOptional().describe('Ignored: a token says itself of which type it is.'),
    strict: z
      .enum(['true', 'false'])
      .exactOptional()
      .describe(
        'Extension: `true` asks where the truth about grants is kept, which costs more. Otherwise a revocation is seen within 2 seconds.',
      ),
    ...clientParameters,
  }),
  media: ['form'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: {
    200: {
      description:
        'What is known of the token, or `{"active":false}`. Signed, for a request that accepts `application/token-introspection+jwt` (RFC 9701).',
      schema: Introspection,
    },
  },
  refusals: {
    400: ['invalid_request'],
    401: ['invalid_client'],
    429: ['slow_down'],
    503: ['temporarily_unavailable'],
  },
})
