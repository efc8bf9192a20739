import { revocationsMax } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'

export type RevocationKind = 'grant' | 'token'

/** A row of the `revocations` table, as the snapshot feed reads it. */
export interface Revocation {
  readonly seq: number
  readonly kind: RevocationKind
  readonly id: string
  readonly expires_at: number
}

/**
 * What was revoked while tokens that name it may still be unexpired, as far as this isolate has heard.
 *
 * Rows come in the order they were written, and each outlives its tokens by a fixed time, so the first in the
 * map is about the first to expire. It is therefore also the one to forget when the bound is reached.
 */
export class Revocations {
  readonly #expiries = new Map<string, number>()
  #seq = 0

  /** The newest row applied; the feed asks for those after it. */
  get seq(): number {
    return this.#seq
  }

  get size(): number {
    return this.#expiries.size
  }

  has(kind: RevocationKind, id: string): boolean {
    return this.#expiries.has(entryKey(kind, id))
  }

  /** Adds what this isolate has just revoked itself, so that it does not wait for its own row to come back. */
  add(kind: RevocationKind, id: string, expires_at: number): void {
    const key = entryKey(kind, id)
    this.#expiries.set(key, Math.max(expires_at, this.#expiries.get(key) ?? 0))
    if (this.#expiries.size <= revocationsMax) return
    const oldest = this.#expiries.keys().next()
    if (!oldest.done) this.#expiries.delete(oldest.value)
  }

  apply(rows: readonly Revocation[], nowMs: number): void {
    const now = epochSeconds(nowMs)
    for (const row of rows) {
      if (row.expires_at > now) this.add(row.kind, row.id, row.expires_at)
      this.#seq = Math.max(this.#seq, row.seq)
    }
    for (const [key, expires_at] of this.#expiries) {
      if (expires_at > now) break
      this.#expiries.delete(key)
    }
  }
}

/** Kinds contain no colon, so that two entries never share a key. */
function entryKey(kind: RevocationKind, id: string): string {
  return `${kind}:${id}`
}
