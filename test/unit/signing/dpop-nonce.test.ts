import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { isolateClockSkewSeconds, proofNonceSlotSeconds } from '../../../src/platform/proof-bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { currentNonce, readNonce } from '../../../src/signing/dpop-nonce.ts'

const KEY = systemRandom(32)
const SLOT_MS = proofNonceSlotSeconds * 1000
const SKEW_MS = isolateClockSkewSeconds * 1000
const instants = fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 })

describe('a nonce for proofs', () => {
  test('is taken for at least one slot by an isolate whose clock differs as much as it may', () => {
    const ages = fc.integer({ min: -SKEW_MS, max: SLOT_MS })
    fc.assert(
      fc.property(instants, ages, (madeMs, ageMs) => {
        expect(readNonce(currentNonce(KEY, madeMs), KEY, madeMs + ageMs)).toBeDefined()
      }),
    )
  })

  test('is not taken after two slots, nor once it is said to have expired', () => {
    fc.assert(
      fc.property(instants, fc.integer({ min: 2 * SLOT_MS, max: 100 * SLOT_MS }), (madeMs, ageMs) => {
        const nonce = currentNonce(KEY, madeMs)
        expect(readNonce(nonce, KEY, madeMs + ageMs)).toBeUndefined()
        const { expires_at } = readNonce(nonce, KEY, madeMs) ?? { expires_at: 0 }
        expect(expires_at * 1000).toBeGreaterThan(madeMs + SLOT_MS)
        expect(readNonce(nonce, KEY, expires_at * 1000)).toBeUndefined()
      }),
    )
  })

  test('is current for its own slot only', () => {
    const begin = Math.floor(1_800_000_000_000 / SLOT_MS) * SLOT_MS
    const nonce = currentNonce(KEY, begin)
    expect(readNonce(nonce, KEY, begin + SLOT_MS - 1)?.isCurrent).toBe(true)
    expect(readNonce(nonce, KEY, begin + SLOT_MS)?.isCurrent).toBe(false)
  })

  test('of another deployment is none', () => {
    const nonce = currentNonce(systemRandom(32), 1_800_000_000_000)
    expect(readNonce(nonce, KEY, 1_800_000_000_000)).toBeUndefined()
    expect(readNonce('', KEY, 1_800_000_000_000)).toBeUndefined()
  })
})
