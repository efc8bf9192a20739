import { describe, expect, test } from 'vitest'

import { issueFormToken, verifyFormToken, type FormUse } from '../../../src/people/form-token.ts'
import { formTtlSeconds } from '../../../src/platform/bounds.ts'

const key = new Uint8Array(32).fill(7)
const now = Date.UTC(2026, 10, 22)
const use: FormUse = { form: 'consent', holder: 'session-a', about: 'client_id=spa' }

describe('a form token', () => {
  test('is taken for the form, the browser and the request that it was made for', () => {
    expect(verifyFormToken(issueFormToken(use, key, now), use, key, now)).toBe(true)
  })

  test.each<[string, FormUse]>([
    ['another form', { ...use, form: 'sign_out' }],
    ['another browser', { ...use, holder: 'session-b' }],
    ['another request', { ...use, about: 'client_id=other' }],
    ['the same letters cut differently', { ...use, holder: 'session-aclient_id', about: '=spa' }],
  ])('is refused for %s', (_, other) => {
    expect(verifyFormToken(issueFormToken(use, key, now), other, key, now)).toBe(false)
  })

  test('is refused under another key', () => {
    const token = issueFormToken(use, new Uint8Array(32).fill(8), now)
    expect(verifyFormToken(token, use, key, now)).toBe(false)
  })

  test('works until its last second, and not from then on', () => {
    const token = issueFormToken(use, key, now)
    expect(verifyFormToken(token, use, key, now + formTtlSeconds * 1000 - 1)).toBe(true)
    expect(verifyFormToken(token, use, key, now + formTtlSeconds * 1000)).toBe(false)
  })

  test('cannot be given a longer life by whoever holds it', () => {
    const [expiry = '', mac = ''] = issueFormToken(use, key, now).split('.')
    expect(verifyFormToken(`${Number(expiry) + 1}.${mac}`, use, key, now)).toBe(false)
  })

  test.each([
    undefined,
    '',
    '.',
    '1795000000',
    '1795000000.',
    'NaN.AAAAAAAAAAAAAAAAAAAAAA',
    '9e99.AAAAAAAAAAAAAAAAAAAAAA',
  ])('is refused when it is %j', (token) => {
    expect(verifyFormToken(token, use, key, now)).toBe(false)
  })
})
