import { describe, expect, test } from 'vitest'

import { formCookie, makeFormCookieValue, readFormCookie } from '../../../src/people/form-cookie.ts'
import { systemRandom } from '../../../src/platform/random.ts'

describe('the cookie that a sign-in form is tied to', () => {
  test('is read back from among others', () => {
    const value = makeFormCookieValue(systemRandom)
    const [pair = ''] = formCookie(value).split(';')
    expect(readFormCookie(`a=1; ${pair}; b=2`)).toBe(value)
  })

  test('can be set by this host only, and is out of reach of scripts', () => {
    expect(formCookie('x')).toMatch(/^__Host-[a-z_]+=x; Path=\/; Secure; HttpOnly; SameSite=Lax$/)
  })

  test.each([
    undefined,
    '',
    '__Host-gatewright_form=',
    '__Host-gatewright_form=short',
    'gatewright_form=AAAAAAAAAAAAAAAAAAAAAA',
  ])('%j holds none', (header) => {
    expect(readFormCookie(header)).toBe(undefined)
  })
})
