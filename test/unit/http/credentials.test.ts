import { describe, expect, test } from 'vitest'

import { readCredentials } from '../../../src/http/credentials.ts'

const basic = (text: string) => `Basic ${btoa(text)}`

describe('readCredentials', () => {
  test('schemes are known in any case, and others are malformed, not absent', () => {
    expect(readCredentials('bEARER abc')).toMatchObject({ scheme: 'bearer' })
    expect(readCredentials('ApiKey abc')).toMatchObject({ scheme: 'apikey' })
    expect(readCredentials('Digest abc')).toEqual({ scheme: 'malformed' })
    expect(readCredentials(undefined)).toEqual({ scheme: 'none' })
  })

  test('a scheme without a value, with two values, or with control characters is malformed', () => {
    for (const header of ['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a\u0000b', 'Bearer ä', ' Bearer a']) {
      expect(readCredentials(header), header).toEqual({ scheme: 'malformed' })
    }
  })

  /** RFC 6749 §2.3.1: both parts are form-urlencoded before they are joined by the colon. */
  test('Basic parts are form-urldecoded, so that colons and spaces in them survive', () => {
    const read = readCredentials(basic('cl%3Aient+one:se%3Acret%2B'))
    expect(read).toMatchObject({ scheme: 'basic', user: 'cl:ient one' })
    expect(read.scheme === 'basic' && read.password.reveal()).toBe('se:cret+')
  })

  test('Basic that is not base64, not UTF-8, without a user, or with a broken escape is malformed', () => {
    for (const header of [
      'Basic !!!',
      `Basic ${btoa('\xff\xfe:a')}`,
      basic(':secret'),
      basic('nocolon'),
      basic('a:%'),
    ]) {
      expect(readCredentials(header), header).toEqual({ scheme: 'malformed' })
    }
  })

  test('a secret does not show when it is printed', () => {
    expect(JSON.stringify(readCredentials('Bearer topsecret'))).not.toContain('topsecret')
  })
})
