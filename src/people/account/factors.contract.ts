import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import { identifierCharactersMax, pageFormBytesMax, urlCharactersMax } from '../../platform/bounds.ts'
import { passkeyCredentialCharactersMax, passkeyNameCharactersMax } from '../../platform/factor-bounds.ts'

const page = {
  room: 'people',
  dialect: 'page',
  access: { kind: 'session' },
  params: none,
  query: none,
  refusals: { 400: ['request_malformed'] },
} as const

const toSignIn = 'Nobody is signed in, or not recently enough to change factors; leads to sign-in.'
const staleForm = {
  description: 'The form was stale or not ours; nothing was changed.',
  media: 'text/html',
} as const
const newCodes = { description: 'Done; shows new recovery codes, this once.', media: 'text/html' } as const

export const showFactors = defineOperation({
  ...page,
  method: 'GET',
  path: '/account/security',
  summary: 'Show the second factors of the account',
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'The list.', media: 'text/html' },
    303: { description: 'Nobody is signed in; leads to sign-in.' },
  },
})

export const changeFactors = defineOperation({
  ...page,
  method: 'POST',
  path: '/account/security',
  summary: 'Remove a factor, rename a passkey, or make new recovery codes',
  body: z.object({
    form_token: z.string().optional(),
    action: z.enum(['remove_totp', 'rename_passkey', 'remove_passkey', 'renew_recovery_codes']),
    credential_id: z.string().max(urlCharactersMax).default(''),
    name: z.string().trim().max(passkeyNameCharactersMax).default(''),
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    200: newCodes,
    303: { description: `Done; leads to the list. ${toSignIn}` },
    403: staleForm,
  },
})

export const showTotpEnrolment = defineOperation({
  ...page,
  method: 'GET',
  path: '/account/security/app',
  summary: 'Show what an authenticator app is set up with',
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: {
      description: 'A new secret, as a QR code and as text. It counts once a code confirms it.',
      media: 'text/html',
    },
    303: { description: `${toSignIn} Or the account has an app already; leads to the list.` },
  },
})

export const confirmTotpEnrolment = defineOperation({
  ...page,
  method: 'POST',
  path: '/account/security/app',
  summary: 'Add the authenticator app, by a code that it shows',
  body: z.object({
    form_token: z.string().optional(),
    factor_id: z.string().max(identifierCharactersMax).default(''),
    secret_sealed: z.string().max(identifierCharactersMax).default(''),
    code: z.string().max(identifierCharactersMax).default(''),
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    200: newCodes,
    303: { description: `Added; leads to the list. ${toSignIn}` },
    403: staleForm,
    422: { description: 'The code was wrong; the same secret is shown again.', media: 'text/html' },
  },
})

export const showPasskeyEnrolment = defineOperation({
  ...page,
  method: 'GET',
  path: '/account/security/passkey',
  summary: 'Show the page that makes a passkey',
  body: none,
  media: [],
  bodyBytesMax: 0,
  replies: {
    200: { description: 'The page, which needs a script.', media: 'text/html' },
    303: { description: toSignIn },
  },
})

export const addPasskey = defineOperation({
  ...page,
  method: 'POST',
  path: '/account/security/passkey',
  summary: 'Add a passkey',
  body: z.object({
    form_token: z.string().optional(),
    credential: z.string().max(passkeyCredentialCharactersMax).default(''),
  }),
  media: ['form'],
  bodyBytesMax: pageFormBytesMax,
  replies: {
    200: newCodes,
    303: { description: `Added; leads to the list. ${toSignIn}` },
    403: staleForm,
    422: { description: 'The passkey was not accepted; the page is shown again.', media: 'text/html' },
  },
})
