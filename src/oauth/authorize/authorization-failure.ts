import type { Client } from '../../clients/client.ts'
import type { InEachLocale } from '../../http/locale.ts'
import type { OAuthErrorCode } from '../../http/oauth-error.ts'
import type { RefusalWords } from '../../http/refusal.words.ts'
import { unreadableRequestWords, unverifiedWords } from './authorization-failure.words.ts'
import type { ResponseMode } from './response-mode.ts'

/** Why a request cannot even be answered to its client: nobody knows yet whose address that would be. */
export type UnverifiedReason = keyof typeof unverifiedWords

/** Why a request is answered to its client with an error. */
export type RefusedReason = keyof typeof ERRORS

export type AuthorizationFailure = { readonly reason: UnverifiedReason } | RefusedAuthorization

export interface RefusedAuthorization {
  readonly reason: RefusedReason
  /** Undefined where nothing that could be read says where the client is. */
  readonly recipient: Recipient | undefined
}

/** Where a response goes and how. */
export interface Recipient {
  readonly client: Client
  /** Verified: it is registered for the client. */
  readonly redirect_uri: string
  readonly response_mode: ResponseMode
  readonly state: string | undefined
}

/** Codes of RFC 6749 §4.1.2.1 and OpenID Connect Core §3.1.2.6, each with the sentence for the client's developer. */
const ERRORS = {
  request_too_long: { error: 'invalid_request', sentence: 'the request is too long' },
  request_twice: { error: 'invalid_request', sentence: 'send either request or request_uri, not both' },
  request_object_unverified: {
    error: 'invalid_request_object',
    sentence: 'the request object is not signed with a registered key and algorithm of the client',
  },
  request_object_malformed: {
    error: 'invalid_request_object',
    sentence: 'the request object lacks iss or aud, or holds a parameter of the wrong type or length',
  },
  request_object_of_another: {
    error: 'invalid_request_object',
    sentence: 'iss and client_id must be the client, aud this server, and sub must not be the client',
  },
  request_object_untimely: {
    error: 'invalid_request_object',
    sentence:
      'the request object is expired or not yet valid, or its exp and nbf are missing or an hour apart',
  },
  request_object_nested: {
    error: 'invalid_request_object',
    sentence: 'request and request_uri cannot stand inside a request object or a pushed request',
  },
  response_type_contradictory: {
    error: 'invalid_request',
    sentence: 'response_type beside the request object differs from the one inside',
  },
  request_uri_unregistered: {
    error: 'invalid_request_uri',
    sentence: 'request_uri must be https and among the registered request_uris of the client',
  },
  request_uri_unreachable: {
    error: 'invalid_request_uri',
    sentence: 'the request object could not be fetched from request_uri',
  },
  request_uris_exceeded: {
    error: 'temporarily_unavailable',
    sentence: 'too many request objects were fetched for this address; try again in a minute',
  },
  pushed_request_unknown: {
    error: 'invalid_request_uri',
    sentence: 'this request_uri is unknown, expired, spent, or of another client',
  },
  request_unpushed: {
    error: 'invalid_request',
    sentence: 'this client must push its authorization requests',
  },
  request_unsigned: {
    error: 'invalid_request',
    sentence: 'this client must send its authorization requests as signed request objects',
  },
  response_type_missing: { error: 'invalid_request', sentence: 'response_type is missing; it must be code' },
  response_type_unsupported: {
    error: 'unsupported_response_type',
    sentence: 'only response_type=code is supported',
  },
  response_mode_unsupported: {
    error: 'invalid_request',
    sentence: 'response_mode is not one of response_modes_supported, or not allowed to this client',
  },
  redirect_uri_insecure: { error: 'invalid_request', sentence: 'this client must use an https redirect_uri' },
  code_unregistered: {
    error: 'unauthorized_client',
    sentence: 'the client is not registered for the authorization code grant',
  },
  challenge_missing: {
    error: 'invalid_request',
    sentence: 'code_challenge is missing; PKCE is required of this client',
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
  claims_malformed: {
    error: 'invalid_request',
    sentence: 'claims must be JSON as in OpenID Connect Core 5.5',
  },
  resource_malformed: {
    error: 'invalid_target',
    sentence: 'resource must be an absolute URI without a fragment, and there must not be too many',
  },
  resource_unknown: { error: 'invalid_target', sentence: 'nothing here is known by this resource' },
  proof_key_malformed: {
    error: 'invalid_request',
    sentence: 'dpop_jkt must be a JWK thumbprint by SHA-256 in base64url, 43 characters',
  },
  acr_unmet: {
    error: 'unmet_authentication_requirements',
    sentence: 'the person cannot authenticate as strongly as is demanded',
  },
  hint_outdated: {
    error: 'login_required',
    sentence: 'id_token_hint was signed with a key that is no longer kept; the person has to sign in',
  },
  hint_unverified: {
    error: 'invalid_request',
    sentence: 'id_token_hint is not an ID token that this server issued to this client',
  },
  person_unexpected: {
    error: 'login_required',
    sentence: 'somebody else is signed in than id_token_hint or claims says',
  },
  login_required: { error: 'login_required', sentence: 'the person has to sign in' },
  consent_required: { error: 'consent_required', sentence: 'the person has to give consent' },
  access_denied: { error: 'access_denied', sentence: 'the person declined' },
  storage_unavailable: {
    error: 'temporarily_unavailable',
    sentence: 'this cannot be answered right now; try again shortly',
  },
} as const

/** What the person reads where the client cannot be told. */
export function wordsOf(failure: AuthorizationFailure): InEachLocale<RefusalWords> {
  return 'recipient' in failure ? unreadableRequestWords : unverifiedWords[failure.reason]
}

/** What a client hears that has authenticated, and so needs no redirect (RFC 9126 §2.3). */
export function errorOfPush(failure: AuthorizationFailure): {
  readonly error: OAuthErrorCode
  readonly sentence: string
} {
  if ('recipient' in failure) return errorOf(failure.reason)
  return { error: 'invalid_request', sentence: `the request cannot be accepted: ${failure.reason}` }
}

export function errorOf(reason: RefusedReason): {
  readonly error: OAuthErrorCode
  readonly sentence: string
} {
  return ERRORS[reason]
}
