import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  accessTokenTtlSeconds,
  idTokenTtlSeconds,
  jwksMaxAgeSeconds,
  keyRingAgeMaxMs,
  nextKeyLeadSeconds,
} from '../../../src/platform/bounds.ts'
import {
  activeKey,
  broughtForward,
  dueKeys,
  keyState,
  type ScheduledKey,
} from '../../../src/signing/key-schedule.ts'

const START = 1_800_000_000
const ringAgeSeconds = keyRingAgeMaxMs / 1000
const tokenTtlSeconds = Math.max(accessTokenTtlSeconds, idTokenTtlSeconds)

/** A deployment that does to a list what the store does to the table, and signs from rings that lag behind it. */
class Deployment {
  now = START
  /** Every version of the chain, so that an isolate can be shown one that it read a while ago. */
  readonly #history: { readonly at: number; readonly chain: readonly ScheduledKey[] }[] = []
  readonly signed: { readonly kid: string; readonly exp: number }[] = []
  /** When each key could first be seen by anyone, and the moment that the first key of all could. */
  readonly publishedAt = new Map<string, number>()

  get chain(): readonly ScheduledKey[] {
    return this.#history.at(-1)?.chain ?? []
  }

  #write(chain: readonly ScheduledKey[]): void {
    for (const { kid } of chain) this.publishedAt.set(kid, this.publishedAt.get(kid) ?? this.now)
    this.#history.push({ at: this.now, chain })
  }

  cron(): void {
    const added = dueKeys(this.chain, this.now).map((due) => ({
      kid: `key ${due.generation}`,
      created_at: this.now,
      ...due,
    }))
    const chain = [...this.chain, ...added]
    this.#write(chain.filter((key) => keyState(key, chain, this.now) !== 'expired'))
  }

  command(): void {
    const next = broughtForward(this.chain, this.now)
    this.#write(this.chain.map((key) => (key.kid === next?.kid ? next : key)))
    this.cron()
  }

  /** Signs as an isolate does that read the ring up to its greatest age ago. */
  sign(lagSeconds: number): void {
    const readAt = Math.max(this.now - lagSeconds, START)
    const seen = this.#history.findLast(({ at }) => at <= readAt)?.chain ?? []
    const key = activeKey(seen, this.now)
    if (key !== undefined) this.signed.push({ kid: key.kid, exp: this.now + tokenTtlSeconds })
  }

  states(): readonly string[] {
    return this.chain.map((key) => keyState(key, this.chain, this.now))
  }
}

const wait = fc.oneof(
  fc.integer({ min: 1, max: nextKeyLeadSeconds - 1 }),
  fc.integer({ min: 1, max: 120 }),
  fc.integer({ min: tokenTtlSeconds - 60, max: tokenTtlSeconds }),
)

const step = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), seconds: wait }),
  fc.record({ kind: fc.constant('cron' as const) }),
  fc.record({ kind: fc.constant('command' as const) }),
  fc.record({ kind: fc.constant('sign' as const), lagSeconds: fc.integer({ min: 0, max: ringAgeSeconds }) }),
)

type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** Runs the steps; the schedule runs whenever it has not done so for almost as long as it may stay away. */
function run(steps: readonly Step[], check: (deployment: Deployment) => void): void {
  const deployment = new Deployment()
  deployment.cron()
  let idle = 0
  for (const one of steps) {
    switch (one.kind) {
      case 'wait': {
        if (idle + one.seconds >= nextKeyLeadSeconds) {
          deployment.cron()
          idle = 0
        }
        deployment.now += one.seconds
        idle += one.seconds
        break
      }
      case 'cron':
        deployment.cron()
        idle = 0
        break
      case 'command':
        deployment.command()
        idle = 0
        break
      case 'sign':
        deployment.sign(one.lagSeconds)
        break
    }
    check(deployment)
  }
}

const steps = fc.array(step, { minLength: 1, maxLength: 120 })

describe('the schedule of signing keys', () => {
  test('at every moment exactly one key is active and at least one next key is published', () => {
    fc.assert(
      fc.property(steps, (list) =>
        run(list, (deployment) => {
          expect(deployment.states().filter((state) => state === 'active')).toHaveLength(1)
          expect(deployment.states()).toContain('next')
        }),
      ),
    )
  })

  /** A key removed too early turns tokens that were promised for an hour into 401s. */
  test('every key that signed a token is published until that token expires, also when its isolate lagged behind', () => {
    fc.assert(
      fc.property(steps, (list) =>
        run(list, (deployment) => {
          const published = new Set(deployment.chain.map(({ kid }) => kid))
          const alive = deployment.signed.filter(({ exp }) => exp > deployment.now)
          expect(alive.filter(({ kid }) => !published.has(kid))).toEqual([])
        }),
      ),
      { numRuns: 500 },
    )
  })

  /** A JWKS may be cached for its whole age, and may have come from an isolate that had not looked again yet. */
  test('a key signs only when every JWKS that is still cached anywhere has it', () => {
    fc.assert(
      fc.property(steps, (list) =>
        run(list, (deployment) => {
          const active = activeKey(deployment.chain, deployment.now)
          const publishedAt = deployment.publishedAt.get(active?.kid ?? '') ?? Number.POSITIVE_INFINITY
          const oldestJwksAt = Math.max(START, deployment.now - jwksMaxAgeSeconds - ringAgeSeconds)
          expect(publishedAt).toBeLessThanOrEqual(oldestJwksAt)
        }),
      ),
    )
  })

  test('rotating on command over and over does not fill the table', () => {
    const deployment = new Deployment()
    deployment.cron()
    let keysMax = 0
    for (let count = 0; count < 1_000; count += 1) {
      deployment.now += 20
      deployment.command()
      keysMax = Math.max(keysMax, deployment.chain.length)
    }
    expect(keysMax).toBeLessThanOrEqual(20)
  })

  test('a command makes the key that was published as next the active one at once', () => {
    const deployment = new Deployment()
    deployment.cron()
    const next = deployment.chain.find((key) => keyState(key, deployment.chain, START) === 'next')
    deployment.now += 5
    deployment.command()
    expect(activeKey(deployment.chain, deployment.now)?.kid).toBe(next?.kid)
  })

  test('an outage of the schedule for years still leaves one active key, and the next run publishes a next one', () => {
    const deployment = new Deployment()
    deployment.cron()
    deployment.now += 3 * 365 * 86_400
    expect(deployment.states().filter((state) => state === 'active')).toHaveLength(1)
    deployment.cron()
    expect(deployment.states()).toContain('next')
  })
})
