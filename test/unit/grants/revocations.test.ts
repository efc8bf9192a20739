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

  test('at the bound, the oldest makes room', () => {
    const revocations = new Revocations()
    for (let id = 0; id <= revocationsMax; id += 1) revocations.add('grant', String(id), NOW + id)
    expect([revocations.size, revocations.has('grant', '0'), revocations.has('grant', '1')]).toEqual([
      revocationsMax,
      false,
      true,
    ])
  })
})
