import { describe, expect, test } from 'vitest'

import { WindowLog } from '../../../src/limits/window-log.ts'

const T = 1_800_000_000_000

describe('the log of a window', () => {
  test('says how many are left, and when the first of them comes back', () => {
    const log = new WindowLog(60_000, [])
    expect(log.take(2, T)).toEqual({
      admitted: true,
      usedAtMs: T,
      rate: { limit: 2, remaining: 1, resetSeconds: 60, windowSeconds: 60 },
    })
    expect(log.take(2, T + 10_001)).toMatchObject({
      admitted: true,
      rate: { remaining: 0, resetSeconds: 50 },
    })
    expect(log.take(2, T + 59_999)).toEqual({
      admitted: false,
      retryAfterSeconds: 1,
      rate: { limit: 2, remaining: 0, resetSeconds: 1, windowSeconds: 60 },
    })
    expect(log.take(2, T + 60_000)).toMatchObject({
      admitted: true,
      rate: { remaining: 0, resetSeconds: 11 },
    })
  })

  test('makes those wait longer whose plan was lowered below what they have used', () => {
    const log = new WindowLog(60_000, [T, T + 10_000, T + 20_000])
    expect(log.take(1, T + 30_000)).toMatchObject({ admitted: false, retryAfterSeconds: 50 })
    expect(log.take(4, T + 30_000)).toMatchObject({ admitted: true, rate: { remaining: 0 } })
  })

  test('that is read again after a restart stamps no use before the last one, though the clock went back', () => {
    expect(new WindowLog(60_000, [T]).take(2, T - 5_000)).toMatchObject({ admitted: true, usedAtMs: T })
  })
})
