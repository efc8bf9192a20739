import { describe, expect, test } from 'vitest'

import { Revocations } from '../../../src/grants/revocations.ts'
import { revocationsMax } from '../../../src/platform/bounds.ts'

const NOW = 1_800_000_000
const row = (seq: number, id: string, expires_at = NOW + 3_600) => ({
  seq,
  kind: 'grant' as const,
  id,
  expires_at,
})

describe('the revocations that an isolate has heard of', () => {
  test('kinds do not answer for each other', () => {
    const revocations = new Revocations()
    revocations.add('grant', 'x', NOW + 1)
    expect([
      revocations.has('grant', 'x'),
      revocations.has('token', 'x'),
      revocations.has('grant', 'y'),
    ]).toEqual([true, false, false])
  })

  test('the newest row is remembered, also when it has expired or came before', () => {
    const revocations = new Revocations()
    revocations.apply([row(4, 'a'), row(9, 'expired', NOW)], NOW * 1000)
    revocations.apply([row(4, 'a')], NOW * 1000)
    expect([revocations.seq, revocations.has('grant', 'a'), revocations.has('grant', 'expired')]).toEqual([
      9,
      true,
      false,
    ])
  })

  test('what has expired is dropped, and nothing before', () => {
    const revocations = new Revocations()
    revocations.apply([row(1, 'a', NOW + 10), row(2, 'b', NOW + 20)], NOW * 1000)
    revocations.apply([], (NOW + 10) * 1000)
    expect([revocations.size, revocations.has('grant', 'b')]).toEqual([1, true])
  })

  /** Whoever could make it forget would bring a revoked token back, by revoking a hundred thousand of their own. */
  test('at the bound, nothing that may still be in use is forgotten', () => {
    const revocations = full()
    revocations.add('grant', 'one more', NOW + 3_600)
    expect([
      revocations.isFull,
      revocations.size,
      revocations.has('grant', '1'),
      revocations.has('grant', 'one more'),
    ]).toEqual([true, revocationsMax, true, false])
  })

  test('at the bound, what it holds already may still be held for longer', () => {
    const revocations = full()
    revocations.add('grant', '1', NOW + 3_600)
    revocations.apply([], (NOW + 1_800) * 1000)
    expect([revocations.isFull, revocations.size, revocations.has('grant', '1')]).toEqual([false, 1, true])
  })

  test('at the bound, what has expired makes room, wherever it stands', () => {
    const revocations = full()
    revocations.add('grant', '1', NOW + 3_600)
    revocations.apply([row(revocationsMax + 1, 'new')], (NOW + 1_800) * 1000)
    expect([revocations.isFull, revocations.size, revocations.has('grant', 'new')]).toEqual([false, 2, true])
  })

  test('a row that found no room is asked for again', () => {
    const revocations = full()
    revocations.apply([row(revocationsMax + 1, 'late'), row(revocationsMax + 2, 'later')], NOW * 1000)
    expect([revocations.seq, revocations.has('grant', 'late')]).toEqual([revocationsMax, false])
    const { seq } = revocations
    revocations.apply([row(seq + 1, 'late'), row(seq + 2, 'later')], (NOW + 1_800) * 1000)
    expect([revocations.seq, revocations.isFull, revocations.has('grant', 'late')]).toEqual([
      revocationsMax + 2,
      false,
      true,
    ])
  })
})

/** A set at its bound, all of which expires in half an hour. */
function full(): Revocations {
  const revocations = new Revocations()
  const rows = Array.from({ length: revocationsMax }, (_, at) => row(at + 1, String(at + 1), NOW + 1_800))
  revocations.apply(rows, NOW * 1000)
  return revocations
}
