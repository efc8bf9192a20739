import { describe, expect, test } from 'vitest'

import { makeRecoveryCodes, recoveryCodeDigest } from '../../../src/accounts/recovery-code.ts'
import { systemRandom } from '../../../src/platform/random.ts'

describe('recovery codes', () => {
  test('are ten, all different, of 80 bits each', () => {
    const codes = makeRecoveryCodes(systemRandom).map((code) => code.reveal())
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^([a-z2-7]{4}-){3}[a-z2-7]{4}$/)
  })

  test('may be typed in capitals, with spaces, or without hyphens', () => {
    const digest = recoveryCodeDigest('alice', 'abcd-efgh-2345-67ab')
    expect(digest).toBeDefined()
    for (const typed of ['ABCDEFGH234567AB', ' abcd efgh 2345 67ab ']) {
      expect(recoveryCodeDigest('alice', typed)).toBe(digest)
    }
  })

  test('of one account are not those of another', () => {
    const code = 'abcd-efgh-2345-67ab'
    expect(recoveryCodeDigest('alice', code)).not.toBe(recoveryCodeDigest('bob', code))
  })

  test.each(['', '123456', 'abcd-efgh-2345-67a', 'abcd-efgh-2345-67a1', 'abcd-efgh-2345-67abc'])(
    'are not %j',
    (typed) => {
      expect(recoveryCodeDigest('alice', typed)).toBeUndefined()
    },
  )
})
