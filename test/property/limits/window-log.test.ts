import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { WindowLog, type Turn } from '../../../src/limits/window-log.ts'

type Event = {
  readonly kind: 'take' | 'refund' | 'restart'
  readonly afterMs: number
  readonly limit: number
}

const RUNS = 500

/** Steps of the clock that fall on the edge of a window as often as anywhere. */
function stepMs(windowMs: number): fc.Arbitrary<number> {
  return fc.oneof(
    fc.constant(0),
    fc.integer({ min: 0, max: 20 }),
    fc.integer({ min: 0, max: windowMs * 2 }),
    fc.constantFrom(windowMs - 1, windowMs, windowMs + 1),
  )
}

function schedule(kinds: readonly Event['kind'][], limitsAre: 'fixed' | 'changing') {
  return fc
    .record({ windowMs: fc.integer({ min: 1, max: 10_000 }), limit: fc.integer({ min: 1, max: 60 }) })
    .chain(({ windowMs, limit }) => {
      const event = fc.record({
        kind: fc.constantFrom(...kinds),
        afterMs: stepMs(windowMs),
        limit: limitsAre === 'fixed' ? fc.constant(limit) : fc.integer({ min: 1, max: 60 }),
      })
      return fc.record({
        windowMs: fc.constant(windowMs),
        limit: fc.constant(limit),
        events: fc.array(event, { minLength: 1, maxLength: 300, size: 'max' }),
      })
    })
}

/** Everything that was ever used, counted from scratch for each request. */
class Oracle {
  readonly #windowMs: number
  uses: number[] = []

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  countAt(nowMs: number): number {
    return this.uses.filter((use) => use > nowMs - this.#windowMs && use <= nowMs).length
  }

  refund(nowMs: number): boolean {
    if (this.countAt(nowMs) === 0) return false
    this.uses.pop()
    return true
  }
}

function retryAfterOf(turn: Turn): number {
  return turn.admitted ? 0 : turn.retryAfterSeconds
}

describe('the log of a window', () => {
  test('admits exactly when fewer than the limit lie in the window, whatever was refunded or restarted', () => {
    fc.assert(
      fc.property(schedule(['take', 'take', 'take', 'take', 'refund', 'restart'], 'changing'), (given) => {
        const oracle = new Oracle(given.windowMs)
        let log = new WindowLog(given.windowMs, [])
        let nowMs = 1_800_000_000_000
        for (const event of given.events) {
          nowMs += event.afterMs
          if (event.kind === 'restart') {
            log = new WindowLog(given.windowMs, oracle.uses)
          } else if (event.kind === 'refund') {
            expect(log.refund(nowMs)).toBe(oracle.refund(nowMs))
          } else {
            const count = oracle.countAt(nowMs)
            const turn = log.take(event.limit, nowMs)
            expect(turn.admitted).toBe(count < event.limit)
            if (turn.admitted) oracle.uses.push(nowMs)
            expect(turn.rate.remaining).toBe(Math.max(0, event.limit - oracle.countAt(nowMs)))
          }
        }
      }),
      { numRuns: RUNS },
    )
  })

  test('never lets more than the limit through in any window, wherever the window begins', () => {
    fc.assert(
      fc.property(schedule(['take'], 'fixed'), ({ windowMs, limit, events }) => {
        const log = new WindowLog(windowMs, [])
        const admitted: number[] = []
        let nowMs = 0
        for (const { afterMs } of events) {
          nowMs += afterMs
          if (log.take(limit, nowMs).admitted) admitted.push(nowMs)
        }
        admitted.forEach((use, index) => {
          const next = admitted[index + limit]
          expect(next === undefined || next - use >= windowMs).toBe(true)
        })
      }),
      { numRuns: RUNS },
    )
  })

  test('names in a refusal the first whole second at which a request is admitted again', () => {
    fc.assert(
      fc.property(schedule(['take'], 'changing'), ({ windowMs, events }) => {
        const uses: number[] = []
        let nowMs = 0
        for (const { afterMs, limit } of events) {
          nowMs += afterMs
          const turn = new WindowLog(windowMs, uses).take(limit, nowMs)
          if (turn.admitted) {
            uses.push(nowMs)
            continue
          }
          const seconds = retryAfterOf(turn)
          expect(seconds).toBeGreaterThanOrEqual(1)
          const later = (s: number) => new WindowLog(windowMs, uses).take(limit, nowMs + s * 1000).admitted
          expect(later(seconds)).toBe(true)
          expect(seconds > 1 && later(seconds - 1)).toBe(false)
        }
      }),
      { numRuns: 100 },
    )
  })

  /** A slot must not come free because somebody set the clock back; it comes free late instead. */
  test('never lets more than the limit through while the clock is set back, also across restarts', () => {
    const step = fc.record({ afterMs: fc.integer({ min: -900, max: 1_000 }), restarts: fc.boolean() })
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 100, max: 5_000 }),
        fc.array(step, { minLength: 1, maxLength: 200, size: 'max' }),
        (limit, windowMs, steps) => {
          let log = new WindowLog(windowMs, [])
          const written: number[] = []
          const counted: number[] = []
          let clockMs = 1_000_000
          let latestMs = 0
          for (const { afterMs, restarts } of steps) {
            clockMs += afterMs
            // It is at least as late as the latest that the clock has ever said.
            latestMs = Math.max(latestMs, clockMs)
            if (restarts) log = new WindowLog(windowMs, written)
            const turn = log.take(limit, clockMs)
            if (!turn.admitted) continue
            counted.push(latestMs)
            written.push(turn.usedAtMs)
          }
          counted.forEach((use, index) => {
            const next = counted[index + limit]
            expect(next === undefined || next - use >= windowMs).toBe(true)
          })
        },
      ),
      { numRuns: RUNS },
    )
  })
})
