import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { pageFormBytesMax } from '../../platform/bounds.ts'

export const showSignOut = defineOperation({
  method: 'GET',
  path: '/sign-out',
  room: 'people',
  summary: 'Ask whether to sign out, or say that nobody is signed in',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  query: none,
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'The question, or the news.', media: 'text/html' } },
  refusals: { 400: ['request_malformed'] },
})

export const signOut = defineOperation({
  method: 'POST',
  path: '/sign-out',
  room: 'people',
  summary: 'End the session of this browser',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: none,
  body: z.object({ form_token: z.string().optional() }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    303: { description: 'Nobody is signed in any more; leads to the page that says so.' },
    403: { description: 'The form was stale or not ours; the question is asked again.', media: 'text/html' },
  },
  refusals: { 400: ['request_malformed'] },
})
