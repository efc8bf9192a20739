import { createHash } from 'node:crypto'

import { assert } from '../platform/assert.ts'
import { idTokenTtlSeconds } from '../platform/bounds.ts'
import type { KeyRing } from './key-ring.ts'
import type { SigningAlg } from './signing-key.ts'

/** Everything that an ID token says by itself (OpenID Connect Core §2); the rest goes to userinfo. */
export interface IdTokenClaims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  readonly exp: number
  readonly iat: number
  readonly auth_time: number
  readonly acr: string
  readonly amr: readonly string[]
  readonly sid: string
  readonly nonce?: string | undefined
}

export interface IdTokenRequest {
  readonly alg: SigningAlg
  readonly claims: IdTokenClaims
  /** Claims about the person that the client asked for by name (§5.5); they never stand in for one of those above. */
  readonly person?: object
  readonly access_token: string
}

/** Signs an ID token with the algorithm that its client registered. Claims that are not listed are left out. */
export async function issueIdToken(
  keyRing: Pick<KeyRing, 'sign'>,
  request: IdTokenRequest,
  nowMs: number,
): Promise<string> {
  const { iss, sub, aud, exp, iat, auth_time, acr, amr, sid, nonce } = request.claims
  assert(exp - iat <= idTokenTtlSeconds, `an id token outlives its key: ${exp - iat} s`)
  const at_hash = accessTokenHash(request)
  const claims = { ...request.person, iss, sub, aud, exp, iat, auth_time, acr, amr, sid, at_hash, nonce }
  return keyRing.sign(request.alg, 'JWT', claims, nowMs)
}

/** The left half of the token's digest, by the hash that the algorithm itself uses (OpenID Connect Core §3.1.3.6). */
function accessTokenHash({ alg, access_token }: IdTokenRequest): string {
  const digest = createHash(alg === 'EdDSA' ? 'sha512' : 'sha256')
    .update(access_token, 'ascii')
    .digest()
  return digest.subarray(0, digest.byteLength / 2).toString('base64url')
}
