import { calculateJwkThumbprint } from 'jose'

import type { HttpContext } from '../http/context.ts'
import type { OAuthError } from '../http/oauth-error.ts'
import { epochSeconds } from '../platform/clock.ts'
import { sha256 } from '../platform/digest.ts'
import { errorText, log } from '../platform/log.ts'
import { proofAgeMaxSeconds, proofAheadMaxSeconds } from '../platform/proof-bounds.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { currentNonce, readNonce } from './dpop-nonce.ts'
import {
  importProofKey,
  takeProofApart,
  type ProofClaims,
  type ProofPartsFailure,
} from './dpop-proof-parts.ts'
import { normalTarget, targetOf } from './dpop-target.ts'
import { findSignatureFault } from './jwt.ts'

/** A proof that is about to be taken, by the thumbprint of its key and its own name. */
export interface ProofUse {
  readonly kind: 'proof'
  readonly owner: string
  readonly jti: string
  readonly expires_at: number
}

export interface ProofPorts {
  readonly issuer: string
  readonly nonceKey: Uint8Array
  /** Where proofs are taken only once. */
  readonly spentProofs: { spendOnce(use: ProofUse): Promise<'first' | 'repeated'> }
}

export type ProofFailure =
  | ProofPartsFailure
  | { readonly reason: 'proof_method_wrong' }
  | { readonly reason: 'proof_target_wrong' }
  | { readonly reason: 'proof_token_wrong' }
  /** Without a nonce, or with one that is too old: the next proof needs this one. */
  | { readonly reason: 'proof_nonce_needed'; readonly nonce: string }
  | { readonly reason: 'proof_time_wrong' }
  | { readonly reason: 'proof_signature_wrong' }
  /** The proof holds, and is of another key than the token's. */
  | { readonly reason: 'token_key_wrong' }
  | { readonly reason: 'proof_repeated' }
  | { readonly reason: 'proofs_unreachable' }

/** The key that a request has proved to hold. */
export interface ProvenKey {
  readonly jkt: string
}

/** A token that a proof must have been made for, with the thumbprint of the only key that may have made it. */
export interface BoundToken extends ProvenKey {
  readonly token: Secret
}

/**
 * Verifies the proof of possession of a request, or answers undefined where it carries none.
 *
 * The order is that of cost: what can be compared, then the signature, and last the `jti`, which is spent in an object.
 * A proof that is refused is not spent.
 *
 * @see RFC 9449 §4.3, whose list this follows
 */
export async function readProof(
  c: HttpContext,
  ports: ProofPorts,
  bound?: BoundToken,
): Promise<Result<ProvenKey | undefined, ProofFailure>> {
  const text = c.req.header('dpop')
  if (text === undefined) return ok(undefined)
  const { now } = c.var.facts
  const parts = takeProofApart(text)
  if (!parts.ok) return parts
  const { alg, jwk, claims } = parts.value

  const request = {
    method: c.req.method,
    target: targetOf(ports.issuer, c.req.url),
    access_token: bound?.token,
  }
  const mismatch = findMismatch(claims, request)
  if (mismatch !== undefined) return fail(mismatch)

  const nonce = readNonce(claims.nonce, ports.nonceKey, now)
  if (nonce === undefined) {
    return fail({ reason: 'proof_nonce_needed', nonce: currentNonce(ports.nonceKey, now) })
  }
  if (!nonce.isCurrent) c.set('nextNonce', currentNonce(ports.nonceKey, now))
  if (isOutOfTime(claims.iat, epochSeconds(now))) return fail({ reason: 'proof_time_wrong' })

  const key = await importProofKey(alg, jwk)
  if (!key.ok) return key
  if ((await findSignatureFault(text, key.value)) !== undefined) {
    return fail({ reason: 'proof_signature_wrong' })
  }
  const jkt = await calculateJwkThumbprint(jwk)
  if (bound !== undefined && bound.jkt !== jkt) return fail({ reason: 'token_key_wrong' })
  return spend({ kind: 'proof', owner: jkt, jti: claims.jti, expires_at: nonce.expires_at }, ports)
}

interface ProvenRequest {
  readonly method: string
  readonly target: string
  readonly access_token: Secret | undefined
}

/** What a proof says of the request that it was made for, against the request that it came with. */
function findMismatch(claims: ProofClaims, request: ProvenRequest): ProofFailure | undefined {
  const { method, target, access_token } = request
  if (claims.htm !== method) return { reason: 'proof_method_wrong' }
  if (normalTarget(claims.htu) !== target) return { reason: 'proof_target_wrong' }
  if (access_token !== undefined && claims.ath !== sha256(access_token.reveal())) {
    return { reason: 'proof_token_wrong' }
  }
  return undefined
}

/** The nonce says when a proof was made; this only tells a client whose clock is far off (RFC 9449 §11.1). */
function isOutOfTime(iat: number, now: number): boolean {
  return iat < now - proofAgeMaxSeconds || iat > now + proofAheadMaxSeconds
}

/** Where nobody can tell whether a proof was used before, it is not taken: whoever breaks the memory gains nothing. */
async function spend(use: ProofUse, { spentProofs }: ProofPorts): Promise<Result<ProvenKey, ProofFailure>> {
  try {
    const spent = await spentProofs.spendOnce(use)
    return spent === 'first' ? ok({ jkt: use.owner }) : fail({ reason: 'proof_repeated' })
  } catch (error) {
    log('error', 'proofs_unreachable', { error: errorText(error) })
    return fail({ reason: 'proofs_unreachable' })
  }
}

/** Answers as the token endpoint and others of the authorization server do (RFC 9449 §5, §8). */
export function proofError(failure: ProofFailure): OAuthError {
  const error_description = proofSentence(failure)
  switch (failure.reason) {
    case 'proof_nonce_needed':
      return { error: 'use_dpop_nonce', error_description, headers: { 'dpop-nonce': failure.nonce } }
    case 'proofs_unreachable':
      return { error: 'temporarily_unavailable', error_description, headers: { 'retry-after': '1' } }
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
    case 'token_key_wrong':
    case 'proof_repeated':
      return { error: 'invalid_dpop_proof', error_description }
  }
}

/** Says what is wrong with a proof. Whoever made it knows all that is in it, so nothing is given away. */
export function proofSentence({ reason }: ProofFailure): string {
  switch (reason) {
    case 'proof_several':
      return 'send exactly one DPoP header'
    case 'proof_malformed':
      return 'the DPoP proof is not a JWT in compact form'
    case 'proof_type_wrong':
      return 'the DPoP proof must have the type dpop+jwt'
    case 'proof_algorithm_wrong':
      return 'sign the DPoP proof with one of the algorithms that this server lists'
    case 'proof_key_wrong':
      return 'the jwk of the DPoP proof must be one public key that fits its algorithm; RSA from 2048 to 4096 bits'
    case 'proof_claims_wrong':
      return 'the DPoP proof must have jti, htm, htu and iat'
    case 'proof_method_wrong':
      return 'the htm of the DPoP proof is not the method of this request'
    case 'proof_target_wrong':
      return 'the htu of the DPoP proof is not the address of this request'
    case 'proof_token_wrong':
      return 'the ath of the DPoP proof is not the digest of this access token'
    case 'proof_nonce_needed':
      return 'make a new DPoP proof with the nonce of the header DPoP-Nonce'
    case 'proof_time_wrong':
      return 'the iat of the DPoP proof is too far from the time here'
    case 'proof_signature_wrong':
      return 'the signature of the DPoP proof is not that of its jwk'
    case 'token_key_wrong':
      return 'the access token is bound to another key than that of the DPoP proof'
    case 'proof_repeated':
      return 'this DPoP proof was used before; make a new one for each request'
    case 'proofs_unreachable':
      return 'proofs cannot be verified at the moment; try again shortly'
  }
}
