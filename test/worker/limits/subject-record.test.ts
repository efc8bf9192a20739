import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { defaultPlan } from '../../../src/limits/limit-plan.ts'
import { LimiterShell } from '../../../src/limits/limiter.object.ts'
import { createLimiter, type LimitAnswer } from '../../../src/limits/limiter.ts'
import type { SubjectLookup } from '../../../src/limits/subject-record.ts'
import { limitMax } from '../../../src/platform/bounds.ts'
import { addClient, addKey, addPlan } from '../../support/limits/rows.ts'

const START_MS = 1_800_000_000_000
const limiter = createLimiter(env.LIMITER)

function limitOf(answer: LimitAnswer): number | undefined {
  return 'rate' in answer ? answer.rate.limit : undefined
}

async function breakD1(): Promise<void> {
  await env.DB.exec('ALTER TABLE clients RENAME TO clients_away')
}

async function mendD1(): Promise<void> {
  await env.DB.exec('ALTER TABLE clients_away RENAME TO clients')
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
})

afterEach(() => {
  vi.useRealTimers()
})

describe('what a limiter object knows of a key', () => {
  test('is its record, without which nobody could tell whether it is alive', async () => {
    await addClient('service')
    const { key_id, secret_digest } = await addKey('service', { expires_at: 1_900_000_000 })
    expect(await limiter.take({ kind: 'key', key_id })).toMatchObject({
      admitted: true,
      key: {
        key_id,
        secret_digest,
        client_id: 'service',
        scope: 'read',
        plan: null,
        expires_at: 1_900_000_000,
        revoked_at: null,
      },
    })
  })

  test('is nothing for an unknown key, and for one whose client is gone', async () => {
    const { key_id } = await addKey('nobody')
    expect(await limiter.take({ kind: 'key', key_id: 'a'.repeat(16) })).toMatchObject({ key: null })
    expect(await limiter.take({ kind: 'key', key_id })).toMatchObject({ key: null })
  })

  test('says within two seconds that the key is revoked', async () => {
    await addClient('service')
    const { key_id } = await addKey('service')
    await limiter.take({ kind: 'key', key_id })
    await env.DB.prepare('UPDATE api_keys SET revoked_at = 1 WHERE key_id = ?').bind(key_id).run()
    vi.setSystemTime(START_MS + 2_000)
    expect(await limiter.take({ kind: 'key', key_id })).toMatchObject({ key: { revoked_at: 1 } })
  })
})

describe('the plan that a limiter object counts by', () => {
  test('is that of the key, else that of its client, else the default', async () => {
    await addPlan('small', 3, 4)
    await addPlan('large', 300, 400)
    await addClient('planned', 'large')
    await addClient('plain')
    const keys = [await addKey('planned', { plan: 'small' }), await addKey('planned'), await addKey('plain')]
    const answers = await Promise.all(keys.map(async ({ key_id }) => limiter.take({ kind: 'key', key_id })))
    expect(answers.map(limitOf)).toEqual([3, 300, 60])
  })

  test('holds for the tokens of a client and at the token endpoint', async () => {
    await addPlan('large', 300, 400)
    await addClient('planned', 'large')
    const client_id = 'planned'
    expect(limitOf(await limiter.take({ kind: 'caller', client_id, sub: 'alice' }))).toBe(300)
    expect(limitOf(await limiter.take({ kind: 'token_client', client_id }))).toBe(400)
    expect(limitOf(await limiter.take({ kind: 'token_grant', client_id, grant: 'g' }))).toBe(400)
  })

  /** Law 6: a name that means nothing must not open anything. */
  test('is the default where the client or the plan does not exist', async () => {
    await addClient('dangling', 'removed')
    expect(limitOf(await limiter.take({ kind: 'token_client', client_id: 'dangling' }))).toBe(10)
    expect(limitOf(await limiter.take({ kind: 'token_client', client_id: 'unknown' }))).toBe(10)
  })

  test('changes within two seconds, and uses from before still count', async () => {
    await addPlan('small', 60, 2)
    await addClient('service')
    const subject = { kind: 'token_client', client_id: 'service' } as const
    await Promise.all([1, 2, 3].map(async () => limiter.take(subject)))
    await env.DB.exec(`UPDATE clients SET plan = 'small'`)
    vi.setSystemTime(START_MS + 2_000)
    expect(await limiter.take(subject)).toMatchObject({
      admitted: false,
      rate: { limit: 2, remaining: 0 },
      retryAfterSeconds: 58,
    })
  })

  test('is refused when its numbers are out of bounds, rather than guessed', async () => {
    await addPlan('nothing', 0, 10)
    await addPlan('everything', limitMax + 1, 10)
    for (const plan of ['nothing', 'everything']) {
      await addClient(plan, plan)
      expect(await limiter.take({ kind: 'caller', client_id: plan, sub: 's' }), plan).toEqual({
        admitted: false,
        reason: 'limiter_unavailable',
      })
    }
  })
})

describe('a limiter object while D1 fails', () => {
  const subject = { kind: 'caller', client_id: 'planned', sub: 'alice' } as const

  beforeEach(async () => {
    await addPlan('large', 300, 400)
    await addClient('planned', 'large')
  })

  test('counts on by the last record for half a minute, then says that it is unavailable', async () => {
    await limiter.take(subject)
    await breakD1()
    vi.setSystemTime(START_MS + 29_999)
    expect(limitOf(await limiter.take(subject))).toBe(300)
    vi.setSystemTime(START_MS + 31_000)
    expect(await limiter.take(subject)).toEqual({ admitted: false, reason: 'limiter_unavailable' })
  })

  test('admits nobody whom it does not know yet, and does when D1 is back', async () => {
    await breakD1()
    expect(await limiter.take(subject)).toEqual({ admitted: false, reason: 'limiter_unavailable' })
    await mendD1()
    vi.setSystemTime(START_MS + 1_000)
    expect(await limiter.take(subject)).toMatchObject({ admitted: true, rate: { limit: 300 } })
  })

  test('goes on counting what needs no record', async () => {
    await breakD1()
    expect(await limiter.take({ kind: 'sign_in_address', address: '203.0.113.1' })).toMatchObject({
      admitted: true,
    })
  })
})

describe('a limiter object that reads the record of its subject', () => {
  const subject = { kind: 'caller', client_id: 'spa', sub: 'alice' } as const
  const found = { key: null, plan: defaultPlan }

  test('answers from a record of more than a second, and reads it once behind the answers', async () => {
    await runInDurableObject(env.LIMITER.getByName('over a slow double'), async (_object, state) => {
      const { promise: arrival, resolve: arrive } = Promise.withResolvers<void>()
      let reads = 0
      const object = new LimiterShell(state, env, {
        async find() {
          reads += 1
          if (reads === 1) return found
          await arrival
          return { key: null, plan: { ...defaultPlan, requests_per_second: 300 } }
        },
      })
      await object.take(subject)
      vi.setSystemTime(START_MS + 1_000)
      const answers = await Promise.all(Array.from({ length: 50 }, async () => object.take(subject)))
      expect([answers.every(({ admitted }) => admitted), new Set(answers.map(limitOf)), reads]).toEqual([
        true,
        new Set([60]),
        2,
      ])
      arrive()
      await vi.waitFor(async () => expect(limitOf(await object.take(subject))).toBe(300))
      vi.setSystemTime(START_MS + 1_999)
      await object.take(subject)
      expect(reads).toBe(2)
    })
  })

  /** Takes at once from an object over a database that answers as given. */
  async function takeOver(lookup: SubjectLookup, times: number) {
    return runInDurableObject(env.LIMITER.getByName('over a double'), async (_object, state) => {
      const object = new LimiterShell(state, env, lookup)
      return Promise.all(Array.from({ length: times }, async () => object.take(subject)))
    })
  }

  test('reads it once for two hundred first requests', async () => {
    let reads = 0
    const answers = await takeOver(
      {
        async find() {
          reads += 1
          await Promise.resolve()
          return found
        },
      },
      200,
    )
    expect(reads).toBe(1)
    expect(answers.filter(({ admitted }) => admitted)).toHaveLength(60)
  })

  test('does not ask a failing database for each of two hundred requests', async () => {
    let reads = 0
    const answers = await takeOver(
      {
        async find() {
          reads += 1
          throw new Error('D1 is away')
        },
      },
      200,
    )
    expect(reads).toBe(1)
    expect(answers.every((answer) => !answer.admitted && answer.reason === 'limiter_unavailable')).toBe(true)
  })

  test('gives up on a database that does not answer, after two seconds', async () => {
    vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'], now: START_MS })
    const answers = takeOver(
      {
        async find() {
          queueMicrotask(() => vi.advanceTimersByTime(2_000))
          return new Promise(() => undefined)
        },
      },
      1,
    )
    expect(await answers).toEqual([{ admitted: false, reason: 'limiter_unavailable' }])
  })
})
