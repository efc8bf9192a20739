import type { OAuthErrorCode } from '../http/oauth-error.ts'
import type { AccessTokenFailure } from './access-token.ts'
import type { BindingFailure } from './dpop-binding.ts'
import { proofSentence } from './dpop-proof.ts'

export type BearerFailure =
  | AccessTokenFailure
  | BindingFailure
  | { readonly reason: 'bearer_missing' }
  | { readonly reason: 'bearer_malformed' }
  /** D1 has not answered since this isolate began, or more is revoked than it can hold: what may be dead is not let in. */
  | { readonly reason: 'revocations_unknown' }
  | { readonly reason: 'scope_insufficient'; readonly scope: string }

export function errorOf(failure: BearerFailure): OAuthErrorCode {
  switch (refusalCodeOf(failure)) {
    case 'scope_insufficient':
      return 'insufficient_scope'
    case 'proof_nonce_needed':
      return 'use_dpop_nonce'
    case 'proof_invalid':
      return 'invalid_dpop_proof'
    case 'unavailable':
      return 'temporarily_unavailable'
    case 'credentials_missing':
    case 'credentials_malformed':
    case 'proof_missing':
    case 'token_expired':
    case 'token_revoked':
    case 'token_invalid':
      return 'invalid_token'
  }
}

type BearerRefusal =
  | 'credentials_missing'
  | 'credentials_malformed'
  | 'unavailable'
  | 'scope_insufficient'
  | 'token_expired'
  | 'token_revoked'
  | 'token_invalid'
  | 'proof_missing'
  | 'proof_invalid'
  | 'proof_nonce_needed'

export function refusalCodeOf(failure: BearerFailure): BearerRefusal {
  switch (failure.reason) {
    case 'bearer_missing':
      return 'credentials_missing'
    case 'bearer_malformed':
      return 'credentials_malformed'
    case 'revocations_unknown':
      return 'unavailable'
    case 'scope_insufficient':
      return 'scope_insufficient'
    case 'token_expired':
      return 'token_expired'
    case 'token_revoked':
      return 'token_revoked'
    case 'token_bound':
    case 'proof_missing':
      return 'proof_missing'
    case 'proof_nonce_needed':
      return 'proof_nonce_needed'
    case 'proofs_unreachable':
      return 'unavailable'
    case 'proof_several':
    case 'proof_malformed':
    case 'proof_type_wrong':
    case 'proof_algorithm_wrong':
    case 'proof_key_wrong':
    case 'proof_claims_wrong':
    case 'proof_method_wrong':
    case 'proof_target_wrong':
    case 'proof_token_wrong':
    case 'proof_time_wrong':
    case 'proof_signature_wrong':
    case 'proof_repeated':
      return 'proof_invalid'
    case 'token_key_wrong':
    case 'token_unbound':
    case 'token_malformed':
    case 'token_type_wrong':
    case 'key_unknown':
    case 'algorithm_wrong':
    case 'signature_wrong':
    case 'claims_invalid':
    case 'issuer_wrong':
    case 'audience_wrong':
    case 'token_not_yet_valid':
      return 'token_invalid'
  }
}

export function sentenceOf(failure: BearerFailure): string {
  switch (failure.reason) {
    case 'bearer_missing':
      return 'send a bearer token in the Authorization header'
    case 'bearer_malformed':
      return 'the Authorization header could not be read'
    case 'revocations_unknown':
      return 'tokens cannot be verified at the moment'
    case 'scope_insufficient':
      return `the token does not carry the scope ${failure.scope}`
    case 'token_expired':
      return 'the token has expired'
    case 'token_revoked':
      return 'the token has been revoked'
    case 'token_bound':
    case 'proof_missing':
      return 'the token is bound to a key; send it with the scheme DPoP and a proof of that key'
    case 'token_unbound':
      return 'the token is bound to no key; send it as a bearer token'
    case 'proof_several':
    case 'proof_malformed':
    case 'proof_type_wrong':
    case 'proof_algorithm_wrong':
    case 'proof_key_wrong':
    case 'proof_claims_wrong':
    case 'proof_method_wrong':
    case 'proof_target_wrong':
    case 'proof_token_wrong':
    case 'proof_nonce_needed':
    case 'proof_time_wrong':
    case 'proof_signature_wrong':
    case 'proof_repeated':
    case 'proofs_unreachable':
    case 'token_key_wrong':
      return proofSentence(failure)
    case 'token_malformed':
    case 'token_type_wrong':
    case 'key_unknown':
    case 'algorithm_wrong':
    case 'signature_wrong':
    case 'claims_invalid':
    case 'issuer_wrong':
    case 'audience_wrong':
    case 'token_not_yet_valid':
      return 'the token is not valid here'
  }
}
