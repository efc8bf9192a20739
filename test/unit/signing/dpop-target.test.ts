import { describe, expect, test } from 'vitest'

import { normalTarget, targetOf } from '../../../src/signing/dpop-target.ts'

const ISSUER = 'https://gate.example'

describe('the address in a proof', () => {
  test.each([
    ['https://gate.example/oauth/token', '/oauth/token'],
    ['HTTPS://GATE.Example/oauth/token', '/oauth/token'],
    ['https://gate.example:443/oauth/token', '/oauth/token'],
    ['https://gate.example/oauth/token?a=b#c', '/oauth/token'],
    ['https://gate.example', '/'],
    ['https://gate.example/a/./b/../c', '/a/c'],
    ['https://gate.example/%7euser/%2f%2F', '/~user/%2F%2F'],
  ])('%s is that of %s', (htu, path) => {
    expect(normalTarget(htu)).toBe(targetOf(ISSUER, `https://whatever.example${path}`))
  })

  test.each([
    ['another host', 'https://gate.example.evil.example/oauth/token'],
    ['another port', 'https://gate.example:8443/oauth/token'],
    ['another scheme', 'http://gate.example/oauth/token'],
    ['a path in another case', 'https://gate.example/OAuth/token'],
    ['a slash more', 'https://gate.example/oauth/token/'],
    ['two slashes', 'https://gate.example//oauth/token'],
    ['an escaped slash', 'https://gate.example/oauth%2Ftoken'],
    ['a user name', 'https://app@gate.example/oauth/token'],
    ['a backslash', 'https:\\\\gate.example\\oauth\\token'],
    ['a blank', 'https://gate.example/oauth/token '],
    ['a line break', 'https://gate.example/oauth/\ntoken'],
    ['no host', '/oauth/token'],
    ['no http', 'data:gate.example/oauth/token'],
    ['nothing', ''],
  ])('with %s is not that of the token endpoint', (_name, htu) => {
    expect(normalTarget(htu)).not.toBe(targetOf(ISSUER, `${ISSUER}/oauth/token`))
  })

  test('is compared with the issuer, whatever host a request names', () => {
    expect(targetOf(ISSUER, 'http://evil.example:99/a?b')).toBe('https://gate.example/a')
  })
})
