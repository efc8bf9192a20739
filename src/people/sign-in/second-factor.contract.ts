import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { identifierCharactersMax, pageFormBytesMax } from '../../platform/bounds.ts'
import { passkeyCredentialCharactersMax } from '../../platform/factor-bounds.ts'
import { returnPath } from '../return-path.contract.ts'

export const showSecondFactor = defineOperation({
  method: 'GET',
  path: '/sign-in/second-factor',
  room: 'people',
  summary: 'Ask for the second factor of a sign-in that has begun',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  query: z.object({ continue: returnPath }),
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'The form.', media: 'text/html' },
    303: { description: 'No sign-in waits in this browser; leads to where one begins.' },
  },
  refusals: { 400: ['request_malformed'] },
})

/** A code of an authenticator app, a recovery code, or what a passkey has answered. */
export const enterSecondFactor = defineOperation({
  method: 'POST',
  path: '/sign-in/second-factor',
  room: 'people',
  summary: 'Complete a sign-in with a second factor',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: z.object({
    form_token: z.string().optional(),
    code: z.string().max(identifierCharactersMax).optional(),
    credential: z.string().max(passkeyCredentialCharactersMax).optional(),
    continue: returnPath,
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    303: { description: 'Signed in; leads on to `continue`. Or there is no sign-in to complete any more.' },
    403: { description: 'The form was stale or not ours; it is shown anew.', media: 'text/html' },
    422: { description: 'The factor is missing or wrong; the form is shown again.', media: 'text/html' },
    429: { description: 'Too many attempts; `Retry-After` says how long to wait.', media: 'text/html' },
  },
  refusals: { 400: ['request_malformed'] },
})
