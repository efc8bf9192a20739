import { describe, expect, test } from 'vitest'

import { addressFault, originFault } from '../../../src/catalog/upstream-address.ts'

const PRODUCTION = { issuer: 'https://gate.example.com', loopbackIsAllowed: false }
const DEVELOPMENT = { issuer: 'http://localhost:8787', loopbackIsAllowed: true }

describe('the address of an upstream', () => {
  test.each(['https://api.example.com', 'https://api.example.com:8443', 'https://xn--bcher-kva.example.com'])(
    'a public https origin is taken: %s',
    (origin) => {
      expect(originFault(origin, PRODUCTION)).toBeUndefined()
    },
  )

  /** Whoever may publish must not reach through us what only we can reach. */
  test.each([
    ['https://10.0.0.1', 'must be a host name, not an address'],
    ['https://0x7f.1', 'must be a host name, not an address'],
    ['https://2130706433', 'must be a host name, not an address'],
    ['https://017700000001', 'must be a host name, not an address'],
    ['https://[::1]', 'must be a host name, not an address'],
    ['https://[::ffff:10.0.0.1]', 'must be a host name, not an address'],
    ['https://intranet', 'must be a fully qualified host name'],
    ['https://localhost', 'must be a fully qualified host name'],
    ['https://db.internal', 'must be a public host name'],
    ['https://printer.local', 'must be a public host name'],
    ['https://a.localhost', 'must be a public host name'],
    ['https://1.0.0.10.in-addr.arpa', 'must be a public host name'],
    ['https://x.onion', 'must be a public host name'],
    ['https://api.example.com.', 'must not end with a dot'],
    ['http://api.example.com', 'must be https'],
    ['ftp://api.example.com', 'must be https'],
    ['http://127.0.0.1:8000', 'must be https'],
    ['https://user:pass@api.example.com', 'must not carry a user name or a password'],
    ['https://api.example.com@evil.example.com', 'must not carry a user name or a password'],
    ['https://api.example.com/path', 'must be scheme, host and port alone'],
    ['https://api.example.com/', 'must be scheme, host and port alone'],
    ['https://api.example.com?x=1', 'must be scheme, host and port alone'],
    ['https://api.example.com#x', 'must not have a fragment'],
    ['https://API.example.com', 'must be scheme, host and port alone, in normal form'],
    ['https://api.example.com:443', 'must be scheme, host and port alone, in normal form'],
    ['api.example.com', 'must be an absolute URL'],
    ['', 'must be an absolute URL'],
  ])('anything else is refused: %s', (origin, message) => {
    expect(originFault(origin, PRODUCTION)).toContain(message)
  })

  test.each([
    'https://gate.example.com',
    'https://gate.example.com:8443',
    'https://GATE.example.com',
    'https://gate.example.com.',
  ])('it is never this gateway, or every request would come round again: %s', (origin) => {
    expect(originFault(origin, PRODUCTION)).toBe('must not be this gateway itself')
  })

  test.each(['http://localhost:8788', 'http://127.0.0.1:8788', 'http://[::1]:8788'])(
    'loopback is taken where the deployment allows it: %s',
    (origin) => {
      expect(originFault(origin, DEVELOPMENT)).toBeUndefined()
    },
  )

  test.each(['http://localhost:8787', 'http://127.0.0.1:8787', 'http://[::1]:8787'])(
    'but not our own port under another name: %s',
    (origin) => {
      expect(originFault(origin, DEVELOPMENT)).toBe('must not be this gateway itself')
    },
  )

  test('allowing loopback allows nothing else', () => {
    expect(originFault('http://192.168.0.1', DEVELOPMENT)).toBe('must be https')
    expect(originFault('https://10.0.0.1', DEVELOPMENT)).toBe('must be a host name, not an address')
  })

  test('a key set may have a path and a query, but keeps to the same hosts', () => {
    expect(addressFault('https://id.example.com/keys?v=1', PRODUCTION)).toBeUndefined()
    expect(addressFault('https://10.0.0.1/keys', PRODUCTION)).toContain('not an address')
  })
})
