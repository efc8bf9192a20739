import { DrizzleQueryError } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'

import { isDatabaseFailure } from '../../../src/db/client.ts'
import { errorPlace, errorText } from '../../../src/platform/log.ts'

const failedQuery = new DrizzleQueryError(
  'insert into clients values (?)',
  ['alice@example.com', 'a-secret-digest'],
  new Error('D1_ERROR: no such table: clients'),
)

describe('errorText', () => {
  /** Drizzle lists the parameters of a failed query in its message: addresses, digests, sealed keys. */
  test('a failed query says what went wrong, and nothing of what it was about', () => {
    expect(errorText(failedQuery)).toBe('D1_ERROR: no such table: clients')
    expect(errorText(new DrizzleQueryError('q', ['alice@example.com']))).toBe('a query failed')
    expect(`${errorPlace(failedQuery)}${errorText(failedQuery)}`).not.toMatch(/alice|digest/)
  })

  test('other errors say their message, and what is no error says nothing', () => {
    expect([errorText(new Error('a bug')), errorText('thrown text')]).toEqual(['a bug', 'not an error'])
  })
})

describe('errorPlace', () => {
  test('a stack comes without the message that it begins with', () => {
    expect(errorPlace(new Error('the secret is 42'))).toMatch(/^\s+at /)
    expect(errorPlace(new Error('the secret is 42\nsecond line'))).not.toContain('42')
  })
})

describe('isDatabaseFailure', () => {
  test('a failed query and an error of D1 itself are, a bug is not', () => {
    expect(isDatabaseFailure(failedQuery)).toBe(true)
    expect(isDatabaseFailure(new Error('D1_ERROR: Network connection lost.'))).toBe(true)
    expect(isDatabaseFailure(new Error('outer', { cause: new Error('D1_ERROR: overloaded') }))).toBe(true)
    expect(isDatabaseFailure(new Error('assertion failed'))).toBe(false)
  })
})
