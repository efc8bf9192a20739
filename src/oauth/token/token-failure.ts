import type { ApiKeyFailure } from '../../apikeys/api-key-verification.ts'
import { clientAuthenticationError, type ClientAuthenticationFailure } from '../../clients/authentication.ts'
import type { RedeemFailure, RefreshFailure } from '../../grants/grants-vault.ts'
import type { OAuthError } from '../../http/oauth-error.ts'
import type { RateState } from '../../http/rate-headers.ts'
import { proofError } from '../../signing/dpop-proof.ts'
import { accessTokenType } from './token-exchange-request.ts'
import { slowDown } from '../slow-down.ts'
import type { StorageFailure } from '../storage.ts'
import { unavailable } from '../unavailable.ts'
import { deviceError, type DeviceRedemptionFailure } from './device-redemption.ts'
import type { TokenProofFailure } from './token-proof.ts'

export type LimitFailure =
  | { readonly reason: 'limit_reached'; readonly retryAfterSeconds: number; readonly rate: RateState }
  | { readonly reason: 'limiter_unavailable' }

/** Why the parameters of a grant are not in order. */
export type GrantRequestFailure =
  | { readonly reason: 'grant_type_unsupported' }
  | { readonly reason: 'grant_type_unregistered' }
  | { readonly reason: 'client_public' }
  | { readonly reason: 'parameter_missing'; readonly name: string }
  | { readonly reason: 'verifier_malformed' }
  | { readonly reason: 'code_forged' }
  | { readonly reason: 'token_forged' }
  | ExchangeRequestFailure
  | ScopeRefusal

/** Why a token exchange is not in order, before any token was looked at. */
export type ExchangeRequestFailure =
  | { readonly reason: 'token_type_unsupported'; readonly name: string }
  | { readonly reason: 'actor_incomplete' }

/** Why a token is not exchanged (RFC 8693 §2.2.2). */
export type ExchangeFailure =
  | { readonly reason: 'subject_token_invalid' }
  | { readonly reason: 'actor_token_invalid' }
  | { readonly reason: 'exchanger_not_concerned' }
  | { readonly reason: 'actors_too_many' }

export type ScopeRefusal =
  | { readonly reason: 'scope_malformed' }
  | { readonly reason: 'scope_unregistered' }
  | { readonly reason: 'scope_of_people' }

export type TokenFailure =
  | GrantRequestFailure
  | TokenProofFailure
  | { readonly reason: 'client_unauthenticated'; readonly failure: ClientAuthenticationFailure }
  | { readonly reason: 'key_refused'; readonly failure: ApiKeyFailure }
  | RedeemFailure
  | RefreshFailure
  | DeviceRedemptionFailure
  | LimitFailure
  | StorageFailure
  | { readonly reason: 'signing_unavailable' }
  | { readonly reason: 'resource_unknown' }
  | ExchangeFailure

const UNGRANTED = 'it is unknown, expired, spent, revoked, or not for this client and request'

/**
 * Says on the wire what went wrong, as RFC 6749 §5.2 names it.
 *
 * Everything about a code or refresh token that does not work is the same `invalid_grant` with the same
 * sentence: which check it failed would tell an attacker with a stolen one what is still missing.
 */
export function toOAuthError(failure: TokenFailure): OAuthError {
  switch (failure.reason) {
    case 'client_unauthenticated':
      return clientAuthenticationError(failure.failure)
    case 'grant_type_unsupported':
      return refusal('unsupported_grant_type', 'this endpoint does not know that grant_type')
    case 'grant_type_unregistered':
      return refusal('unauthorized_client', 'the client is not registered for that grant_type')
    case 'client_public':
      return refusal('unauthorized_client', 'a client that cannot authenticate gets no token for itself')
    case 'scope_malformed':
    case 'scope_unregistered':
    case 'scope_of_people':
    case 'scope_exceeded':
      return refusal('invalid_scope', scopeSentence(failure.reason))
    case 'code_forged':
    case 'code_unknown':
    case 'code_expired':
    case 'code_spent':
    case 'redirect_uri_mismatch':
    case 'verifier_mismatch':
    case 'proof_key_mismatch':
    case 'token_forged':
    case 'token_unknown':
    case 'token_expired':
    case 'token_reused':
    case 'token_superseded':
    case 'client_mismatch':
    case 'grant_ended':
      return refusal('invalid_grant', UNGRANTED)
    case 'proof_refused':
      return proofError(failure.failure)
    case 'proof_missing':
      return refusal('invalid_dpop_proof', 'this client gets no token without a DPoP proof')
    case 'device_refused':
      return deviceError(failure.failure)
    case 'parameter_missing':
    case 'verifier_malformed':
    case 'token_type_unsupported':
    case 'actor_incomplete':
    case 'subject_token_invalid':
    case 'exchanger_not_concerned':
    case 'actor_token_invalid':
    case 'actors_too_many':
      return refusal('invalid_request', requestSentence(failure))
    case 'resource_unknown':
    case 'resource_exceeded':
      return refusal('invalid_target', 'a resource that is asked for is not published, or not granted')
    case 'key_refused':
      return keyError(failure.failure)
    case 'limit_reached':
      return slowDown(failure.retryAfterSeconds, failure.rate)
    case 'limiter_unavailable':
    case 'storage_unavailable':
    case 'signing_unavailable':
      return unavailable
  }
}

function keyError(failure: ApiKeyFailure): OAuthError {
  switch (failure.reason) {
    case 'key_malformed':
    case 'key_mac_wrong':
    case 'key_unknown':
    case 'key_revoked':
    case 'key_expired':
    case 'secret_wrong':
      return refusal('invalid_grant', 'the API key is not valid')
    case 'limit_reached':
      return slowDown(failure.retryAfterSeconds, failure.rate)
    case 'limiter_unavailable':
      return unavailable
  }
}

function refusal(error: OAuthError['error'], error_description: string): OAuthError {
  return { error, error_description }
}

function scopeSentence(reason: ScopeRefusal['reason'] | 'scope_exceeded'): string {
  switch (reason) {
    case 'scope_malformed':
      return 'scope must be tokens of printable ASCII, separated by single spaces'
    case 'scope_unregistered':
      return 'the client may not have every scope that it asks for'
    case 'scope_of_people':
      return 'openid, profile, email, address, phone and offline_access need a person who signed in'
    case 'scope_exceeded':
      return 'less than was granted may be asked for, not more'
  }
}

type RequestFault = Extract<TokenFailure, { readonly reason: 'parameter_missing' | 'verifier_malformed' }>

/** What of a request is wrong in itself, or of the tokens that it wants exchanged (RFC 8693 §2.2.2). */
function requestSentence(failure: RequestFault | ExchangeFailure | ExchangeRequestFailure): string {
  switch (failure.reason) {
    case 'parameter_missing':
      return `the parameter ${failure.name} is missing`
    case 'verifier_malformed':
      return 'code_verifier must be 43 to 128 characters of A-Z, a-z, 0-9, -, ., _ and ~'
    case 'token_type_unsupported':
      return `${failure.name} must be ${accessTokenType}`
    case 'actor_incomplete':
      return 'actor_token and actor_token_type come together or not at all'
    case 'subject_token_invalid':
    case 'exchanger_not_concerned':
      return 'subject_token is not one that this client may exchange'
    case 'actor_token_invalid':
      return 'actor_token is not a token of this client'
    case 'actors_too_many':
      return 'too many act for one another already'
  }
}
