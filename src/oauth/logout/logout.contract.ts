import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { oauthBodyBytesMax } from '../../platform/bounds.ts'

/** The parameters of a logout request; texts that are judged one by one (RP-Initiated Logout 1.0 §2). */
export const LogoutParameters = z.object({
  id_token_hint: z.string().exactOptional(),
  logout_hint: z.string().exactOptional(),
  client_id: z.string().exactOptional(),
  post_logout_redirect_uri: z.string().exactOptional(),
  state: z.string().exactOptional(),
  ui_locales: z.string().exactOptional(),
})

export type LogoutParameters = Readonly<z.output<typeof LogoutParameters>>

export const endSession = defineOperation({
  method: 'GET',
  path: '/oauth/logout',
  room: 'oauth',
  summary: 'Sign a person out at the request of a client (OpenID Connect RP-Initiated Logout 1.0)',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: LogoutParameters,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: {
      description: 'Signed out; other clients of the session are told through frames of this page.',
      media: 'text/html',
    },
    303: {
      description:
        'Signed out, to the client or to the page that says so; or to the page that asks whether to.',
    },
  },
  refusals: { 400: ['request_malformed'] },
})

export const endSessionByForm = defineOperation({
  ...endSession,
  method: 'POST',
  summary: 'The same with the parameters in a form; leads to the GET, so that cookies arrive with it',
  query: none,
  body: LogoutParameters,
  media: ['form'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: { 303: { description: 'To GET /oauth/logout with the same parameters.' } },
})
