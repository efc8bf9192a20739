import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { oauthBodyBytesMax } from '../../platform/bounds.ts'

/**
 * The parameters that an authorization request is read from. Everything else in it is ignored (RFC 6749 §3.1).
 *
 * They are texts here and judged one by one later, because an error that the client is to hear of may be sent
 * to it only after client and redirect URI have been verified.
 */
export const AuthorizeParameters = z.object({
  response_type: z.string().exactOptional(),
  client_id: z.string().exactOptional(),
  redirect_uri: z.string().exactOptional(),
  scope: z.string().exactOptional(),
  state: z.string().exactOptional(),
  response_mode: z.string().exactOptional(),
  code_challenge: z.string().exactOptional(),
  code_challenge_method: z.string().exactOptional(),
  nonce: z.string().exactOptional(),
  prompt: z.string().exactOptional(),
  max_age: z.string().exactOptional(),
  id_token_hint: z.string().exactOptional(),
  login_hint: z.string().exactOptional(),
  ui_locales: z.string().exactOptional(),
  acr_values: z.string().exactOptional(),
  claims: z.string().exactOptional(),
  dpop_jkt: z.string().exactOptional(),
  resource: z.array(z.string()).exactOptional(),
  request: z.string().exactOptional(),
  request_uri: z.string().exactOptional(),
  requested_at: z
    .string()
    .exactOptional()
    .describe(
      'Added by this server when a request comes back from sign-in or consent. Clients leave it out.',
    ),
})

export type AuthorizeParameters = Readonly<z.output<typeof AuthorizeParameters>>

/** RFC 8707 §2: the one parameter of an authorization request that may come more than once. */
export const authorizeRepeatable = ['resource'] as const

export const authorize = defineOperation({
  method: 'GET',
  path: '/oauth/authorize',
  room: 'oauth',
  summary: 'Ask a person to let a client act for them (RFC 6749 §4.1.1, OpenID Connect Core §3.1.2.1)',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: AuthorizeParameters,
  body: none,
  media: [],
  bodyBytesMax: 0,
  repeatable: authorizeRepeatable,
  replies: {
    200: {
      description: 'The response as a form that goes on to the client (`response_mode=form_post`).',
      media: 'text/html',
    },
    303: { description: 'To the client with a code or an error, or to sign-in or consent and back.' },
  },
  refusals: { 400: ['request_malformed'] },
})

export const authorizeByForm = defineOperation({
  ...authorize,
  method: 'POST',
  summary: 'The same with the parameters in a form; leads to the GET, so that cookies arrive with it',
  query: none,
  body: AuthorizeParameters,
  media: ['form'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: { 303: { description: 'To GET /oauth/authorize with the same parameters.' } },
})
