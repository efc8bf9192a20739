import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import {
  emailCharactersMax,
  nameCharactersMax,
  pageFormBytesMax,
  passwordCharactersMax,
} from '../../platform/bounds.ts'
import { linkToken } from './link-token.contract.ts'
import { returnPath } from '../return-path.contract.ts'

const page = {
  room: 'people',
  dialect: 'page',
  access: { kind: 'public' },
  params: none,
  refusals: { 400: ['request_malformed'] },
} as const

const noBody = { body: none, media: [], bodyBytesMax: 0 } as const
const aForm = { media: ['form'], bodyBytesMax: pageFormBytesMax } as const

const closed = { description: 'Nobody can sign up here.', media: 'text/html' } as const
const linkUnusable = {
  description: 'The link is not ours, too old or used, or nobody can sign up here.',
  media: 'text/html',
} as const

export const showSignUp = defineOperation({
  ...page,
  ...noBody,
  method: 'GET',
  path: '/sign-up',
  summary: 'Show the form to sign up with',
  query: z.object({ continue: returnPath }),
  replies: {
    200: { description: 'The form.', media: 'text/html' },
    404: closed,
    503: { description: 'This deployment cannot send e-mail.', media: 'text/html' },
  },
})

/** The address may be absent: whoever leaves it empty is told so on the form, not by a refusal. */
export const signUp = defineOperation({
  ...page,
  ...aForm,
  method: 'POST',
  path: '/sign-up',
  summary: 'Have a link sent that makes an account',
  query: none,
  body: z.object({
    form_token: z.string().optional(),
    email: z.string().max(emailCharactersMax).optional(),
    continue: returnPath,
  }),
  replies: {
    200: {
      description: 'A mail is on its way, whether or not an account has the address.',
      media: 'text/html',
    },
    403: { description: 'The form was stale or not ours; it is shown anew.', media: 'text/html' },
    404: closed,
    422: { description: 'This is not an e-mail address; the form is shown again.', media: 'text/html' },
    429: { description: 'Too many mails; `Retry-After` says how long to wait.', media: 'text/html' },
    503: { description: 'This deployment cannot send e-mail, or cannot count it.', media: 'text/html' },
  },
})

export const showNewAccount = defineOperation({
  ...page,
  ...noBody,
  method: 'GET',
  path: '/sign-up/confirm',
  summary: 'Show what the link in the mail leads to: a form for a name and a password',
  query: z.object({ token: linkToken }),
  replies: { 200: { description: 'The form.', media: 'text/html' }, 404: linkUnusable },
})

export const makeNewAccount = defineOperation({
  ...page,
  ...aForm,
  method: 'POST',
  path: '/sign-up/confirm',
  summary: 'Make the account, and sign in the browser that asked for it',
  query: none,
  body: z.object({
    form_token: z.string().optional(),
    token: linkToken,
    name: z
      .string()
      .max(nameCharactersMax)
      .regex(/^\P{Cc}*$/u, 'must hold no control characters')
      .optional(),
    password: z.string().max(passwordCharactersMax).optional(),
  }),
  replies: {
    200: { description: 'The account is there; the page leads on.', media: 'text/html' },
    403: { description: 'The form was stale or not ours; it is shown anew.', media: 'text/html' },
    404: linkUnusable,
    422: { description: 'The password is not taken; the form is shown again.', media: 'text/html' },
  },
})
