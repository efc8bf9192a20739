import { describe, expect, test } from 'vitest'

import { defaultPlan } from '../../../src/limits/limit-plan.ts'
import { RecordMemory } from '../../../src/limits/record-memory.ts'

const record = { key: null, plan: defaultPlan }
const T = 1_800_000_000_000

describe('what a limiter object remembers of its subject', () => {
  test('is due at first, and again two seconds after the read began', () => {
    const memory = new RecordMemory()
    expect(memory.isDue(T)).toBe(true)
    memory.learn(record, T)
    expect(memory.isDue(T + 1_999)).toBe(false)
    expect(memory.isDue(T + 2_000)).toBe(true)
    expect(memory.current(T + 1_999)).toBe(record)
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

  test('outlives a failing database for half a minute after the read began, and no longer', () => {
    const memory = new RecordMemory()
    memory.learn(record, T)
    memory.failToRead(T + 29_000)
    expect(memory.current(T + 29_999)).toBe(record)
    expect(memory.current(T + 30_000)).toBeUndefined()
  })

  /** A record that says "alive" must not hold for an hour because the clock went back by one. */
  test('is due when the clock is set back', () => {
    const memory = new RecordMemory()
    memory.learn(record, T)
    expect(memory.isDue(T - 1)).toBe(true)
  })
})
