import { revocationsMax } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'

/** `client` ends all that was issued to a client that has been removed. */
export type RevocationKind = 'grant' | 'token' | 'client'

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
 * Nothing is forgotten before it has expired, not even to make room: whoever is able to fill the set would bring
 * tokens back to life. Once it is full, nobody can say of a token that it is not revoked, and those who ask refuse.
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

  /** Whether something may be revoked that found no room here. */
  get isFull(): boolean {
    return this.#expiries.size >= revocationsMax
  }

  has(kind: RevocationKind, id: string): boolean {
    return this.#expiries.has(entryKey(kind, id))
  }

  /**
   * Adds what this isolate has just revoked itself, so that it does not wait for its own row to come back.
   *
   * What finds no room is not lost: its row is in D1, behind those that the feed has read so far.
   */
  add(kind: RevocationKind, id: string, expires_at: number): void {
    const key = entryKey(kind, id)
    const known = this.#expiries.get(key)
    if (known === undefined && this.isFull) return
    this.#expiries.set(key, Math.max(expires_at, known ?? 0))
  }

  /** Adds rows in their order, up to the first that finds no room: that one and those after it are asked for again. */
  apply(rows: readonly Revocation[], nowMs: number): void {
    const now = epochSeconds(nowMs)
    this.#forgetExpired(now)
    for (const { seq, kind, id, expires_at } of rows) {
      if (expires_at > now) {
        this.add(kind, id, expires_at)
        if (!this.has(kind, id)) return
      }
      this.#seq = Math.max(this.#seq, seq)
    }
  }

  /** Looks at every entry: a token that was revoked late in its life expires before what was revoked earlier. */
  #forgetExpired(now: number): void {
    for (const [key, expires_at] of this.#expiries) {
      if (expires_at <= now) this.#expiries.delete(key)
    }
  }
}

/** Kinds contain no colon, so that two entries never share a key. */
function entryKey(kind: RevocationKind, id: string): string {
  return `${kind}:${id}`
}
