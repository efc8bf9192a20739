import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { identifierCharactersMax, pageFormBytesMax } from '../../platform/bounds.ts'

export const showConnectedApps = defineOperation({
  method: 'GET',
  path: '/account/apps',
  room: 'people',
  summary: 'Show which applications may use the account',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'The applications, and what each may do.', media: 'text/html' },
    303: { description: 'Nobody is signed in; leads to sign-in and back.' },
  },
  refusals: { 400: ['request_malformed'] },
})

export const disconnectApp = defineOperation({
  ...showConnectedApps,
  method: 'POST',
  path: '/account/apps/disconnect',
  summary: 'Take back everything that an application was given',
  body: z.object({
    form_token: z.string().optional(),
    client_id: z.string().max(identifierCharactersMax),
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    303: { description: 'Its access is over, and it is forgotten that it was allowed; leads to the list.' },
    403: { description: 'The form was stale or not ours; the list is shown anew.', media: 'text/html' },
  },
})
