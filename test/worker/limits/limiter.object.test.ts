import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { createLimiter } from '../../../src/limits/limiter.ts'
import { subjectName, type LimitSubject } from '../../../src/limits/subject.ts'

const START_MS = 1_800_000_000_000
const caller: LimitSubject = { kind: 'caller', client_id: 'spa', sub: 'alice' }
const tokenClient: LimitSubject = { kind: 'token_client', client_id: 'service' }
const limiter = createLimiter(env.LIMITER)

function objectOf(subject: LimitSubject) {
  return env.LIMITER.getByName(subjectName(subject))
}

async function takeTimes(subject: LimitSubject, times: number) {
  return Promise.all(Array.from({ length: times }, async () => limiter.take(subject)))
}

async function admittedOf(subject: LimitSubject, times: number): Promise<number> {
  return (await takeTimes(subject, times)).filter(({ admitted }) => admitted).length
}

/** What the object keeps on disk: its tables, and when it will be woken. */
async function remainsOf(subject: LimitSubject) {
  return runInDurableObject(objectOf(subject), async (_object, state) => ({
    tables: state.storage.sql
      .exec(`SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'`)
      .toArray(),
    alarm: await state.storage.getAlarm(),
  }))
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
})

afterEach(() => {
  vi.useRealTimers()
})

describe('a limiter object under a short window', () => {
  test('admits exactly 60 of 200 requests that come at once', async () => {
    const answers = await takeTimes(caller, 200)
    const remaining = answers.flatMap((answer) => (answer.admitted ? [answer.rate.remaining] : []))
    expect(remaining.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index))
    expect(answers.filter(({ admitted }) => !admitted)).toHaveLength(140)
  })

  test('refuses with the time to wait, and admits again when it is over and not a millisecond before', async () => {
    await takeTimes(caller, 60)
    expect(await limiter.take(caller)).toEqual({
      admitted: false,
      reason: 'limit_reached',
      rate: { limit: 60, remaining: 0, resetSeconds: 1, windowSeconds: 1 },
      retryAfterSeconds: 1,
      key: null,
    })
    vi.setSystemTime(START_MS + 999)
    expect(await limiter.take(caller)).toMatchObject({ admitted: false })
    vi.setSystemTime(START_MS + 1_000)
    expect(await admittedOf(caller, 200)).toBe(60)
  })

  test('counts each subject for itself', async () => {
    await takeTimes(caller, 60)
    expect(await limiter.take({ ...caller, sub: 'mallory' })).toMatchObject({ admitted: true })
  })

  test('writes nothing to disk, so that a flood of callers leaves nothing there', async () => {
    await takeTimes(caller, 100)
    expect(await remainsOf(caller)).toEqual({ tables: [], alarm: null })
  })
})

describe('a limiter object under a window of a minute', () => {
  test('admits exactly 10 of 200 requests that come at once', async () => {
    expect(await admittedOf(tokenClient, 200)).toBe(10)
  })

  test('forgives nobody when it is evicted', async () => {
    await takeTimes(tokenClient, 10)
    vi.setSystemTime(START_MS + 29_500)
    await evictDurableObject(objectOf(tokenClient))
    expect(await limiter.take(tokenClient)).toMatchObject({ admitted: false, retryAfterSeconds: 31 })
    vi.setSystemTime(START_MS + 60_000)
    expect(await admittedOf(tokenClient, 200)).toBe(10)
  })

  test('forgives nobody when it crashes, and an answer was written down before it was given', async () => {
    expect(await admittedOf(tokenClient, 10)).toBe(10)
    await abortAllDurableObjects()
    expect(await admittedOf(tokenClient, 200)).toBe(0)
  })

  test('gives one slot back for one refund, also after it was evicted', async () => {
    await takeTimes(tokenClient, 10)
    await evictDurableObject(objectOf(tokenClient))
    await limiter.refund(tokenClient)
    await evictDurableObject(objectOf(tokenClient))
    expect(await admittedOf(tokenClient, 200)).toBe(1)
  })

  test('gives back the newest slot, and leaves the older ones to end when they would have', async () => {
    await takeTimes(tokenClient, 9)
    vi.setSystemTime(START_MS + 30_000)
    await limiter.take(tokenClient)
    await limiter.refund(tokenClient)
    await evictDurableObject(objectOf(tokenClient))
    vi.setSystemTime(START_MS + 60_000)
    expect(await admittedOf(tokenClient, 200)).toBe(10)
  })

  test('gives nothing back that was not taken', async () => {
    await limiter.refund(tokenClient)
    await limiter.refund(tokenClient)
    expect(await admittedOf(tokenClient, 200)).toBe(10)
  })
})

describe('the alarm of a limiter object', () => {
  test('deletes everything when the window is over', async () => {
    await limiter.take(tokenClient)
    expect(await remainsOf(tokenClient)).toMatchObject({
      tables: [{ name: 'uses' }],
      alarm: START_MS + 60_000,
    })
    vi.setSystemTime(START_MS + 60_000)
    expect(await runDurableObjectAlarm(objectOf(tokenClient))).toBe(true)
    expect(await remainsOf(tokenClient)).toEqual({ tables: [], alarm: null })
  })

  test('comes again as long as something counts, and forgets nothing that does', async () => {
    await takeTimes(tokenClient, 3)
    vi.setSystemTime(START_MS + 50_000)
    await takeTimes(tokenClient, 4)
    vi.setSystemTime(START_MS + 60_000)
    await runDurableObjectAlarm(objectOf(tokenClient))
    expect(await remainsOf(tokenClient)).toMatchObject({ alarm: START_MS + 110_000 })
    await evictDurableObject(objectOf(tokenClient))
    expect(await admittedOf(tokenClient, 200)).toBe(6)
  })

  test('leaves nothing behind for a refund that came too late', async () => {
    await limiter.refund(tokenClient)
    await runDurableObjectAlarm(objectOf(tokenClient))
    expect(await remainsOf(tokenClient)).toEqual({ tables: [], alarm: null })
  })

  /** Deleting everything must not take along what is written while it happens. */
  test('loses no request that comes while it deletes', async () => {
    await takeTimes(tokenClient, 10)
    vi.setSystemTime(START_MS + 60_000)
    const admitted = await runInDurableObject(objectOf(tokenClient), async (object) => {
      const [, ...answers] = await Promise.all([
        object.alarm(),
        ...Array.from({ length: 10 }, async () => object.take(tokenClient)),
      ])
      return answers.filter((answer) => answer.admitted).length
    })
    expect(admitted).toBe(10)
    await evictDurableObject(objectOf(tokenClient))
    expect(await admittedOf(tokenClient, 200)).toBe(0)
  })
})
