import { describe, expect, test } from 'vitest'

import { base32 } from '../../../src/platform/base32.ts'
import { utf8 } from '../../../src/platform/encoding.ts'

describe('base32', () => {
  /** RFC 4648 §10, in lower case and without padding. */
  test('gives the test vectors of its specification', () => {
    const texts = ['', 'f', 'fo', 'foo', 'foob', 'fooba', 'foobar']
    expect(texts.map((text) => base32(utf8(text)))).toEqual([
      '',
      'my',
      'mzxq',
      'mzxw6',
      'mzxw6yq',
      'mzxw6ytb',
      'mzxw6ytboi',
    ])
  })

  test('keeps every bit: bytes that differ in one bit give different texts', () => {
    const zeros = base32(new Uint8Array(32))
    const flipped = Array.from({ length: 256 }, (_, bit) => {
      const bytes = new Uint8Array(32)
      bytes[bit >> 3] = 1 << (bit & 7)
      return base32(bytes)
    })
    expect(new Set([zeros, ...flipped]).size).toBe(257)
  })
})
