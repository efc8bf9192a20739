import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { identifierCharactersMax, pageFormBytesMax, parameterCharactersMax } from '../../platform/bounds.ts'

export const showLinkedIdentities = defineOperation({
  method: 'GET',
  path: '/account/providers',
  room: 'people',
  summary: 'Show which other OpenID providers the account is connected to',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'The providers.', media: 'text/html' },
    303: { description: 'Nobody is signed in, or not lately enough; leads to sign-in and back.' },
  },
  refusals: { 400: ['request_malformed'] },
})

const form = { form_token: z.string().optional() }

export const beginLink = defineOperation({
  ...showLinkedIdentities,
  method: 'POST',
  path: '/account/providers/connect',
  summary: 'Go to a provider to connect the identity that one has there',
  body: z.object({ ...form, provider_id: z.string().max(identifierCharactersMax) }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    200: { description: 'A page that leads to the provider.', media: 'text/html' },
    303: { description: 'Nobody is signed in, or not lately enough; leads to sign-in and back.' },
    403: { description: 'The form was stale or not ours; the list is shown anew.', media: 'text/html' },
    404: { description: 'There is no such provider.', media: 'text/html' },
    429: { description: 'Too many from this address.', media: 'text/html' },
    502: { description: 'The provider cannot be reached.', media: 'text/html' },
  },
})

export const confirmLink = defineOperation({
  ...showLinkedIdentities,
  method: 'POST',
  path: '/account/providers/confirm',
  summary: 'Connect the identity that one came back with',
  body: z.object({ ...form, identity: z.string().max(parameterCharactersMax).optional() }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    303: { description: 'Connected, or nobody is signed in.' },
    403: {
      description: 'The form was stale or not ours, or the identity is connected to another account.',
      media: 'text/html',
    },
  },
})

export const endLink = defineOperation({
  ...showLinkedIdentities,
  method: 'POST',
  path: '/account/providers/disconnect',
  summary: 'Disconnect a provider from the account',
  body: z.object({ ...form, provider_id: z.string().max(identifierCharactersMax) }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    303: { description: 'Disconnected; leads to the list, or to sign-in where that was not lately enough.' },
    403: { description: 'The form was stale or not ours; the list is shown anew.', media: 'text/html' },
  },
})
