import type { InEachLocale } from '../../http/locale.ts'
import type { RefusalWords } from '../../http/refusal.words.ts'
import { unverifiedWords } from './authorization-failure.words.ts'

/** Why a request cannot even be answered to its client: nobody knows yet whose address that would be. */
export type UnverifiedReason = keyof typeof unverifiedWords

/** Why a request is answered to its client with an error. */
export type RefusedReason = keyof typeof ERRORS

export type AuthorizationFailure = { readonly reason: UnverifiedReason } | RefusedAuthorization

export interface RefusedAuthorization {
  readonly reason: RefusedReason
  /** Verified: it is registered for the client that the request names. */
  readonly redirect_uri: string
  readonly state: string | undefined
}

/** Codes of RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6, each with the sentence for the client's developer. */
const ERRORS = {
  request_too_long: { error: 'invalid_request', sentence: 'the request is too long' },
  request_object: {
    error: 'request_not_supported',
    sentence: 'send parameters in the query, not in request',
  },
  request_uri: {
    error: 'request_uri_not_supported',
    sentence: 'send parameters in the query, not by request_uri',
  },
  response_type_missing: { error: 'invalid_request', sentence: 'response_type is missing; it must be code' },
  response_type_unsupported: {
    error: 'unsupported_response_type',
    sentence: 'only response_type=code is supported',
  },
  response_mode_unsupported: {
    error: 'invalid_request',
    sentence: 'only response_mode=query is supported',
  },
  code_unregistered: {
    error: 'unauthorized_client',
    sentence: 'the client is not registered for the authorization code grant',
  },
  challenge_missing: {
    error: 'invalid_request',
    sentence: 'code_challenge is missing; PKCE is required of every client',
  },
  challenge_method_unsupported: { error: 'invalid_request', sentence: 'code_challenge_method must be S256' },
  challenge_malformed: {
    error: 'invalid_request',
    sentence: 'code_challenge must be the SHA-256 of the verifier in base64url, 43 characters',
  },
  scope_malformed: {
    error: 'invalid_scope',
    sentence: 'scope must be tokens of printable ASCII, separated by single spaces',
  },
  scope_unregistered: {
    error: 'invalid_scope',
    sentence: 'the client is not registered for every scope that it asks for',
  },
  scope_of_operators: {
    error: 'invalid_scope',
    sentence: 'manage, authorize and introspect are given to clients, not by people',
  },
  prompt_unsupported: {
    error: 'invalid_request',
    sentence: 'prompt may hold none, login, consent and select_account',
  },
  prompt_contradictory: {
    error: 'invalid_request',
    sentence: 'prompt=none cannot be combined with another prompt',
  },
  max_age_malformed: { error: 'invalid_request', sentence: 'max_age must be a whole number of seconds' },
  nonce_too_long: { error: 'invalid_request', sentence: 'nonce is too long' },
  hint_unverified: {
    error: 'invalid_request',
    sentence: 'id_token_hint is not an ID token that this server issued to this client',
  },
  hint_of_another: {
    error: 'login_required',
    sentence: 'somebody else is signed in than id_token_hint says',
  },
  login_required: { error: 'login_required', sentence: 'the person has to sign in' },
  consent_required: { error: 'consent_required', sentence: 'the person has to give consent' },
  access_denied: { error: 'access_denied', sentence: 'the person declined' },
  storage_unavailable: {
    error: 'temporarily_unavailable',
    sentence: 'this cannot be answered right now; try again shortly',
  },
} as const

export function wordsOf(reason: UnverifiedReason): InEachLocale<RefusalWords> {
  return unverifiedWords[reason]
}

export function errorOf(reason: RefusedReason): { readonly error: string; readonly sentence: string } {
  return ERRORS[reason]
}
