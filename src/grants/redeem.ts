import { fail, ok, type Result } from '../platform/result.ts'
import { findMismatch, type BindingMismatch, type Bound, type Presented } from './grant.ts'

/** A value that works once, known by its digest: nobody who reads the storage can present it. */
export interface OneTime {
  readonly digest: string
  readonly kind: Presented['kind']
  readonly bound: Bound
  readonly issued_at: number
  readonly expires_at: number
  readonly spent_at: number | null
}

export type Refusal =
  | BindingMismatch
  | { readonly reason: 'spent'; readonly spent_at: number }
  | { readonly reason: 'expired' }

/**
 * Spends a one-time value: answers it as it must be stored from now on, or says why it is refused.
 *
 * It is pure and has nothing to wait for. The caller reads, asks, and writes the answer inside one synchronous
 * transaction of the object that owns the value, so that of two requests that arrive together one finds it spent. A
 * read, an `await` and then a write is the race that has been an advisory in more than one product.
 *
 * Bindings come before the spent test: whoever lacks one learns nothing about the value's state, spends nothing, and
 * cannot pass for the owner presenting it twice. Spent comes before expired, because a replay tells of a theft at any age.
 *
 * @see RFC 6749 §4.1.2 and §10.5 (codes work once)
 * @see RFC 9700 §4.14.2 (refresh tokens of public clients)
 * @see RFC 9126 §4 (pushed requests), RFC 8628 §6.1 (user codes)
 * @see RFC 7523 §3 (assertions), RFC 9449 §11.1 (proofs)
 */
export function redeem<T extends OneTime>(
  held: T,
  presented: Presented,
  now: number,
): Result<T & { readonly spent_at: number }, Refusal> {
  const mismatch = findMismatch(held.bound, presented)
  if (mismatch !== undefined) return fail(mismatch)
  if (held.spent_at !== null) return fail({ reason: 'spent', spent_at: held.spent_at })
  if (held.expires_at <= now) return fail({ reason: 'expired' })
  return ok({ ...held, spent_at: now })
}
