import * as z from 'zod'

import { fail, ok, type Result } from '../../platform/result.ts'
import { Secret } from '../../platform/secret.ts'
import { verifyJwt, type VerificationKeys } from '../../signing/jwt.ts'

export interface HintPorts {
  readonly issuer: string
  readonly keyRing: VerificationKeys
}

export interface HintFailure {
  /** `hint_outdated`: it may be ours, of a key that is gone. Who it is about cannot be known any more. */
  readonly reason: 'hint_unverified' | 'hint_outdated'
}

const HintClaims = z.object({ iss: z.string(), sub: z.string(), aud: z.string() })

/**
 * Reads whom an `id_token_hint` is about: the `sub` that this client was told.
 *
 * Its expiry does not matter: a hint says who was signed in once, not who is.
 *
 * @see OpenID Connect Core 1.0 §3.1.2.1
 */
export async function readHint(
  hint: string,
  client_id: string,
  ports: HintPorts,
  nowMs: number,
): Promise<Result<string, HintFailure>> {
  const verified = await verifyJwt(new Secret(hint), ['jwt', ''], ports.keyRing, nowMs)
  if (!verified.ok) {
    const isOutdated = verified.failure.reason === 'key_unknown'
    return fail({ reason: isOutdated ? 'hint_outdated' : 'hint_unverified' })
  }
  const claims = HintClaims.safeParse(verified.value.claims)
  if (!claims.success || claims.data.iss !== ports.issuer || claims.data.aud !== client_id) {
    return fail({ reason: 'hint_unverified' })
  }
  return ok(claims.data.sub)
}
