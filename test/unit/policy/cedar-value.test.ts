import { describe, expect, test } from 'vitest'

import { readCedarRecord } from '../../../src/policy/cedar-value.ts'

describe('readCedarRecord', () => {
  test('takes text, whole numbers, booleans, sets and records as they are', () => {
    const value = { a: 'ä\u0000😀', b: -9007199254740991, c: false, d: [1, ['x']], e: { f: {} } }
    expect(readCedarRecord(value)).toEqual({ ok: true, value })
  })

  test('keeps a member named like an object internal', () => {
    const read = readCedarRecord(JSON.parse('{"__proto__":{"a":1}}'))
    expect(read.ok && Object.entries(read.value)).toEqual([['__proto__', { a: 1 }]])
  })

  test.each([
    ['null', { a: { b: [true, null] } }, ['a', 'b', '1']],
    ['a fraction', { a: 0.5 }, ['a']],
    ['a number that was rounded', { a: Number.NaN }, ['a']],
    ['a number beyond 2^53', { a: [2 ** 53] }, ['a', '0']],
    ['a lone surrogate in a text', { a: '\ud800' }, ['a']],
    ['a lone surrogate in a name', { a: { '\udc00': 1 } }, ['a']],
    ['an entity escape', { a: { __entity: { type: 'User', id: 'alice' } } }, ['a', '__entity']],
    ['an extension escape', { __extn: { fn: 'ip', arg: '::1' } }, ['__extn']],
    ['an expression escape', { a: [{ __expr: 'true' }] }, ['a', '0', '__expr']],
  ])('refuses %s and tells where', (_name, value, path) => {
    expect(readCedarRecord(value)).toMatchObject({ ok: false, failure: { reason: 'value_unfit', path } })
  })

  test.each([['text'], [5], [null], [[]], [undefined]])('refuses %s in place of a record', (value) => {
    expect(readCedarRecord(value)).toMatchObject({ ok: false, failure: { path: [] } })
  })
})
