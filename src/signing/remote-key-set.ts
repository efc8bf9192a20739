import { importJWK } from 'jose'
import * as z from 'zod'

import { identifierCharactersMax, remoteJwksKeysMax } from '../platform/bounds.ts'

export interface RemoteKey {
  readonly alg: string
  readonly key: CryptoKey
}

const RSA_BITS_MIN = 2048

/** Public members of a JWK that we can verify with (RFC 7517 §4, RFC 7518 §6, RFC 8037 §2). */
const Jwk = z.object({
  kty: z.enum(['EC', 'RSA', 'OKP']),
  kid: z.string().min(1).max(identifierCharactersMax).optional(),
  alg: z.string().optional(),
  use: z.literal('sig').optional(),
  key_ops: z.array(z.string()).optional(),
  crv: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
})
type Jwk = Readonly<z.output<typeof Jwk>>

const KeySet = z.object({ keys: z.array(z.unknown()) })

/** Keys that may verify, by `kid` and, for tokens that name none, altogether. */
export interface RemoteKeySet {
  readonly named: ReadonlyMap<string, RemoteKey>
  readonly all: readonly RemoteKey[]
}

/**
 * Reads the keys of a set that may verify for an issuer.
 *
 * A set may hold keys for other purposes and of kinds that did not exist when this was written; they are passed
 * over (RFC 7517 §5). Each key is bound here to one algorithm, out of those that the operator allowed, so that the
 * header of a token has nothing to choose (RFC 8725 §3.1). Of two keys with one `kid`, the first counts.
 */
export async function readKeySet(
  text: string,
  algorithms: readonly string[],
): Promise<RemoteKeySet | undefined> {
  const set = KeySet.safeParse(parseJson(text))
  return set.success ? readKeys(set.data.keys, algorithms) : undefined
}

/** The same for a set that is at hand already. */
export async function readKeys(
  candidates: readonly unknown[],
  algorithms: readonly string[],
): Promise<RemoteKeySet> {
  const named = new Map<string, RemoteKey>()
  const all: RemoteKey[] = []
  for (const candidate of candidates.slice(0, remoteJwksKeysMax)) {
    const jwk = Jwk.safeParse(candidate)
    if (!jwk.success || named.has(jwk.data.kid ?? '')) continue
    const key = await readKey(jwk.data, algorithms)
    if (key === undefined) continue
    all.push(key)
    if (jwk.data.kid !== undefined) named.set(jwk.data.kid, key)
  }
  return { named, all }
}

/**
 * The key that a token names, or the only one that fits where it names none. Among several there is no telling, and
 * trying them in turn would let a token choose (OpenID Connect Core 1.0 §10.1).
 */
export function keyIn({ named, all }: RemoteKeySet, kid: string | undefined): RemoteKey | undefined {
  if (kid !== undefined) return named.get(kid)
  return all.length === 1 ? all[0] : undefined
}

async function readKey(jwk: Jwk, algorithms: readonly string[]): Promise<RemoteKey | undefined> {
  const alg = algorithmsOf(jwk).find((name) => algorithms.includes(name) && (jwk.alg ?? name) === name)
  if (alg === undefined || jwk.key_ops?.includes('verify') === false) return undefined
  const { kty, crv = '', x = '', y = '', n = '', e = '' } = jwk
  const members = { EC: { crv, x, y }, OKP: { crv, x }, RSA: { n, e } }[kty]
  try {
    const key = await importJWK({ kty, ...members }, alg)
    return 'byteLength' in key || isWeak(key) ? undefined : { alg, key }
  } catch {
    return undefined
  }
}

/** What a key of this kind can verify; where it is not said for which, the first that is allowed. */
function algorithmsOf({ kty, crv }: Jwk): readonly string[] {
  switch (kty) {
    case 'EC':
      return crv === 'P-256' ? ['ES256'] : []
    case 'OKP':
      return crv === 'Ed25519' ? ['EdDSA'] : []
    case 'RSA':
      return ['RS256', 'PS256']
  }
}

/** RFC 7518 §3.3: a key of 2048 bits or larger MUST be used. */
function isWeak(key: CryptoKey): boolean {
  const { algorithm } = key
  return 'modulusLength' in algorithm && algorithm.modulusLength < RSA_BITS_MIN
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
