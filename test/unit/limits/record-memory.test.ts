import { describe, expect, test } from 'vitest'

import { defaultPlan } from '../../../src/limits/limit-plan.ts'
import { RecordMemory } from '../../../src/limits/record-memory.ts'

const record = { key: null, plan: defaultPlan }
const T = 1_800_000_000_000

describe('what a limiter object remembers of its subject', () => {
  test('is due at first, and again two seconds after the read began', () => {
    const memory = new RecordMemory()
    expect(memory.isDue(T)).toBe(true)
    memory.learn(record, T, T)
    expect(memory.isDue(T + 1_999)).toBe(false)
    expect(memory.isDue(T + 2_000)).toBe(true)
    expect(memory.current(T + 1_999)).toBe(record)
  })

  test('is to be refreshed once when it is a second old, and is of use until it is due', () => {
    const memory = new RecordMemory()
    expect(memory.beginRefresh(T)).toBe(false)
    memory.learn(record, T, T)
    expect([memory.beginRefresh(T + 999), memory.beginRefresh(T + 1_000)]).toEqual([false, true])
    expect([memory.beginRefresh(T + 1_001), memory.isDue(T + 1_999)]).toEqual([false, false])
    memory.learn(record, T + 1_000, T + 1_100)
    expect([memory.isDue(T + 2_999), memory.beginRefresh(T + 2_000)]).toEqual([false, true])
  })

  /** It may say that a key is alive, which the newer one knows to be revoked. */
  test('is not replaced by what was read before it and arrives after it', () => {
    const memory = new RecordMemory()
    const older = { ...record }
    memory.learn(record, T + 10, T + 20)
    memory.learn(older, T, T + 30)
    expect(memory.current(T + 30)).toBe(record)
    expect(memory.isDue(T + 2_009)).toBe(false)
  })

  test('is not known before the first read, and a failed first read leaves it unknown', () => {
    const memory = new RecordMemory()
    expect(memory.current(T)).toBeUndefined()
    memory.failToRead(T)
    expect(memory.current(T)).toBeUndefined()
  })

  test('is not asked for by every request while the database fails', () => {
    const memory = new RecordMemory()
    memory.failToRead(T)
    expect(memory.isDue(T + 999)).toBe(false)
    expect(memory.isDue(T + 1_000)).toBe(true)
  })

  /** One lost answer must not make a revoked key work for longer than is promised. */
  test('is due no later for a refresh that failed', () => {
    const memory = new RecordMemory()
    memory.learn(record, T, T)
    memory.failToRead(T + 1_500)
    expect([memory.isDue(T + 1_999), memory.isDue(T + 2_000)]).toEqual([false, true])
  })

  test('outlives a failing database for half a minute after the read began, and no longer', () => {
    const memory = new RecordMemory()
    memory.learn(record, T, T)
    memory.failToRead(T + 29_000)
    expect(memory.current(T + 29_999)).toBe(record)
    expect(memory.current(T + 30_000)).toBeUndefined()
  })

  /** A record that says "alive" must not hold for an hour because the clock went back by one. */
  test('is due when the clock is set back', () => {
    const memory = new RecordMemory()
    memory.learn(record, T, T)
    expect(memory.isDue(T - 1)).toBe(true)
    const newer = { ...record }
    memory.learn(newer, T - 60_000, T - 59_999)
    expect(memory.current(T - 59_999)).toBe(newer)
  })
})
