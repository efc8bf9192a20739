import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { pageFormBytesMax } from '../../platform/bounds.ts'
import { passkeyCredentialCharactersMax } from '../../platform/factor-bounds.ts'
import { returnPath } from '../return-path.contract.ts'

export const showPasskeySignIn = defineOperation({
  method: 'GET',
  path: '/sign-in/passkey',
  room: 'people',
  summary: 'Show the page that signs in with a passkey alone',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  query: z.object({ continue: returnPath }),
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'The page, which needs a script.', media: 'text/html' } },
  refusals: { 400: ['request_malformed'] },
})

export const signInByPasskey = defineOperation({
  method: 'POST',
  path: '/sign-in/passkey',
  room: 'people',
  summary: 'Sign in with a passkey',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: z.object({
    form_token: z.string().optional(),
    credential: z.string().max(passkeyCredentialCharactersMax).optional(),
    continue: returnPath,
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    303: { description: 'Signed in; leads on to `continue` with a new session cookie.' },
    403: { description: 'The form was stale or not ours; it is shown anew.', media: 'text/html' },
    422: { description: 'The passkey was not accepted; the page is shown again.', media: 'text/html' },
    429: { description: 'Too many attempts; `Retry-After` says how long to wait.', media: 'text/html' },
  },
  refusals: { 400: ['request_malformed'] },
})
