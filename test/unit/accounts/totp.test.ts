import { describe, expect, test } from 'vitest'

import { hotp, makeTotpSecret, totpStepOf, totpUri, typedTotpSecret } from '../../../src/accounts/totp.ts'
import { base64url, utf8 } from '../../../src/platform/encoding.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'

const key = utf8('12345678901234567890')
const secret = new Secret(base64url(key))

describe('a code', () => {
  /** RFC 4226 Appendix D. */
  test.each([
    [0, '755224'],
    [1, '287082'],
    [2, '359152'],
    [3, '969429'],
    [9, '520489'],
  ])('of counter %i is %s', (counter, code) => {
    expect(hotp(key, counter)).toBe(code)
  })

  /** RFC 6238 Appendix B, SHA-1; the last six of its eight digits. */
  test.each([
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ])('at %i seconds is %s', (seconds, code) => {
    expect(totpStepOf(code, secret, seconds * 1000)).toBe(Math.floor(seconds / 30))
  })

  test('is right one step early and one step late, and no longer', () => {
    const step = 60_000_000
    const code = hotp(key, step)
    const stepsWhenRight = [-2, -1, 0, 1, 2].filter(
      (off) => totpStepOf(code, secret, (step + off) * 30_000) === step,
    )
    expect(stepsWhenRight).toEqual([-1, 0, 1])
  })

  test.each(['', '12345', '1234567', '12345a', '١٢٣٤٥٦', ' 287082'])('is six digits, so not %j', (code) => {
    expect(totpStepOf(code, secret, 59_000)).toBeUndefined()
  })
})

describe('a secret', () => {
  test('has 160 bits that nobody chose', () => {
    const secrets = [makeTotpSecret(systemRandom), makeTotpSecret(systemRandom)].map((made) => made.reveal())
    expect(secrets[0]).not.toBe(secrets[1])
    expect(secrets.map((text) => text.length)).toEqual([27, 27])
  })

  test('is typed in groups of four', () => {
    expect(typedTotpSecret(secret)).toBe('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ')
  })

  test('travels to the app with everything that it needs', () => {
    expect(totpUri(secret, 'alice+1@example.com', 'https://id.example')).toBe(
      'otpauth://totp/id.example:alice%2B1%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=id.example&algorithm=SHA1&digits=6&period=30',
    )
  })
})
