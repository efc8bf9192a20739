import { CompactSign, type JWK } from 'jose'

import { assert } from '../platform/assert.ts'
import {
  keyRingAgeMaxMs,
  keyRingFirstWaitMs,
  keyRingWaitMs,
  missingKeyCooldownMs,
  unknownKidCooldownMs,
} from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { within } from '../platform/deadline.ts'
import { utf8 } from '../platform/encoding.ts'
import { errorText, log } from '../platform/log.ts'
import type { VerificationKeys } from './jwt.ts'
import { activeKey, keyState } from './key-schedule.ts'
import { openSigningKey, type SealedSigningKey, type SigningAlg, type SigningKey } from './signing-key.ts'

/** What the rest of the program may do with our keys. */
export interface KeyRing extends VerificationKeys {
  /** Whether `sign` would, so that nothing need be spent on tokens that nobody can make. */
  canSign(alg: SigningAlg, nowMs: number): Promise<boolean>
  sign(alg: SigningAlg, typ: string, claims: object, nowMs: number): Promise<string>
  verificationKey(kid: string, nowMs: number): Promise<{ alg: SigningAlg; key: CryptoKey } | undefined>
  jwks(nowMs: number): Promise<{ keys: JWK[] }>
}

/** A ring that can be told that its keys have changed. */
export interface RereadableKeyRing extends KeyRing {
  forget(): void
}

export interface KeyRingPorts {
  readonly store: { list(): Promise<readonly SealedSigningKey[]> }
  readonly sealKey: Uint8Array
}

/** Opens the key ring of this isolate. It reads D1 when first used and holds what it read for a bounded time. */
export function createKeyRing(ports: KeyRingPorts): RereadableKeyRing {
  return new CachedKeyRing(ports)
}

class CachedKeyRing implements RereadableKeyRing {
  readonly #ports: KeyRingPorts
  #keys: readonly SigningKey[] | undefined
  #readAtMs = Number.NEGATIVE_INFINITY

  constructor(ports: KeyRingPorts) {
    this.#ports = ports
  }

  async canSign(alg: SigningAlg, nowMs: number): Promise<boolean> {
    try {
      return (await this.#signer(alg, nowMs)) !== undefined
    } catch (error) {
      log('error', 'key_ring_unreadable', { error: errorText(error) })
      return false
    }
  }

  async sign(alg: SigningAlg, typ: string, claims: object, nowMs: number): Promise<string> {
    const active = await this.#signer(alg, nowMs)
    assert(active !== undefined, `a readable ${alg} signing key is active`)
    return new CompactSign(utf8(JSON.stringify(claims)))
      .setProtectedHeader({ alg, typ, kid: active.kid })
      .sign(active.privateKey)
  }

  /**
   * Finds the key that a token names. An unknown one may be newer than what was read last, so the ring is read
   * again; not for every token, or a stream of forged ones would become a stream of queries.
   */
  async verificationKey(kid: string, nowMs: number) {
    const known = find(await this.#current(nowMs, keyRingAgeMaxMs), kid, nowMs)
    if (known !== undefined) return known
    return find(await this.#current(nowMs, unknownKidCooldownMs), kid, nowMs)
  }

  async jwks(nowMs: number): Promise<{ keys: JWK[] }> {
    const keys = await this.#current(nowMs, keyRingAgeMaxMs)
    return { keys: keys.filter((key) => isPublished(key, keys, nowMs)).map((key) => key.publicJwk) }
  }

  forget(): void {
    this.#readAtMs = Number.NEGATIVE_INFINITY
  }

  /**
   * A deployment that has just been set up gets its keys after its first requests, so what is missing is looked for
   * again sooner than what is there.
   */
  async #signer(alg: SigningAlg, nowMs: number): Promise<SigningKey | undefined> {
    const known = signer(await this.#current(nowMs, keyRingAgeMaxMs), alg, nowMs)
    return known ?? signer(await this.#current(nowMs, missingKeyCooldownMs), alg, nowMs)
  }

  /**
   * The keys, read again when they are older than `ageMaxMs`.
   *
   * While one request reads, others go on with what is held. When D1 does not answer, or not in time, so does that one,
   * and D1 is tried again once the keys have aged as much again. With nothing held it fails in D1's name.
   */
  async #current(nowMs: number, ageMaxMs: number): Promise<readonly SigningKey[]> {
    const held = this.#keys
    if (held !== undefined && nowMs - this.#readAtMs < ageMaxMs) return held
    if (held !== undefined) this.#readAtMs = nowMs
    try {
      const waitMs = held === undefined ? keyRingFirstWaitMs : keyRingWaitMs
      const keys = await within(waitMs, this.#reread(held ?? [], nowMs))
      if (keys === undefined) throw new Error(`D1_ERROR: signing keys not read within ${waitMs} ms`)
      return keys
    } catch (error) {
      if (held === undefined) throw error
      log('error', 'key_ring_unreadable', { error: errorText(error) })
      return held
    }
  }

  /** Also an answer that comes too late is kept for the requests after it, unless a later one came before it. */
  async #reread(held: readonly SigningKey[], nowMs: number): Promise<readonly SigningKey[]> {
    const keys = await this.#read(held)
    if (nowMs >= this.#readAtMs) {
      this.#keys = keys
      this.#readAtMs = nowMs
    }
    return keys
  }

  /** A sealed key never changes, so one that was opened before is not opened again. */
  async #read(held: readonly SigningKey[]): Promise<readonly SigningKey[]> {
    const rows = await this.#ports.store.list()
    const opened = await Promise.all(
      rows.map(async (row) => {
        const known = held.find(
          (key) => key.kid === row.kid && key.private_jwk_sealed === row.private_jwk_sealed,
        )
        const key = known ?? (await openSigningKey(row, this.#ports.sealKey))
        if (key === undefined) log('error', 'signing_key_unreadable', { kid: row.kid })
        return key === undefined ? [] : [{ ...key, ...row }]
      }),
    )
    return opened.flat()
  }
}

function signer(keys: readonly SigningKey[], alg: SigningAlg, nowMs: number): SigningKey | undefined {
  const chain = keys.filter((key) => key.alg === alg)
  return activeKey(chain, epochSeconds(nowMs))
}

function find(keys: readonly SigningKey[], kid: string, nowMs: number) {
  const key = keys.find((candidate) => candidate.kid === kid)
  if (key === undefined || !isPublished(key, keys, nowMs)) return undefined
  return { alg: key.alg, key: key.publicKey }
}

function isPublished(key: SigningKey, keys: readonly SigningKey[], nowMs: number): boolean {
  const chain = keys.filter(({ alg }) => alg === key.alg)
  return keyState(key, chain, epochSeconds(nowMs)) !== 'expired'
}
