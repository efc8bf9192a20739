import { describe, expect, test } from 'vitest'

import { seenProofsMax } from '../../../src/platform/proof-bounds.ts'
import { ProofMemory } from '../../../src/signing/dpop-memory.ts'

const use = (owner: string, jti: string) => ({ kind: 'proof' as const, owner, jti, expires_at: 0 })

describe('the proofs that an isolate has seen', () => {
  test('are found again by key and jti together', async () => {
    const memory = new ProofMemory()
    expect(await memory.spendOnce(use('key', 'one'))).toBe('first')
    expect(await memory.spendOnce(use('key', 'one'))).toBe('repeated')
    expect(await memory.spendOnce(use('key', 'two'))).toBe('first')
    expect(await memory.spendOnce(use('other', 'one'))).toBe('first')
  })

  test('do not grow without end: the oldest is forgotten', async () => {
    const memory = new ProofMemory()
    for (let at = 0; at <= seenProofsMax; at += 1) await memory.spendOnce(use('key', String(at)))
    expect(await memory.spendOnce(use('key', '1'))).toBe('repeated')
    expect(await memory.spendOnce(use('key', '0'))).toBe('first')
  })
})
