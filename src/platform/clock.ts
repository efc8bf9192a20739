/** Reads the time as epoch milliseconds. The platform holds it still between I/O, so it never measures work. */
export type Clock = () => number

export const systemClock: Clock = () => Date.now()

/** Epoch seconds, the unit of every `_at`, `exp` and `iat` (RFC 7519 §2, NumericDate). */
export function epochSeconds(nowMs: number): number {
  return Math.floor(nowMs / 1000)
}
