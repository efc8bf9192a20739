import { describe, expect, test } from 'vitest'

import { formatScope, isWithin, parseScope } from '../../../src/grants/scope.ts'
import { scopeCharactersMax } from '../../../src/platform/bounds.ts'

describe('parseScope', () => {
  test('tokens keep their order and are listed once', () => {
    expect(parseScope('openid read:users openid email')).toEqual({
      ok: true,
      value: ['openid', 'read:users', 'email'],
    })
    expect(parseScope('')).toEqual({ ok: true, value: [] })
  })

  /** RFC 6749 §3.3 allows printable ASCII but space, quotation mark and backslash, and one space between tokens. */
  test.each([
    'a  b',
    ' a',
    'a ',
    'a\tb',
    'a\nb',
    'a"b',
    'a\\b',
    'é',
    'a\u0000',
    'a'.repeat(scopeCharactersMax + 1),
  ])('refuses %j', (text) => {
    expect(parseScope(text)).toEqual({ ok: false, failure: { reason: 'scope_malformed' } })
  })

  test('what was parsed reads the same when it is written again', () => {
    const parsed = parseScope('openid read')
    expect(parsed.ok && formatScope(parsed.value)).toBe('openid read')
  })
})

describe('isWithin', () => {
  test('every token must be allowed, by exactly its spelling', () => {
    expect(isWithin(['read'], ['openid', 'read'])).toBe(true)
    expect(isWithin([], ['read'])).toBe(true)
    for (const scope of ['write', 'READ', 'rea', 'read:users', 'read '])
      expect(isWithin([scope], ['read'])).toBe(false)
  })
})
