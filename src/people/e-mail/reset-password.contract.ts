import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { emailCharactersMax, pageFormBytesMax, passwordCharactersMax } from '../../platform/bounds.ts'
import { linkToken } from './link-token.contract.ts'

const page = {
  room: 'people',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  refusals: { 400: ['request_malformed'] },
} as const

const noBody = { body: none, media: [], bodyBytesMax: 0 } as const
const aForm = { media: ['form'], bodyBytesMax: pageFormBytesMax } as const

const linkUnusable = { description: 'The link is not ours, too old or used.', media: 'text/html' } as const

export const showResetPassword = defineOperation({
  ...page,
  ...noBody,
  method: 'GET',
  path: '/reset-password',
  summary: 'Show the form for a forgotten password',
  query: none,
  replies: {
    200: { description: 'The form.', media: 'text/html' },
    503: { description: 'This deployment cannot send e-mail.', media: 'text/html' },
  },
})

export const requestReset = defineOperation({
  ...page,
  ...aForm,
  method: 'POST',
  path: '/reset-password',
  summary: 'Have a link sent that sets a new password',
  query: none,
  body: z.object({
    form_token: z.string().optional(),
    email: z.string().max(emailCharactersMax).optional(),
  }),
  replies: {
    200: {
      description: 'A mail is on its way if an account has the address; the page does not say whether.',
      media: 'text/html',
    },
    403: { description: 'The form was stale or not ours; it is shown anew.', media: 'text/html' },
    422: { description: 'This is not an e-mail address; the form is shown again.', media: 'text/html' },
    429: { description: 'Too many mails; `Retry-After` says how long to wait.', media: 'text/html' },
    503: { description: 'This deployment cannot send e-mail, or cannot count it.', media: 'text/html' },
  },
})

export const showNewPassword = defineOperation({
  ...page,
  ...noBody,
  method: 'GET',
  path: '/reset-password/confirm',
  summary: 'Show what the link in the mail leads to: a form for the new password',
  query: z.object({ token: linkToken }),
  replies: { 200: { description: 'The form.', media: 'text/html' }, 404: linkUnusable },
})

export const setNewPassword = defineOperation({
  ...page,
  ...aForm,
  method: 'POST',
  path: '/reset-password/confirm',
  summary: 'Set the new password and end every session of the account; nobody is signed in by it',
  query: none,
  body: z.object({
    form_token: z.string().optional(),
    token: linkToken,
    password: z.string().max(passwordCharactersMax).optional(),
  }),
  replies: {
    200: { description: 'The password was changed; the page leads to sign-in.', media: 'text/html' },
    403: { description: 'The form was stale or not ours; it is shown anew.', media: 'text/html' },
    404: linkUnusable,
    422: { description: 'The password is not taken; the form is shown again.', media: 'text/html' },
  },
})
