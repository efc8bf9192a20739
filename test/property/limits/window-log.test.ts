import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { WindowLog } from '../../../src/limits/window-log.ts'

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

  take(limit: number, nowMs: number): string {
    const admitted = this.countAt(nowMs) < limit
    if (admitted) this.uses.push(nowMs)
    return `take ${admitted} ${Math.max(0, limit - this.countAt(nowMs))}`
  }

  refund(nowMs: number): boolean {
    if (this.countAt(nowMs) === 0) return false
    this.uses.pop()
    return true
  }
}

/** What the log said to each event, beside what counting everything says. */
function replay(windowMs: number, events: readonly Event[]) {
  const oracle = new Oracle(windowMs)
  const said: string[] = []
  const counted: string[] = []
  let log = new WindowLog(windowMs, [])
  let nowMs = 1_800_000_000_000
  for (const { kind, afterMs, limit } of events) {
    nowMs += afterMs
    if (kind === 'restart') {
      log = new WindowLog(windowMs, oracle.uses)
    } else if (kind === 'refund') {
      said.push(`refund ${log.refund(nowMs)}`)
      counted.push(`refund ${oracle.refund(nowMs)}`)
    } else {
      const { admitted, rate } = log.take(limit, nowMs)
      said.push(`take ${admitted} ${rate.remaining}`)
      counted.push(oracle.take(limit, nowMs))
    }
  }
  return { said, counted }
}

/** For each refusal: whether a request is admitted after the wait it names, and whether a second sooner. */
function waits(windowMs: number, events: readonly Event[]) {
  const uses: number[] = []
  const found: { readonly seconds: number; readonly inTime: boolean; readonly sooner: boolean }[] = []
  let nowMs = 0
  for (const { afterMs, limit } of events) {
    nowMs += afterMs
    const turn = new WindowLog(windowMs, uses).take(limit, nowMs)
    if (turn.admitted) {
      uses.push(nowMs)
      continue
    }
    const seconds = turn.retryAfterSeconds
    const after = (wait: number) => new WindowLog(windowMs, uses).take(limit, nowMs + wait * 1000).admitted
    found.push({ seconds, inTime: after(seconds), sooner: after(seconds - 1) })
  }
  return found
}

/** When each use really was, by a clock that may be set back. */
function trueTimes(windowMs: number, events: readonly Event[]): readonly number[] {
  const times: number[] = []
  const written: number[] = []
  let log = new WindowLog(windowMs, [])
  let clockMs = 1_000_000
  let latestMs = 0
  for (const { kind, afterMs, limit } of events) {
    if (kind === 'restart') {
      log = new WindowLog(windowMs, written)
      continue
    }
    clockMs += afterMs
    latestMs = Math.max(latestMs, clockMs)
    if (kind === 'refund' && log.refund(clockMs)) times.pop()
    if (kind !== 'take') continue
    const turn = log.take(limit, clockMs)
    if (!turn.admitted) continue
    times.push(latestMs)
    written.push(turn.usedAtMs)
  }
  return times
}

describe('the log of a window', () => {
  test('admits exactly when fewer than the limit lie in the window, whatever was refunded or restarted', () => {
    fc.assert(
      fc.property(
        schedule(['take', 'take', 'take', 'take', 'refund', 'restart'], 'changing'),
        ({ windowMs, events }) => {
          const { said, counted } = replay(windowMs, events)
          expect(said).toEqual(counted)
        },
      ),
      { numRuns: RUNS },
    )
  })

  test('never lets more than the limit through in any window, wherever the window begins', () => {
    fc.assert(
      fc.property(schedule(['take'], 'fixed'), ({ windowMs, limit, events }) => {
        const uses = trueTimes(windowMs, events)
        expect(uses.filter((use, index) => (uses[index + limit] ?? Infinity) - use < windowMs)).toEqual([])
      }),
      { numRuns: RUNS },
    )
  })

  test('names in a refusal the first whole second at which a request is admitted again', () => {
    fc.assert(
      fc.property(schedule(['take'], 'changing'), ({ windowMs, events }) => {
        const wrong = waits(windowMs, events).filter(
          ({ seconds, inTime, sooner }) => seconds < 1 || !inTime || sooner,
        )
        expect(wrong).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  /**
   * A slot must not come free because somebody set the clock back; it comes free late instead. The true time is
   * taken to be the latest that the clock has ever said, which is the earliest that it can be.
   */
  test.each(['refund', 'restart'] as const)(
    'never lets too many through while the clock is set back, with a %s',
    (other) => {
      const step = fc.record({ afterMs: fc.integer({ min: -900, max: 1_000 }), isTake: fc.boolean() })
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 20 }),
          fc.integer({ min: 100, max: 5_000 }),
          fc.array(step, { minLength: 1, maxLength: 200, size: 'max' }),
          (limit, windowMs, steps) => {
            const events = steps.map(
              ({ afterMs, isTake }) => ({ afterMs, limit, kind: isTake ? 'take' : other }) as const,
            )
            const uses = trueTimes(windowMs, events)
            expect(uses.filter((use, index) => (uses[index + limit] ?? Infinity) - use < windowMs)).toEqual(
              [],
            )
          },
        ),
        { numRuns: RUNS },
      )
    },
  )
})
