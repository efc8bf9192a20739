import * as z from 'zod'

import { none, defineOperation } from '../../http/operation.ts'
import { emailCharactersMax, pageFormBytesMax, passwordCharactersMax } from '../../platform/bounds.ts'
import { returnPath } from '../return-path.contract.ts'

export const showSignIn = defineOperation({
  method: 'GET',
  path: '/sign-in',
  room: 'people',
  summary: 'Show the sign-in form',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  query: z.object({ continue: returnPath }),
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'The form.', media: 'text/html' } },
  refusals: { 400: ['request_malformed'] },
})

/** Fields may be absent: whoever leaves one empty is told so on the form, not by a refusal. */
export const signIn = defineOperation({
  method: 'POST',
  path: '/sign-in',
  room: 'people',
  summary: 'Sign in with e-mail address and password',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: z.object({
    form_token: z.string().optional(),
    email: z.string().max(emailCharactersMax).optional(),
    password: z.string().max(passwordCharactersMax).optional(),
    continue: returnPath,
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    303: {
      description:
        'Signed in; leads on to `continue` with a new session cookie, or to the second factor that the account asks for.',
    },
    403: { description: 'The form was stale or not ours; it is shown anew.', media: 'text/html' },
    422: {
      description: 'The credentials are incomplete or wrong; the form is shown again.',
      media: 'text/html',
    },
    429: { description: 'Too many attempts; `Retry-After` says how long to wait.', media: 'text/html' },
  },
  refusals: { 400: ['request_malformed'] },
})
