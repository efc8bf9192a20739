import * as z from 'zod'

import { Secret } from '../../platform/secret.ts'
import { verifyJwt, type VerificationKeys } from '../../signing/jwt.ts'

export interface HintPorts {
  readonly issuer: string
  readonly keyRing: VerificationKeys
}

const HintClaims = z.object({ iss: z.string(), sub: z.string(), aud: z.string() })

/**
 * Reads whom an `id_token_hint` is about, or answers undefined: not an ID token of ours, or another client's.
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
): Promise<string | undefined> {
  const verified = await verifyJwt(new Secret(hint), ['jwt', ''], ports.keyRing, nowMs)
  if (!verified.ok) return undefined
  const claims = HintClaims.safeParse(verified.value.claims)
  if (!claims.success || claims.data.iss !== ports.issuer || claims.data.aud !== client_id) return undefined
  return claims.data.sub
}
