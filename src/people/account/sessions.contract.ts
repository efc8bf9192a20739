import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { identifierCharactersMax, pageFormBytesMax } from '../../platform/bounds.ts'

export const showSessions = defineOperation({
  method: 'GET',
  path: '/account/sessions',
  room: 'people',
  summary: 'Show where the account is signed in',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'The sessions of this account.', media: 'text/html' },
    303: { description: 'Nobody is signed in; leads to sign-in and back.' },
  },
  refusals: { 400: ['request_malformed'] },
})

export const endOneSession = defineOperation({
  ...showSessions,
  method: 'POST',
  path: '/account/sessions/end',
  summary: 'End one session of the account',
  body: z.object({
    form_token: z.string().optional(),
    sid: z.string().max(identifierCharactersMax),
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    303: { description: 'It is over, or never was one of this account; leads to the list.' },
    403: { description: 'The form was stale or not ours; the list is shown anew.', media: 'text/html' },
  },
})

export const endOtherSessions = defineOperation({
  ...endOneSession,
  path: '/account/sessions/end-others',
  summary: 'End every session of the account but the one of this browser',
  body: z.object({ form_token: z.string().optional() }),
  replies: {
    303: { description: 'They are over; leads to the list.' },
    403: { description: 'The form was stale or not ours; the list is shown anew.', media: 'text/html' },
  },
})
