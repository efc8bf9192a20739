import { describe, expect, test } from 'vitest'

import { mintToken, readToken } from '../../../src/grants/opaque-token.ts'
import { deriveKey, sha256 } from '../../../src/platform/digest.ts'
import { utf8 } from '../../../src/platform/encoding.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'

const keysOf = (root: string) => ({
  mac: deriveKey(utf8(root), 'mac'),
  vaultSeal: deriveKey(utf8(root), 'seal'),
})
const keys = keysOf('root')
const vault_id = randomId(systemRandom)
const token = mintToken('refresh_token', vault_id, keys, systemRandom)
const text = token.reveal()

describe('readToken', () => {
  test('a token of ours leads to its vault and to the digest that is stored', () => {
    expect(text).toMatch(/^gwr_[\w-]{22}\.[\w-]{43}\.[\w-]{22}$/)
    expect(readToken('refresh_token', token, keys)).toEqual({ vault_id, digest: sha256(text) })
    expect(mintToken('code', vault_id, keys, systemRandom).reveal()).toMatch(/^gwc_/)
  })

  test('a token of one kind is not one of the other', () => {
    expect(readToken('code', token, keys)).toBeUndefined()
    expect(readToken('code', new Secret(text.replace('gwr_', 'gwc_')), keys)).toBeUndefined()
  })

  test('a token made under another key is not ours', () => {
    expect(readToken('refresh_token', token, keysOf('another root'))).toBeUndefined()
  })

  /** Anybody who has seen a token knows the vault; none of these may reach it. */
  test('no character of a token can be changed, added or left out', () => {
    for (let index = 0; index < text.length; index += 1) {
      const changed = text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1)
      const shortened = text.slice(0, index) + text.slice(index + 1)
      for (const forged of [changed, shortened, text.slice(0, index)])
        expect(readToken('refresh_token', new Secret(forged), keys), forged).toBeUndefined()
    }
    for (const forged of [
      `${text}A`,
      `${text}=`,
      `${text} `,
      ` ${text}`,
      `${text}\n`,
      text.toUpperCase(),
      '',
    ])
      expect(readToken('refresh_token', new Secret(forged), keys), forged).toBeUndefined()
  })

  /** Pairwise subjects would hide nothing if tokens of two clients named the same vault. */
  test('two tokens of one vault have no identifier in common, and neither shows it', () => {
    const ids = ['code', 'refresh_token', 'refresh_token'] as const
    const shown = ids.map((kind) => mintToken(kind, vault_id, keys, systemRandom).reveal().slice(4, 26))
    expect(new Set([...shown, vault_id]).size).toBe(4)
  })

  test('the identifier of another vault does not go with the MAC of this one', () => {
    const another = mintToken('refresh_token', randomId(systemRandom), keys, systemRandom).reveal()
    const grafted = another.slice(0, 26) + text.slice(26)
    expect(readToken('refresh_token', new Secret(grafted), keys)).toBeUndefined()
  })
})

describe('mintToken', () => {
  test('a vault id that a token could not be read back from is a bug', () => {
    expect(() => mintToken('code', 'short', keys, systemRandom)).toThrow('vault id of 16 bytes in base64url')
  })
})
