import { isolateClockSkewSeconds, proofNonceSlotSeconds } from '../platform/proof-bounds.ts'
import { constantTimeEqual, mac128 } from '../platform/digest.ts'

/** A nonce of ours that is still good. */
export interface ProofNonce {
  readonly isCurrent: boolean
  /** Epoch seconds from which no isolate takes it any more, by the slowest of their clocks. */
  readonly expires_at: number
}

/**
 * The nonce that proofs are to carry now: a MAC over the slot of time that it begins in.
 *
 * Nothing is stored, and every isolate makes the same one. Everybody gets it, because it is no secret. It shows that
 * a proof was not made before its slot, so that somebody who could use the key for a moment cannot put proofs aside.
 *
 * @see RFC 9449 §8, §11.2
 */
export function currentNonce(key: Uint8Array, nowMs: number): string {
  return nonceOf(slotAt(nowMs), key)
}

/** Recognises a nonce of this slot or of the one before, or of the next where another isolate's clock is ahead. */
export function readNonce(nonce: string, key: Uint8Array, nowMs: number): ProofNonce | undefined {
  const current = slotAt(nowMs)
  const newest = slotAt(nowMs + isolateClockSkewSeconds * 1000)
  for (let slot = newest; slot >= current - 1; slot -= 1) {
    if (!constantTimeEqual(nonce, nonceOf(slot, key))) continue
    return {
      isCurrent: slot >= current,
      expires_at: (slot + 2) * proofNonceSlotSeconds + isolateClockSkewSeconds,
    }
  }
  return undefined
}

function slotAt(ms: number): number {
  return Math.floor(ms / (proofNonceSlotSeconds * 1000))
}

function nonceOf(slot: number, key: Uint8Array): string {
  return mac128(key, String(slot))
}
