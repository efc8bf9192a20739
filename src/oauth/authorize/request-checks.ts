import type { Client } from '../../clients/client.ts'
import { isWithin, parseScope } from '../../grants/scope.ts'
import {
  authorizationRequestCharactersMax,
  nonceCharactersMax,
  stateCharactersMax,
} from '../../platform/bounds.ts'
import { isGivenByPeople } from '../scopes.ts'
import type { RefusedReason } from './authorization-failure.ts'
import type { AuthorizeParameters } from './authorize.contract.ts'

/** What has to be said against a request, or undefined. */
type Check = (parameters: AuthorizeParameters, client: Client) => RefusedReason | undefined

/**
 * Everything that is asked of a request once its client and redirect URI are verified, in this order.
 *
 * What cannot be understood comes first, then what the client may not do, then single values. A request with several
 * faults hears of the first.
 */
const CHECKS: readonly Check[] = [
  refuseLength, // RFC 6749 §3.1 sets no bound; what goes to sign-in and back must fit one parameter.
  refuseRequestObject, // OpenID Connect Core §6.1, §6.2: to ignore one would be to answer another request.
  refuseResponseType, // RFC 6749 §3.1.1
  refuseResponseMode, // OAuth 2.0 Multiple Response Type Encoding Practices §2.1
  refuseGrantType, // RFC 6749 §4.1.2.1, RFC 7591 §2: only what the client registered
  refuseChallenge, // RFC 7636 §4.3, RFC 9700 §2.1.1: S256, of every client
  refuseScope, // RFC 6749 §3.3
  refusePrompt, // OpenID Connect Core §3.1.2.1
  refuseMaxAge, // OpenID Connect Core §3.1.2.1
  refuseNonce, // OpenID Connect Core §15.5.2: it is stored and comes back in the ID token, so it has a bound.
]

const CHALLENGE = /^[\w-]{43}$/
const MAX_AGE = /^\d{1,9}$/
export const promptsSupported = ['none', 'login', 'consent', 'select_account'] as const

export type Prompt = (typeof promptsSupported)[number]

/** The first thing that speaks against a request, or undefined. */
export function findFault(parameters: AuthorizeParameters, client: Client): RefusedReason | undefined {
  for (const check of CHECKS) {
    const fault = check(parameters, client)
    if (fault !== undefined) return fault
  }
  return undefined
}

/**
 * The scope that a request asks for. Without the parameter that is everything the client is registered for and
 * a person can give: RFC 6749 §3.3 leaves the default to the server, and consent shows what it is.
 */
export function requestedScope(parameters: AuthorizeParameters, client: Client): readonly string[] {
  return parameters.scope === undefined
    ? scopesIn(client.metadata.scope).filter(isGivenByPeople)
    : scopesIn(parameters.scope)
}

export function requestedPrompts(parameters: AuthorizeParameters): readonly Prompt[] {
  const words = promptWords(parameters)
  return promptsSupported.filter((prompt) => words.includes(prompt))
}

export function requestedMaxAge(parameters: AuthorizeParameters): number | undefined {
  return parameters.max_age === undefined ? undefined : Number(parameters.max_age)
}

function scopesIn(text: string): readonly string[] {
  const scope = parseScope(text)
  return scope.ok ? scope.value : []
}

function promptWords({ prompt = '' }: AuthorizeParameters): readonly string[] {
  return prompt.split(' ').filter((word) => word !== '')
}

function refuseLength(parameters: AuthorizeParameters): RefusedReason | undefined {
  const { length } = new URLSearchParams(Object.entries(parameters)).toString()
  const isLong = length > authorizationRequestCharactersMax
  return isLong || (parameters.state ?? '').length > stateCharactersMax ? 'request_too_long' : undefined
}

function refuseRequestObject(parameters: AuthorizeParameters): RefusedReason | undefined {
  if (parameters.request !== undefined) return 'request_object'
  return parameters.request_uri === undefined ? undefined : 'request_uri'
}

function refuseResponseType({ response_type }: AuthorizeParameters): RefusedReason | undefined {
  if (response_type === undefined) return 'response_type_missing'
  return response_type === 'code' ? undefined : 'response_type_unsupported'
}

function refuseResponseMode({ response_mode = 'query' }: AuthorizeParameters): RefusedReason | undefined {
  return response_mode === 'query' ? undefined : 'response_mode_unsupported'
}

function refuseGrantType(_: AuthorizeParameters, { metadata }: Client): RefusedReason | undefined {
  const isRegistered =
    metadata.grant_types.includes('authorization_code') && metadata.response_types.includes('code')
  return isRegistered ? undefined : 'code_unregistered'
}

function refuseChallenge(parameters: AuthorizeParameters): RefusedReason | undefined {
  const { code_challenge, code_challenge_method } = parameters
  if (code_challenge === undefined) return 'challenge_missing'
  if (code_challenge_method !== 'S256') return 'challenge_method_unsupported'
  return CHALLENGE.test(code_challenge) ? undefined : 'challenge_malformed'
}

function refuseScope(parameters: AuthorizeParameters, client: Client): RefusedReason | undefined {
  if (!parseScope(parameters.scope ?? '').ok) return 'scope_malformed'
  const scope = requestedScope(parameters, client)
  if (!isWithin(scope, scopesIn(client.metadata.scope))) return 'scope_unregistered'
  return scope.every(isGivenByPeople) ? undefined : 'scope_of_operators'
}

function refusePrompt(parameters: AuthorizeParameters): RefusedReason | undefined {
  const words = promptWords(parameters)
  const prompts = requestedPrompts(parameters)
  if (!words.every((word) => prompts.some((prompt) => prompt === word))) return 'prompt_unsupported'
  return prompts.includes('none') && prompts.length > 1 ? 'prompt_contradictory' : undefined
}

function refuseMaxAge({ max_age = '0' }: AuthorizeParameters): RefusedReason | undefined {
  return MAX_AGE.test(max_age) ? undefined : 'max_age_malformed'
}

function refuseNonce({ nonce = '' }: AuthorizeParameters): RefusedReason | undefined {
  return nonce.length > nonceCharactersMax ? 'nonce_too_long' : undefined
}
