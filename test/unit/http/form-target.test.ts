import { describe, expect, test } from 'vitest'

import { formTarget } from '../../../src/http/form-target.ts'

describe('the form-action source of a redirect URI', () => {
  test.each([
    ['https://app.example/callback?x=1', 'https://app.example'],
    ['https://app.example:8443/callback', 'https://app.example:8443'],
    ['http://localhost:8789/callback', 'http://localhost:8789'],
    ['http://127.0.0.1:50123/', 'http://127.0.0.1:50123'],
    ['com.yourapp:/oauth', 'com.yourapp:'],
  ])('%s is %s', (redirect_uri, source) => {
    expect(formTarget(redirect_uri)).toEqual([source])
  })

  /** A source list has no way to write an IPv6 address. */
  test('an IPv6 loopback opens its scheme', () => {
    expect(formTarget('http://[::1]:50123/cb')).toEqual(['http:'])
  })

  test.each([
    'https://a;sandbox/cb',
    'https://a,b.example/cb',
    "https://a'b.example/cb",
    'https://*/cb',
    'no uri',
  ])('%s opens nothing, because it would write policy of its own', (redirect_uri) => {
    expect(formTarget(redirect_uri)).toEqual([])
  })
})
