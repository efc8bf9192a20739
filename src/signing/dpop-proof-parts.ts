import type { JWK } from 'jose'
import * as z from 'zod'

import { isRecord } from '../http/body.ts'
import { proofCharactersMax, proofIdCharactersMax, proofRsaBitsMax } from '../platform/proof-bounds.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { takeApart } from './jwt.ts'
import { readKeys } from './remote-key-set.ts'

/**
 * Algorithms that a proof may be signed with. RS256 is not among them, though we sign ID tokens with it: nothing that is
 * old needs it here, and FAPI 2.0 §5.4 rules it out.
 */
export const proofAlgs = ['ES256', 'PS256', 'EdDSA'] as const

export type ProofAlg = (typeof proofAlgs)[number]

export type ProofPartsFailure =
  | { readonly reason: 'proof_several' }
  | { readonly reason: 'proof_malformed' }
  | { readonly reason: 'proof_type_wrong' }
  | { readonly reason: 'proof_algorithm_wrong' }
  | { readonly reason: 'proof_key_wrong' }
  | { readonly reason: 'proof_claims_wrong' }

const Claims = z.object({
  jti: z.string().min(1).max(proofIdCharactersMax),
  htm: z.string(),
  htu: z.string(),
  iat: z.number(),
  /** Absent from the first proof of a client, which is told the nonce in the answer. */
  nonce: z.string().default(''),
  ath: z.string().optional(),
})

export type ProofClaims = Readonly<z.output<typeof Claims>>

/** What a proof says, before its signature is verified. */
export interface ProofParts {
  readonly alg: ProofAlg
  /** The members of the key that it is made of, and no others. */
  readonly jwk: JWK
  readonly claims: ProofClaims
}

const PublicJwk = z.union([
  z.object({ kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string() }),
  z.object({ kty: z.literal('OKP'), crv: z.string(), x: z.string() }),
  /** BoringSSL takes time over other exponents, and everybody uses this one. */
  z.object({ kty: z.literal('RSA'), n: z.string(), e: z.literal('AQAB') }),
])

/** Of asymmetric and of symmetric keys (RFC 7518 §6.2.2, §6.3.2, §6.4.1). */
const PRIVATE_MEMBERS = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'] as const

/**
 * Takes a proof apart and checks its form: the first points of RFC 9449 §4.3.
 *
 * The type keeps any other JWT that the client signs, such as an assertion, from passing for a proof. `kid`, `jku` and
 * `x5u` are not looked at: the only key that counts is the one inside, and it counts for nothing but itself.
 */
export function takeProofApart(text: string): Result<ProofParts, ProofPartsFailure> {
  // Two headers of one name arrive as one value with a comma, which no JWT contains.
  if (text.includes(',')) return fail({ reason: 'proof_several' })
  const parts = takeApart(text, proofCharactersMax)
  if (parts === undefined) return fail({ reason: 'proof_malformed' })
  const { header } = parts
  if (header['typ'] !== 'dpop+jwt') return fail({ reason: 'proof_type_wrong' })
  const alg = proofAlgs.find((name) => name === header['alg'])
  if (alg === undefined) return fail({ reason: 'proof_algorithm_wrong' })
  const jwk = readPublicJwk(header['jwk'])
  if (jwk === undefined) return fail({ reason: 'proof_key_wrong' })
  const claims = Claims.safeParse(parts.claims)
  return claims.success ? ok({ alg, jwk, claims: claims.data }) : fail({ reason: 'proof_claims_wrong' })
}

/** A client that sends its private key has lost it, and must learn that now rather than from a thief. */
function readPublicJwk(value: unknown): JWK | undefined {
  if (!isRecord(value) || PRIVATE_MEMBERS.some((name) => name in value)) return undefined
  const jwk = PublicJwk.safeParse(value)
  return jwk.success ? jwk.data : undefined
}

/** Makes the key of a proof usable, by the rules for foreign keys and with a bound on what it may cost. */
export async function importProofKey(
  alg: ProofAlg,
  jwk: JWK,
): Promise<Result<{ readonly alg: string; readonly key: CryptoKey }, ProofPartsFailure>> {
  const found = (await readKeys([jwk], [alg])).all[0]
  if (found === undefined) return fail({ reason: 'proof_key_wrong' })
  const { algorithm } = found.key
  const isDear = 'modulusLength' in algorithm && algorithm.modulusLength > proofRsaBitsMax
  return isDear ? fail({ reason: 'proof_key_wrong' }) : ok(found)
}
