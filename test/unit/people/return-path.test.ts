import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { returnPath } from '../../../src/people/return-path.contract.ts'
import { authorizationQuery, signInPath } from '../../../src/people/return-path.ts'

const origin = 'https://auth.example.com'

describe('the path that sign-in leads on to', () => {
  test.each([
    '/account',
    '/account/sessions',
    '/oauth/authorize?client_id=spa&state=a%20b',
    '/oauth/authorize?x=//evil.example',
  ])('may be %s', (path) => {
    expect(returnPath.parse(path)).toBe(path)
  })

  test('is the account page when nothing is said', () => {
    expect(returnPath.parse(undefined)).toBe('/account')
  })

  test.each([
    '',
    '/',
    '//evil.example',
    '//evil.example/oauth/authorize?x',
    '/\\evil.example',
    '\\\\evil.example',
    'https://evil.example/account',
    'https:/oauth/authorize?x',
    'javascript:alert(1)',
    'account',
    '/account/../sign-out',
    '/account/',
    '/account//evil.example',
    '/accounts',
    '/account/sessions?x',
    '/account/%2e%2e/sign-out',
    '/account?x',
    '/account#x',
    '/account\n',
    '/\t/evil.example',
    ' /account',
    '/oauth/authorize',
    '/oauth/authorize?',
    '/oauth/authorize/../../evil?x',
    '/oauth//authorize?x',
    '/oauth%2fauthorize?x',
    '/oauth/authorize?a\\b',
    '/oauth/authorize?a#b',
    '/oauth/authorize?a\r\nset-cookie: x=1',
    '/oauth/authorize?a b',
    '/oauth/authorize?ä',
    '/OAUTH/authorize?x',
    '/consent?x',
    `/oauth/authorize?${'a'.repeat(8 * 1024)}`,
  ])('may not be %j', (path) => {
    expect(returnPath.safeParse(path).success).toBe(false)
  })

  /** Whatever passes is read by a URL parser as a path of one of the two kinds, on our own origin, with nothing changed. */
  test('always means our own origin', () => {
    const tricks = fc.constantFrom(
      ...'/\\?#:.%2f@\t\n\r\0 axé;,',
      '//',
      '/account',
      '/oauth/authorize?',
      'https:',
    )
    const path = fc
      .tuple(
        fc.constantFrom('', '/', '/account', '/oauth/authorize?', 'https://evil.example'),
        fc.string({ unit: tricks, maxLength: 12 }),
      )
      .map(([start, rest]) => start + rest)
    fc.assert(
      fc.property(path, (text) => {
        if (!returnPath.safeParse(text).success) return true
        const url = new URL(text, origin)
        const isOurs = /^\/account(?:\/[a-z-]+)*$/.test(url.pathname) || url.pathname === '/oauth/authorize'
        return isOurs && url.origin === origin && url.hash === ''
      }),
      { numRuns: 5_000 },
    )
  })
})

describe('a path back to an authorization request', () => {
  test('gives its query back as it was', () => {
    expect(authorizationQuery('/oauth/authorize?a=1&b=%2F')).toBe('a=1&b=%2F')
    expect(authorizationQuery('/account')).toBe(undefined)
  })

  test('survives the trip through the sign-in link', () => {
    const path = '/oauth/authorize?redirect_uri=http%3A%2F%2Flocalhost%3A8789%2Fcallback&scope=openid+email'
    expect(new URL(signInPath(path), origin).searchParams.get('continue')).toBe(path)
  })
})
