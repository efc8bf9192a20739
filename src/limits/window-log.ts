import type { RateState } from '../http/rate-headers.ts'
import { assert } from '../platform/assert.ts'

/** What the log says to one request: it may go on, and was counted, or it must wait, and was not. */
export type Turn =
  | { readonly admitted: true; readonly rate: RateState; readonly usedAtMs: number }
  | { readonly admitted: false; readonly rate: RateState; readonly retryAfterSeconds: number }

const FORGOTTEN_MIN = 32

/**
 * The uses of one limit, exactly: never more than the limit in any window, and no refusal while there are fewer.
 *
 * A use at u counts in every window (x − W, x] that holds it, so a slot is free again at u + W and not before.
 * Counters that start anew with every minute were rejected: they let twice the limit through around the turn.
 *
 * The limit is given with each call, because a plan may change between two of them.
 */
export class WindowLog {
  readonly #windowMs: number
  /** Ascending; those before `#first` have left the window. */
  #uses: number[]
  #first = 0
  /** The latest instant seen. A clock that is set back must not make room: time stands still until it catches up. */
  #latestMs: number

  constructor(windowMs: number, uses: readonly number[]) {
    assert(windowMs > 0, `window above zero, got ${windowMs}`)
    this.#windowMs = windowMs
    this.#uses = [...uses]
    this.#latestMs = this.#uses.at(-1) ?? Number.NEGATIVE_INFINITY
  }

  take(limit: number, nowMs: number): Turn {
    assert(limit >= 1, `limit of at least one, got ${limit}`)
    this.#forget(nowMs)
    const usedAtMs = this.#latestMs
    const admitted = this.#count < limit
    if (admitted) this.#uses.push(usedAtMs)
    const rate = this.#rate(limit, nowMs)
    return admitted
      ? { admitted, rate, usedAtMs }
      : { admitted, rate, retryAfterSeconds: this.#secondsUntilFree(limit, nowMs) }
  }

  /**
   * Takes back the newest use that still counts, and says whether there was one.
   *
   * It may be the use of another request that came while this one was being answered. The log is then older by
   * that short time than it should be, which is accepted: it counts guesses by the minute.
   */
  refund(nowMs: number): boolean {
    this.#forget(nowMs)
    if (this.#count === 0) return false
    this.#uses.pop()
    return true
  }

  get #count(): number {
    return this.#uses.length - this.#first
  }

  #forget(nowMs: number): void {
    this.#latestMs = Math.max(this.#latestMs, nowMs)
    const goneMs = this.#latestMs - this.#windowMs
    while (this.#first < this.#uses.length && this.#useAt(this.#first) <= goneMs) {
      this.#first += 1
    }
    // Cutting only when half is forgotten keeps the cost of one request constant.
    if (this.#first < FORGOTTEN_MIN || this.#first * 2 < this.#uses.length) return
    this.#uses = this.#uses.slice(this.#first)
    this.#first = 0
  }

  #useAt(index: number): number {
    const use = this.#uses[index]
    assert(use !== undefined, `a use at ${index} of ${this.#uses.length}`)
    return use
  }

  #rate(limit: number, nowMs: number): RateState {
    return {
      limit,
      remaining: Math.max(0, limit - this.#count),
      resetSeconds: this.#secondsUntilGone(this.#first, nowMs),
      windowSeconds: Math.ceil(this.#windowMs / 1000),
    }
  }

  /** After a plan was lowered there are more uses than slots, and more than one of them must leave first. */
  #secondsUntilFree(limit: number, nowMs: number): number {
    return this.#secondsUntilGone(this.#uses.length - limit, nowMs)
  }

  #secondsUntilGone(index: number, nowMs: number): number {
    return Math.ceil((this.#useAt(index) + this.#windowMs - nowMs) / 1000)
  }
}
