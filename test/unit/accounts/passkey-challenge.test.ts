import { describe, expect, test } from 'vitest'

import { issueChallenge, readChallenge, type ChallengeUse } from '../../../src/accounts/passkey-challenge.ts'
import { fromBase64url, utf8, base64url, fromUtf8 } from '../../../src/platform/encoding.ts'
import { passkeyChallengeTtlSeconds } from '../../../src/platform/factor-bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'

const NOW = 1_800_000_000
const NOW_MS = NOW * 1000
const key = utf8('0123456789abcdef0123456789abcdef')
const use: ChallengeUse = { purpose: 'sign_in', holder: 'browser' }
const challenge = issueChallenge(use, key, systemRandom, NOW_MS)

describe('a challenge', () => {
  test('is read where it was issued, for five minutes to the second', () => {
    const end = NOW_MS + passkeyChallengeTtlSeconds * 1000
    expect(readChallenge(challenge, use, key, end - 1)).toBe(NOW + passkeyChallengeTtlSeconds)
    expect(readChallenge(challenge, use, key, end)).toBeUndefined()
  })

  test('is a new one each time', () => {
    expect(issueChallenge(use, key, systemRandom, NOW_MS)).not.toBe(challenge)
  })

  test.each([
    ['another purpose', { ...use, purpose: 'register' as const }],
    ['another browser', { ...use, holder: 'another' }],
  ])('is worth nothing for %s', (_, other) => {
    expect(readChallenge(challenge, other, key, NOW_MS)).toBeUndefined()
  })

  test('cannot be given a later expiry, nor be made up', () => {
    const text = fromUtf8(fromBase64url(challenge) ?? utf8('')) ?? ''
    const later = base64url(utf8(text.replace(/^\d+/, String(NOW + 9_999))))
    for (const forged of [later, base64url(utf8('random')), 'not base64url!', '']) {
      expect(readChallenge(forged, use, key, NOW_MS)).toBeUndefined()
    }
  })
})
