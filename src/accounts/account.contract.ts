import * as z from 'zod'

import { bearerRefusals, defineOperation, none } from '../http/operation.ts'
import {
  emailCharactersMax,
  oauthBodyBytesMax,
  passwordCharactersMax,
  passwordCharactersMin,
} from '../platform/bounds.ts'
import { StandardClaimsSchema } from './standard-claims.contract.ts'

const Email = z.email('must be an e-mail address').max(emailCharactersMax)

const NewAccount = z.strictObject({
  email: Email,
  email_verified: z
    .boolean()
    .default(false)
    .describe('Whether somebody has seen that the address is theirs.'),
  password: z.string().min(passwordCharactersMin).max(passwordCharactersMax),
  claims: StandardClaimsSchema.default({}).describe('Standard claims of OpenID Connect Core §5.1.'),
})

export const createAccount = defineOperation({
  method: 'POST',
  path: '/v1/accounts',
  room: 'accounts',
  summary: 'Make an account for a person, who can then sign in',
  dialect: 'envelope',
  access: { kind: 'bearer', scope: 'manage' },
  params: none,
  query: none,
  body: NewAccount,
  media: ['json'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: {
    201: {
      description: 'The account; its `account_id` is the `sub` of tokens.',
      schema: z.object({ account_id: z.string(), email: z.string(), created_at: z.number() }),
    },
  },
  refusals: {
    400: ['request_malformed'],
    401: bearerRefusals,
    403: ['scope_insufficient'],
    409: ['account_exists'],
    413: ['body_too_large'],
    415: ['media_type_unsupported'],
  },
})
