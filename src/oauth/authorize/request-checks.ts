import { requiresChallenge, type Client } from '../../clients/client.ts'
import {
  authorizationRequestCharactersMax,
  nonceCharactersMax,
  stateCharactersMax,
} from '../../platform/bounds.ts'
import { isWithin, parseScope } from '../../grants/scope.ts'
import { isGivenByPeople, knownScopes } from '../scopes.ts'
import { requestedAcr } from './acr-requirement.ts'
import type { RefusedReason } from './authorization-failure.ts'
import type { AuthorizeParameters } from './authorize.contract.ts'
import { readClaimsParameter } from './claims-parameter.ts'
import type { Asked } from './effective-parameters.ts'
import { areTooMany, isResourceIndicator } from './resource-indicators.ts'
import { readResponseMode } from './response-mode.ts'

/** What is asked, and how it came. */
export interface CheckedRequest extends Pick<Asked, 'parameters' | 'isSigned' | 'isPushed'> {
  /** What goes to sign-in and back: the parameters themselves, or where they are. */
  readonly carried: AuthorizeParameters
}

/** What has to be said against a request, or undefined. */
type Check = (request: CheckedRequest, client: Client) => RefusedReason | undefined

/**
 * Everything that is asked of a request once its client and redirect URI are verified, in this order.
 *
 * What cannot be understood comes first, then what the client may not do, then single values. A request with several
 * faults hears of the first.
 */
const CHECKS: readonly Check[] = [
  refuseLength, // RFC 6749 §3.1 sets no bound; what goes to sign-in and back must fit one parameter.
  refuseUnpushed, // RFC 9126 §5, FAPI 2.0 Security Profile §5.3.2.2
  refuseUnsigned, // RFC 9101 §10.5: else an attacker drops the signature with the object.
  refuseResponseType, // RFC 6749 §3.1.1
  refuseResponseMode, // OAuth 2.0 Multiple Response Type Encoding Practices §2.1
  refuseInsecureRedirect, // FAPI 2.0 Security Profile §5.3.2.2
  refuseGrantType, // RFC 6749 §4.1.2.1, RFC 7591 §2: only what the client registered
  refuseChallenge, // RFC 7636 §4.3, RFC 9700 §2.1.1
  refuseScope, // RFC 6749 §3.3
  refusePrompt, // OpenID Connect Core §3.1.2.1
  refuseMaxAge, // OpenID Connect Core §3.1.2.1
  refuseNonce, // OpenID Connect Core §15.5.2: it is stored and comes back in the ID token, so it has a bound.
  refuseClaims, // OpenID Connect Core §5.5
  refuseAcr, // OpenID Connect Core §5.5.1.1: an essential level that nobody here can reach
  refuseResource, // RFC 8707 §2
  refuseProofKey, // RFC 9449 §10
]

/** SHA-256 in base64url: a challenge, or the thumbprint of a key. */
const DIGEST = /^[\w-]{43}$/
const MAX_AGE = /^\d{1,9}$/
export const promptsSupported = ['none', 'login', 'consent', 'select_account'] as const

export type Prompt = (typeof promptsSupported)[number]

/** The first thing that speaks against a request, or undefined. */
export function findFault(request: CheckedRequest, client: Client): RefusedReason | undefined {
  for (const check of CHECKS) {
    const fault = check(request, client)
    if (fault !== undefined) return fault
  }
  return undefined
}

/**
 * The scope that a request asks for. Without the parameter that is everything the client is registered for and
 * a person can give: RFC 6749 §3.3 leaves the default to the server, and consent shows what it is. Of an OpenID
 * request, words that mean nothing here are left out rather than refused (OpenID Connect Core §3.1.2.1, scope).
 */
export function requestedScope(parameters: AuthorizeParameters, client: Client): readonly string[] {
  const registered = scopesIn(client.metadata.scope)
  if (parameters.scope === undefined) return registered.filter(isGivenByPeople)
  const asked = scopesIn(parameters.scope)
  if (!asked.includes('openid')) return asked
  return asked.filter((word) => knownScopes.includes(word) || registered.includes(word))
}

export function requestedPrompts(parameters: AuthorizeParameters): readonly Prompt[] {
  const words = promptWords(parameters)
  return promptsSupported.filter((prompt) => words.includes(prompt))
}

/** @see OpenID Connect Dynamic Client Registration 1.0 §2 (default_max_age) */
export function requestedMaxAge(parameters: AuthorizeParameters, { metadata }: Client): number | undefined {
  return parameters.max_age === undefined ? metadata.default_max_age : Number(parameters.max_age)
}

/** A request as a query, a list as its name once for each value. */
export function toQuery(parameters: AuthorizeParameters): string {
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of typeof value === 'string' ? [value] : value) query.append(name, each)
  }
  return query.toString()
}

function scopesIn(text: string): readonly string[] {
  const scope = parseScope(text)
  return scope.ok ? scope.value : []
}

function promptWords({ prompt = '' }: AuthorizeParameters): readonly string[] {
  return prompt.split(' ').filter((word) => word !== '')
}

function refuseLength({ parameters, carried, isPushed }: CheckedRequest): RefusedReason | undefined {
  const isLong = !isPushed && toQuery(carried).length > authorizationRequestCharactersMax
  return isLong || (parameters.state ?? '').length > stateCharactersMax ? 'request_too_long' : undefined
}

function refuseUnpushed({ isPushed }: CheckedRequest, { metadata }: Client): RefusedReason | undefined {
  const mustPush = metadata.require_pushed_authorization_requests || metadata.profile === 'fapi2'
  return mustPush && !isPushed ? 'request_unpushed' : undefined
}

function refuseUnsigned({ isSigned }: CheckedRequest, { metadata }: Client): RefusedReason | undefined {
  return metadata.require_signed_request_object && !isSigned ? 'request_unsigned' : undefined
}

function refuseResponseType({ parameters }: CheckedRequest): RefusedReason | undefined {
  const { response_type } = parameters
  if (response_type === undefined) return 'response_type_missing'
  return response_type === 'code' ? undefined : 'response_type_unsupported'
}

/** FAPI clients get their response by redirect, and where a log of the page's script could not show it. */
function refuseResponseMode({ parameters }: CheckedRequest, { metadata }: Client): RefusedReason | undefined {
  const mode = readResponseMode(parameters.response_mode)
  const isAllowed = mode !== undefined && (metadata.profile !== 'fapi2' || mode.place === 'query')
  return isAllowed ? undefined : 'response_mode_unsupported'
}

function refuseInsecureRedirect(
  { parameters }: CheckedRequest,
  { metadata }: Client,
): RefusedReason | undefined {
  const isSecure = parameters.redirect_uri?.startsWith('https://') === true
  return metadata.profile === 'fapi2' && !isSecure ? 'redirect_uri_insecure' : undefined
}

function refuseGrantType(_: CheckedRequest, { metadata }: Client): RefusedReason | undefined {
  const isRegistered =
    metadata.grant_types.includes('authorization_code') && metadata.response_types.includes('code')
  return isRegistered ? undefined : 'code_unregistered'
}

/** An OpenID request of a client that authenticates may come without any of PKCE, and with half of it nobody's may. */
function refuseChallenge({ parameters }: CheckedRequest, client: Client): RefusedReason | undefined {
  const { code_challenge, code_challenge_method } = parameters
  if (code_challenge === undefined) {
    const isOpenId = requestedScope(parameters, client).includes('openid')
    const mayBeAbsent = isOpenId && !requiresChallenge(client) && code_challenge_method === undefined
    return mayBeAbsent ? undefined : 'challenge_missing'
  }
  if (code_challenge_method !== 'S256') return 'challenge_method_unsupported'
  return DIGEST.test(code_challenge) ? undefined : 'challenge_malformed'
}

function refuseScope({ parameters }: CheckedRequest, client: Client): RefusedReason | undefined {
  if (!parseScope(parameters.scope ?? '').ok) return 'scope_malformed'
  const scope = requestedScope(parameters, client)
  if (!isWithin(scope, scopesIn(client.metadata.scope))) return 'scope_unregistered'
  return scope.every(isGivenByPeople) ? undefined : 'scope_of_operators'
}

function refusePrompt({ parameters }: CheckedRequest): RefusedReason | undefined {
  const words = promptWords(parameters)
  const prompts = requestedPrompts(parameters)
  if (!words.every((word) => prompts.some((prompt) => prompt === word))) return 'prompt_unsupported'
  return prompts.includes('none') && prompts.length > 1 ? 'prompt_contradictory' : undefined
}

function refuseMaxAge({ parameters }: CheckedRequest): RefusedReason | undefined {
  return MAX_AGE.test(parameters.max_age ?? '0') ? undefined : 'max_age_malformed'
}

function refuseNonce({ parameters }: CheckedRequest): RefusedReason | undefined {
  return (parameters.nonce ?? '').length > nonceCharactersMax ? 'nonce_too_long' : undefined
}

function refuseClaims({ parameters: { claims } }: CheckedRequest): RefusedReason | undefined {
  return claims !== undefined && readClaimsParameter(claims, []) === undefined
    ? 'claims_malformed'
    : undefined
}

function refuseAcr({ parameters }: CheckedRequest): RefusedReason | undefined {
  const claims = readClaimsParameter(parameters.claims ?? '{}', [])
  const acr = requestedAcr(claims, undefined)
  return acr?.isEssential === true && acr.values.length === 0 ? 'acr_unmet' : undefined
}

function refuseResource({ parameters: { resource = [] } }: CheckedRequest): RefusedReason | undefined {
  return areTooMany(resource) || !resource.every(isResourceIndicator) ? 'resource_malformed' : undefined
}

function refuseProofKey({ parameters: { dpop_jkt } }: CheckedRequest): RefusedReason | undefined {
  return dpop_jkt === undefined || DIGEST.test(dpop_jkt) ? undefined : 'proof_key_malformed'
}
