import { describe, expect, test } from 'vitest'

import { mintApiKey, readApiKey } from '../../../src/apikeys/api-key.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'

const macKey = new Uint8Array(32).fill(1)
const minted = mintApiKey('live', macKey, systemRandom)
const text = minted.key.reveal()

function read(presented: string) {
  const result = readApiKey(new Secret(presented), macKey)
  return result.ok ? 'ok' : result.failure.reason
}

/** The same text with one character replaced by another of the alphabet. */
function mistyped(at: number): string {
  return text.slice(0, at) + (text.charAt(at) === 'a' ? 'b' : 'a') + text.slice(at + 1)
}

describe('an API key', () => {
  /** What a leak scanner is told to look for; a change here is a change for every scanner. */
  test('has a form that a leak scanner can match and that one double click selects', () => {
    expect(text).toMatch(/^gwk_live_[a-z2-7]{16}_[a-z2-7]{52}_[a-z2-7]{26}$/)
    expect(mintApiKey('test', macKey, systemRandom).key.reveal()).toMatch(/^gwk_test_/)
    expect(text).toMatch(/^\w+$/)
  })

  test('is read back as it was minted, and stored as the digest of its secret only', () => {
    const { key_id, environment, secret_digest } = minted
    expect(readApiKey(minted.key, macKey)).toEqual({
      ok: true,
      value: { key_id, environment, secret_digest },
    })
    const [, , id = '', secret = ''] = text.split('_')
    expect(key_id).toBe(id)
    expect(secret_digest).toBe(sha256(secret))
    expect(JSON.stringify(minted)).not.toContain(secret)
  })

  test('is another one each time', () => {
    const other = mintApiKey('live', macKey, systemRandom)
    expect(other.key_id).not.toBe(minted.key_id)
    expect(other.secret_digest).not.toBe(minted.secret_digest)
  })

  test('with any one character mistyped is refused without asking anybody', () => {
    const prefix = 'gwk_live_'.length
    for (let at = prefix; at < text.length; at += 1) {
      if (text.charAt(at) === '_') continue
      expect(read(mistyped(at)), `character ${at}`).toBe('key_mac_wrong')
    }
  })

  /** The label is under the MAC too: a test key cannot be relabelled to look like a live one. */
  test('with another label, or under another root secret, is refused', () => {
    expect(read(text.replace('gwk_live_', 'gwk_test_'))).toBe('key_mac_wrong')
    expect(read(mintApiKey('live', new Uint8Array(32).fill(2), systemRandom).key.reveal())).toBe(
      'key_mac_wrong',
    )
  })

  test('is not put together from the parts of two keys', () => {
    const other = mintApiKey('live', macKey, systemRandom).key.reveal().split('_')
    const own = text.split('_')
    for (let part = 2; part < own.length; part += 1) {
      expect(read(own.map((value, index) => (index === part ? other[index] : value)).join('_'))).toBe(
        'key_mac_wrong',
      )
    }
  })

  test('in any other form is malformed', () => {
    const forms = [
      '',
      'gwk_live',
      text.slice(0, -1),
      `${text}a`,
      ` ${text}`,
      `${text}\n`,
      text.toUpperCase(),
      text.replace('gwk_', 'gwr_'),
      text.replace('_live_', '_prod_'),
      text.replaceAll('_', '-'),
      text.replaceAll('_', '__'),
      `${text}_${text}`,
      text.replace(/.$/, '1'),
      text.replace(/.$/, 'ä'),
      'gwk_live_'.repeat(100_000),
    ]
    for (const form of forms) expect(read(form), form.slice(0, 60)).toBe('key_malformed')
  })
})
