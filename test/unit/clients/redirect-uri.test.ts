import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { matchesRedirectUri, redirectUriFault } from '../../../src/clients/redirect-uri.ts'

const web = { application_type: 'web', loopbackIsAllowed: false } as const
const native = { application_type: 'native', loopbackIsAllowed: false } as const
const development = { application_type: 'web', loopbackIsAllowed: true } as const

const registered = [
  'https://app.example/callback',
  'https://app.example/callback?tenant=1',
  'http://127.0.0.1/cb',
  'http://[::1]:4000/cb?x=1',
  'http://localhost:8789/callback',
  'com.yourapp:/oauth',
]

describe('a redirect URI matches', () => {
  test.each(registered)('when it is registered to the letter: %s', (uri) => {
    expect(matchesRedirectUri(uri, registered)).toBe(true)
  })

  /** RFC 8252 §7.3. */
  test.each(['http://127.0.0.1:51234/cb', 'http://[::1]/cb?x=1', 'http://[::1]:65535/cb?x=1'])(
    'with any port on a loopback address: %s',
    (uri) => {
      expect(matchesRedirectUri(uri, registered)).toBe(true)
    },
  )

  test.each([
    'https://app.example/callback/',
    'https://app.example/callback/../steal',
    'https://app.example/callback?',
    'https://app.example/callback?tenant=2',
    'https://app.example/callback?tenant=1&next=https://evil.example',
    'https://app.example/callback#code',
    'https://app.example:443/callback',
    'https://APP.example/callback',
    'HTTPS://app.example/callback',
    'https://app.example/CALLBACK',
    'https://app.example/%63allback',
    'https://app.example\\@evil.example/callback',
    'https://app.example.evil.example/callback',
    'https://app.example@evil.example/callback',
    'http://app.example/callback',
    ' https://app.example/callback',
    'https://app.example/callback\n',
    'http://localhost:8790/callback',
    'http://localhost/callback',
    'http://127.0.0.1:0/cb',
    'http://127.0.0.1:65536/cb',
    'http://127.0.0.1:/cb',
    'http://127.0.0.1:080/cb',
    'http://127.0.0.1:80@evil.example/cb',
    'http://127.0.0.1:80.evil.example/cb',
    'http://127.0.0.1.evil.example/cb',
    'http://127.0.0.2:80/cb',
    'http://127.1:80/cb',
    'http://2130706433:80/cb',
    'http://[::1]:4000/cb',
    'http://[0:0:0:0:0:0:0:1]:4000/cb?x=1',
    'https://127.0.0.1:51234/cb',
    'com.yourapp://oauth',
    'com.yourapp:/oauth/',
    'COM.yourapp:/oauth',
    '',
  ])('never when it is another one: %j', (uri) => {
    expect(matchesRedirectUri(uri, registered)).toBe(false)
  })

  test('nothing when nothing is registered', () => {
    expect(matchesRedirectUri('https://app.example/callback', [])).toBe(false)
    expect(matchesRedirectUri('', [])).toBe(false)
  })
})

/** Changes a URI as an attacker would: by one piece that parsers disagree on, anywhere. */
const piece = fc.constantFrom(
  '/',
  '//',
  '.',
  '..',
  '@',
  ':',
  '?',
  '#',
  '\\',
  '%2f',
  '%00',
  ' ',
  '\n',
  '\t',
  'a',
  'A',
  '0',
  '*',
  'evil.example',
)

const altered = fc
  .tuple(fc.constantFrom(...registered), fc.nat(60), fc.nat(3), fc.oneof(piece, fc.string({ maxLength: 6 })))
  .map(([uri, at, cut, text]) => `${uri.slice(0, at)}${text}${uri.slice(at + cut)}`)

/** What RFC 8252 §7.3 lets differ, told from the code under test by another route: the platform's URL parser. */
function isPortVariant(uri: string): boolean {
  return registered.some((one) => {
    const url = URL.parse(uri)
    const isLoopback = /^http:\/\/(127\.0\.0\.1|\[::1\])(:|\/|\?|$)/.test(one) && url?.href !== undefined
    return isLoopback && withoutPort(uri) === withoutPort(one)
  })
}

function withoutPort(uri: string): string {
  return uri.replace(/^(http:\/\/(?:127\.0\.0\.1|\[::1\])):[1-9]\d*(?=[/?]|$)/, '$1')
}

describe('no URI that was not registered', () => {
  /** RFC 9700 §2.1. Whoever gets a foreign URI matched gets the code. */
  test('matches, however a registered one is altered, unless only the port of a loopback address differs', () => {
    fc.assert(
      fc.property(fc.oneof(altered, fc.webUrl(), fc.string()), (uri) => {
        expect(matchesRedirectUri(uri, registered)).toBe(registered.includes(uri) || isPortVariant(uri))
      }),
      { numRuns: 2_000 },
    )
  })

  test('leads a browser to another host, whichever of the two URIs it reads', () => {
    fc.assert(
      fc.property(altered, (uri) => {
        fc.pre(matchesRedirectUri(uri, registered))
        const hosts = registered.map((one) => URL.parse(one)?.hostname)
        expect(hosts).toContain(URL.parse(uri)?.hostname)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('a redirect URI may be registered', () => {
  test.each([
    ['https://app.example/callback', web],
    ['https://app.example', web],
    ['https://app.example:8443/callback?tenant=1', web],
    ['com.yourapp:/oauth', web],
    ['com.yourapp:/oauth', native],
    ['com.yourapp://oauth/callback', native],
    ['http://127.0.0.1/cb', native],
    ['http://[::1]:4000/cb', native],
    ['http://localhost:8789/callback', native],
    ['http://localhost:8789/callback', development],
  ] as const)('%s', (uri, policy) => {
    expect(redirectUriFault(uri, policy)).toBeUndefined()
  })
})

describe('a redirect URI is refused', () => {
  test.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'javascript://app.example/%0aalert(1)',
    'data:text/html,x',
    'vbscript:x',
    'blob:https://app.example/1',
    'file:///etc/passwd',
  ])('when a browser would execute it: %s', (uri) => {
    expect(redirectUriFault(uri, development)).toMatch(/executes/)
  })

  test.each([
    ['a fragment', 'https://app.example/cb#x', /fragment/],
    ['an empty fragment', 'https://app.example/cb#', /fragment/],
    ['a relative path', '/cb', /absolute/],
    ['a scheme-relative reference', '//evil.example/cb', /absolute/],
    ['a private-use scheme without a dot', 'myapp:/oauth', /dot/],
    ['plain http', 'http://app.example/cb', /https/],
    ['plain http that looks like loopback', 'http://127.0.0.1.evil.example/cb', /https/],
    ['plain http to another host by user name', 'http://localhost:80@evil.example/cb', /https/],
    ['user name and password', 'https://user:pass@app.example/cb', /user name/],
    ['a user name', 'https://app.example@evil.example/cb', /user name/],
    ['no host', 'https:app.example/cb', /host/],
    ['a backslash', 'https://app.example\\@evil.example/cb', /ASCII/],
    ['a space', 'https://app.example/c b', /ASCII/],
    ['a line break', 'https://app.example/cb\r\nSet-Cookie: a=b', /ASCII/],
    ['a letter that only looks like one', 'https://аpp.example/cb', /ASCII/],
    ['a quote', 'https://app.example/"onload="x', /ASCII/],
  ])('with %s', (_name, uri, message) => {
    expect(redirectUriFault(uri, development)).toMatch(message)
  })

  test('on loopback for a web client outside development', () => {
    expect(redirectUriFault('http://localhost:8789/callback', web)).toMatch(/native/)
  })

  test('without a throw, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), altered, fc.webUrl()), (uri) => {
        expect(redirectUriFault(uri, web) ?? '').not.toMatch(/undefined/)
      }),
    )
  })
})
