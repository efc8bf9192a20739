import { compactVerify, createLocalJWKSet, type JSONWebKeySet } from 'jose'
import { describe, expect, test } from 'vitest'

import {
  accessTokenTtlSeconds,
  jwksMaxAgeSeconds,
  keyRingAgeMaxMs,
  signingKeyActiveSeconds,
} from '../../../src/platform/bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { createKeyRing, type RereadableKeyRing } from '../../../src/signing/key-ring.ts'
import { rotateDueKeys, rotateKeys } from '../../../src/signing/key-rotation.ts'
import { signingAlgs, type SealedSigningKey } from '../../../src/signing/signing-key.ts'
import { Chance } from '../../support/grants/chance.ts'

/** Each run makes some twenty RSA keys, which is what takes its time. */
const RUNS = Math.ceil(Number(process.env['GATEWRIGHT_RUNS'] ?? 2_000) / 2_000)
const SEED = Number(process.env['GATEWRIGHT_SEED'] ?? Date.now() % 2 ** 31)
const STEPS = 250
const BUSY_STEP_MS = 120_000
const TIMEOUT_MS = 120_000

/** The table of keys, with what its constraints do to two writers. */
function memoryTable() {
  let rows: readonly SealedSigningKey[] = []
  return {
    list: async () => rows,
    async insert(keys: readonly SealedSigningKey[]) {
      const isFree = (key: SealedSigningKey) =>
        rows.every(({ alg, generation }) => alg !== key.alg || generation !== key.generation)
      rows = [...rows, ...keys.filter(isFree)]
    },
    async activateAt(kid: string, activates_at: number) {
      rows = rows.map((row) =>
        row.kid === kid && row.activates_at > activates_at ? { ...row, activates_at } : row,
      )
    },
    async remove(kids: readonly string[]) {
      rows = rows.filter(({ kid }) => !kids.includes(kid))
    },
  }
}

/** Somebody who fetches the published keys only when the ones that are held may not be used any longer. */
class Verifier {
  #held: { readonly jwks: JSONWebKeySet; readonly fetchedAtMs: number } | undefined

  async verify(jwt: string, isolate: RereadableKeyRing, nowMs: number): Promise<boolean> {
    const isStale = this.#held === undefined || nowMs - this.#held.fetchedAtMs >= jwksMaxAgeSeconds * 1000
    if (isStale) this.#held = { jwks: await isolate.jwks(nowMs), fetchedAtMs: nowMs }
    const keys = createLocalJWKSet(this.#held?.jwks ?? { keys: [] })
    return compactVerify(jwt, keys).then(
      () => true,
      () => false,
    )
  }
}

/** A deployment with isolates that look at the keys at different times, and verifiers that do so at others. */
class Deployment {
  nowMs = 1_800_000_000_000
  verifications = 0
  rotations = 0
  readonly failures: string[] = []
  readonly #ports = { store: memoryTable(), sealKey: systemRandom(32), random: systemRandom }
  readonly #isolates = [0, 1, 2].map(() => createKeyRing(this.#ports))
  readonly #verifiers = [0, 1, 2].map(() => new Verifier())
  readonly #chance: Chance
  #busyUntilMs = 0
  #tokens: readonly { readonly jwt: string; readonly exp: number }[] = []

  constructor(chance: Chance) {
    this.#chance = chance
  }

  /** The schedule has run once before anybody comes. */
  async step(at: number): Promise<void> {
    if (at === 0 || this.#chance.happens(0.1)) await rotateDueKeys(this.#ports, this.nowMs)
    if (this.#chance.happens(this.#isBusy() ? 0.2 : 0.03)) await this.#command()
    await this.#sign()
    await this.#verify()
    this.#pass()
  }

  /** Somebody in a hurry rotates again and again, while verifiers hold what was published before. */
  async #command(): Promise<void> {
    this.rotations += 1
    if (!this.#isBusy()) this.#busyUntilMs = this.nowMs + 2 * jwksMaxAgeSeconds * 1000
    await rotateKeys(this.#ports, this.nowMs)
    this.#anyIsolate().forget()
  }

  async #sign(): Promise<void> {
    const exp = this.nowMs + accessTokenTtlSeconds * 1000
    const isolate = this.#anyIsolate()
    for (const alg of signingAlgs) {
      this.#tokens = [...this.#tokens, { jwt: await isolate.sign(alg, 'JWT', { alg }, this.nowMs), exp }]
    }
  }

  /** The newest tokens, whose key may be too new for somebody, and the oldest, whose key may be gone. */
  async #verify(): Promise<void> {
    this.#tokens = this.#tokens.filter(({ exp }) => exp > this.nowMs)
    const chosen = [...this.#tokens.slice(0, 4), ...this.#tokens.slice(-4)]
    for (const verifier of this.#verifiers) {
      for (const { jwt } of chosen) {
        this.verifications += 1
        if (await verifier.verify(jwt, this.#anyIsolate(), this.nowMs)) continue
        this.failures.push(`${atob(jwt.split('.')[0] ?? '')} at ${this.nowMs}`)
      }
    }
  }

  /** By seconds or minutes, where caches differ, by most of a token's life, and now and then by days. */
  #pass(): void {
    if (this.#isBusy()) {
      this.nowMs += this.#chance.below(BUSY_STEP_MS)
      return
    }
    const ranges = [keyRingAgeMaxMs, jwksMaxAgeSeconds * 1000, accessTokenTtlSeconds * 1000]
    const range = ranges[this.#chance.below(ranges.length)] ?? 0
    const isLong = this.#chance.happens(0.02)
    this.nowMs += this.#chance.below(isLong ? (signingKeyActiveSeconds * 1000) / 2 : range)
    if (isLong) this.#tokens = []
  }

  #isBusy(): boolean {
    return this.nowMs < this.#busyUntilMs
  }

  #anyIsolate(): RereadableKeyRing {
    const isolate = this.#isolates[this.#chance.below(this.#isolates.length)]
    if (isolate === undefined) throw new Error('an isolate below the number of isolates')
    return isolate
  }
}

describe('rotating keys on schedule and on command, with verifiers that hold published keys as long as they may', () => {
  test(
    `lets no verification fail, for any algorithm (seed ${SEED})`,
    async () => {
      for (let run = 0; run < RUNS; run += 1) {
        const deployment = new Deployment(new Chance(SEED + run))
        for (let at = 0; at < STEPS; at += 1) await deployment.step(at)
        expect(deployment.failures).toEqual([])
        expect(deployment.rotations).toBeGreaterThan(0)
        expect(deployment.verifications).toBeGreaterThan(STEPS)
      }
    },
    TIMEOUT_MS,
  )
})
