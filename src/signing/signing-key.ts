import { calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'

import * as z from 'zod'

import { assert } from '../platform/assert.ts'
import type { Random } from '../platform/random.ts'
import { open, seal } from '../platform/seal.ts'
import type { ScheduledKey } from './key-schedule.ts'

export const signingAlgs = ['ES256', 'RS256', 'PS256', 'EdDSA'] as const

export type SigningAlg = (typeof signingAlgs)[number]

/** A key as it is stored: nothing of it can be read, or replaced by somebody's own, without the root secret. */
export interface SealedSigningKey extends ScheduledKey {
  readonly alg: SigningAlg
  readonly private_jwk_sealed: string
}

/** A key that can sign and verify. The private part is not extractable and never leaves the isolate. */
export interface SigningKey extends SealedSigningKey {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  readonly publicJwk: JWK
}

/** 2,048 bits are what RFC 7518 §3.3 asks for at least; more would only make each ID token dearer. */
const RSA_BITS = 2048

const EcPublicSchema = z.object({ kty: z.literal('EC'), crv: z.string(), x: z.string(), y: z.string() })
const EcPrivateSchema = EcPublicSchema.extend({ d: z.string() })

const OkpPublicSchema = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() })
const OkpPrivateSchema = OkpPublicSchema.extend({ d: z.string() })

const RsaPublicSchema = z.object({ kty: z.literal('RSA'), n: z.string(), e: z.string() })
const RsaPrivateSchema = RsaPublicSchema.extend({
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
})

const PrivateJwkSchema = z.union([EcPrivateSchema, OkpPrivateSchema, RsaPrivateSchema])

/** Lists the members to publish, not those to hide: a private member that were forgotten here would stay hidden. */
const PublicJwkSchema = z.union([EcPublicSchema, OkpPublicSchema, RsaPublicSchema])

/** Makes a key. Its `kid` is its thumbprint (RFC 7638), so that two keys can never share one. */
export async function generateSigningKey(
  alg: SigningAlg,
  sealKey: Uint8Array,
  random: Random,
): Promise<Pick<SealedSigningKey, 'kid' | 'alg' | 'private_jwk_sealed'>> {
  const pair = await generateKeyPair(alg, { extractable: true, modulusLength: RSA_BITS })
  const jwk = await exportJWK(pair.privateKey)
  const kid = await calculateJwkThumbprint(jwk)
  return {
    kid,
    alg,
    private_jwk_sealed: await seal(JSON.stringify(jwk), sealKey, contextOf(kid, alg), random),
  }
}

/**
 * Opens a stored key, or answers undefined when it was not sealed by this deployment for this `kid`.
 *
 * The public part is taken from the sealed private one. If it were a column of its own, somebody who can write the
 * database could put in a key of theirs and sign tokens that we would believe.
 */
export async function openSigningKey(
  row: SealedSigningKey,
  sealKey: Uint8Array,
): Promise<SigningKey | undefined> {
  const text = await open(row.private_jwk_sealed, sealKey, contextOf(row.kid, row.alg))
  if (text === undefined) return undefined
  const jwk = PrivateJwkSchema.parse(JSON.parse(text))
  const publicJwk = { ...PublicJwkSchema.parse(jwk), kid: row.kid, use: 'sig', alg: row.alg }
  return {
    ...row,
    privateKey: await importKey(jwk, row.alg),
    publicKey: await importKey(publicJwk, row.alg),
    publicJwk,
  }
}

async function importKey(jwk: JWK, alg: SigningAlg): Promise<CryptoKey> {
  const key = await importJWK(jwk, alg)
  assert(!(key instanceof Uint8Array), `an asymmetric key for ${alg}`)
  return key
}

function contextOf(kid: string, alg: SigningAlg): string {
  return `signing key ${kid} ${alg}`
}
