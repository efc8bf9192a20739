import * as z from 'zod'

import { defineOperation, none } from '../../http/operation.ts'
import {
  credentialCharactersMax,
  identifierCharactersMax,
  oauthBodyBytesMax,
  redirectUriCharactersMax,
  requestedResourcesMax,
  scopeCharactersMax,
  urlCharactersMax,
} from '../../platform/bounds.ts'
import { clientParameters } from '../presented-client.contract.ts'

const identifier = z.string().max(identifierCharactersMax)
const credential = z.string().max(credentialCharactersMax)

/** May repeat (RFC 8707 §2, RFC 8693 §2.1); in JSON, a text or a list. */
const target = z.string().max(urlCharactersMax)
const targets = z
  .union([z.array(target).max(requestedResourcesMax), target.transform((one) => [one])])
  .describe('Resources that the access token is to be for, each a parameter of its own.')

/** Which of these must be there depends on the grant, so each grant asks for its own (RFC 6749 §4.1.3, §4.4.2, §6). */
export const TokenParameters = z.object({
  grant_type: identifier.exactOptional(),
  ...clientParameters,
  code: credential.exactOptional(),
  redirect_uri: z.string().max(redirectUriCharactersMax).exactOptional(),
  code_verifier: identifier.exactOptional(),
  refresh_token: credential.exactOptional(),
  device_code: credential.exactOptional(),
  scope: z.string().max(scopeCharactersMax).exactOptional(),
  resource: targets.exactOptional(),
  audience: targets.exactOptional(),
  subject_token: credential.exactOptional(),
  subject_token_type: identifier.exactOptional(),
  actor_token: credential.exactOptional(),
  actor_token_type: identifier.exactOptional(),
  requested_token_type: identifier.exactOptional(),
})

export type TokenParameters = Readonly<z.output<typeof TokenParameters>>

const ExchangeParameters = TokenParameters.extend({ api_key: credential.exactOptional() })

export type ExchangeParameters = Readonly<z.output<typeof ExchangeParameters>>

/** RFC 6749 §5.1, OpenID Connect Core §3.1.3.3. */
const TokenAnswer = z.object({
  access_token: z.string(),
  token_type: z.enum(['Bearer', 'DPoP']),
  expires_in: z.number().int(),
  scope: z.string(),
  refresh_token: z.string().exactOptional(),
  id_token: z.string().exactOptional(),
  /** RFC 8693 §2.2.1. */
  issued_token_type: z.string().exactOptional(),
})

export type TokenAnswer = Readonly<z.output<typeof TokenAnswer>>

export const requestToken = defineOperation({
  method: 'POST',
  path: '/oauth/token',
  room: 'oauth',
  summary: 'Get tokens for a code, a refresh token, another token, or for the client itself (RFC 6749 §3.2)',
  dialect: 'oauth',
  access: { kind: 'client' },
  params: none,
  query: none,
  body: TokenParameters,
  /** JSON is an extension: client libraries that post JSON by themselves are common. */
  media: ['form', 'json'],
  repeatable: ['resource', 'audience'],
  bodyBytesMax: oauthBodyBytesMax,
  replies: { 200: { description: 'The tokens.', schema: TokenAnswer } },
  refusals: {
    400: [
      'invalid_request',
      'invalid_grant',
      'unauthorized_client',
      'unsupported_grant_type',
      'invalid_scope',
      'authorization_pending',
      'slow_down',
      'access_denied',
      'expired_token',
      'invalid_dpop_proof',
      'use_dpop_nonce',
      'invalid_target',
    ],
    401: ['invalid_client'],
    429: ['slow_down'],
  },
})

export const exchangeForToken = defineOperation({
  ...requestToken,
  path: '/auth/token',
  summary: 'The same, and also an access token for an API key (`grant_type=api_key`, an extension)',
  body: ExchangeParameters,
})
