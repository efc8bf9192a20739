import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { identifierCharactersMax, parameterCharactersMax } from '../../platform/bounds.ts'
import { returnPath } from '../return-path.contract.ts'

export const beginProviderLogin = defineOperation({
  method: 'GET',
  path: '/sign-in/provider/{provider_id}',
  room: 'people',
  summary: 'Go to another OpenID provider to sign in there',
  dialect: 'page',
  access: { kind: 'public' },
  params: z.object({ provider_id: z.string().max(identifierCharactersMax) }),
  query: z.object({ continue: returnPath }),
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    303: { description: 'To the provider, which sends the person back.' },
    404: { description: 'There is no such provider.', media: 'text/html' },
    429: {
      description: 'Too many from this address; `Retry-After` says how long to wait.',
      media: 'text/html',
    },
    502: { description: 'The provider cannot be reached, or is not one.', media: 'text/html' },
  },
  refusals: { 400: ['request_malformed'] },
})

const parameter = z.string().max(parameterCharactersMax).exactOptional()

/** Where providers send people back to; operators register this address there. */
export const finishProviderLogin = defineOperation({
  method: 'GET',
  path: '/sign-in/callback',
  room: 'people',
  summary: 'Come back from another OpenID provider',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  query: z.object({
    state: parameter,
    code: parameter,
    iss: parameter,
    error: parameter,
    error_description: parameter,
  }),
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'Asks whether to connect the identity to the account.', media: 'text/html' },
    303: { description: 'Signed in, or on the way to the second factor.' },
    403: {
      description: 'Nobody is signed in: the person declined, has no account here, or it is not connected.',
      media: 'text/html',
    },
    502: { description: 'The provider answered something that cannot be believed.', media: 'text/html' },
  },
  refusals: { 400: ['request_malformed'] },
})
