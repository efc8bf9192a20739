import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { pageFormBytesMax } from '../../platform/bounds.ts'
import { linkToken } from './link-token.contract.ts'

const page = {
  room: 'people',
  dialect: 'page',
  params: none,
  refusals: { 400: ['request_malformed'] },
} as const

const linkUnusable = { description: 'The link is not ours, too old or used.', media: 'text/html' } as const

export const sendVerification = defineOperation({
  ...page,
  method: 'POST',
  path: '/account/verify-email',
  summary: 'Have a link sent that confirms the address of the account',
  access: { kind: 'session' },
  query: none,
  body: z.object({ form_token: z.string().optional() }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    200: { description: 'A mail is on its way.', media: 'text/html' },
    303: { description: 'Nobody is signed in, or the address is confirmed already.' },
    403: { description: 'The form was stale or not ours; a new one is shown.', media: 'text/html' },
    429: { description: 'Too many mails; `Retry-After` says how long to wait.', media: 'text/html' },
    503: { description: 'This deployment cannot send e-mail, or cannot count it.', media: 'text/html' },
  },
})

export const showVerification = defineOperation({
  ...page,
  method: 'GET',
  path: '/verify-email',
  summary: 'Show what the link in the mail leads to: a button that confirms the address',
  access: { kind: 'public' },
  query: z.object({ token: linkToken }),
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: { 200: { description: 'The button.', media: 'text/html' }, 404: linkUnusable },
})

export const verifyEmail = defineOperation({
  ...page,
  method: 'POST',
  path: '/verify-email',
  summary: 'Confirm the address',
  access: { kind: 'public' },
  query: none,
  body: z.object({ form_token: z.string().optional(), token: linkToken }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    200: { description: 'The address is confirmed.', media: 'text/html' },
    403: { description: 'The form was stale or not ours; it is shown anew.', media: 'text/html' },
    404: linkUnusable,
  },
})
