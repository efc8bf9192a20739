import { describe, expect, test } from 'vitest'

import { challenge } from '../../../src/http/challenge.ts'
import { clientAddress } from '../../../src/http/client-address.ts'
import { oauthError } from '../../../src/http/oauth-error.ts'
import { pagePolicy } from '../../../src/http/security-headers.ts'

describe('challenge', () => {
  test('a value cannot end its quote or its line', () => {
    expect(challenge('Bearer', { error: 'a"b\\c\r\nX-Evil: 1' })).toBe('Bearer error="abcX-Evil: 1"')
  })
})

describe('oauthError', () => {
  test('a description keeps to the characters that RFC 6749 §5.2 allows', async () => {
    const answer = oauthError({ error: 'invalid_request', error_description: 'a "quoted" \\ naïve \n text' })
    expect(await answer.json()).toEqual({
      error: 'invalid_request',
      error_description: "a 'quoted' ? na?ve ? text",
    })
  })

  test('only invalid_client and invalid_token are 401, and nothing is cached', () => {
    const statusOf = (error: 'invalid_grant' | 'invalid_client' | 'invalid_token') =>
      oauthError({ error, error_description: 'x' }).status
    expect([statusOf('invalid_grant'), statusOf('invalid_client'), statusOf('invalid_token')]).toEqual([
      400, 401, 401,
    ])
    expect(oauthError({ error: 'invalid_grant', error_description: 'x' }).headers.get('cache-control')).toBe(
      'no-store',
    )
  })
})

describe('clientAddress', () => {
  const address = (value: string) => clientAddress(new Headers({ 'cf-connecting-ip': value }))

  /** Whoever rents one server has 2^64 addresses in a /64; counting them singly counts nothing. */
  test('IPv6 callers are counted by their /64, however the address is written', () => {
    expect(address('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    expect(address('2001:0DB8:0001:0002::9')).toBe('2001:db8:1:2::/64')
    expect(address('2001:db8::1')).toBe('2001:db8:0:0::/64')
    expect(address('::ffff:192.0.2.1')).toBe('0:0:0:0::/64')
  })

  test('what is no address is one caller, so that inventing values gains nothing', () => {
    expect([address('a'), address('1.2.3.4, 5.6.7.8'), address('999.1.1.1')]).toEqual([
      'unknown',
      'unknown',
      'unknown',
    ])
    expect(address('192.0.2.7')).toBe('192.0.2.7')
  })
})

describe('pagePolicy', () => {
  test('no page may be framed, run a script, or send its form elsewhere', () => {
    expect(pagePolicy()).toContain("frame-ancestors 'none'")
    expect(pagePolicy()).toContain("default-src 'none'")
    expect(pagePolicy(['https://app.example.com'])).toContain("form-action 'self' https://app.example.com")
  })
})
