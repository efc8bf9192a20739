import { describe, expect, test } from 'vitest'

import { catalogFaults, removedPlanFaults } from '../../../src/catalog/catalog-faults.ts'
import { CatalogDocument } from '../../../src/catalog/catalog.contract.ts'

const RULES = { issuer: 'https://gate.example.com', loopbackIsAllowed: false }
const ISSUER = {
  issuer: 'https://id.example.com',
  jwks_uri: 'https://id.example.com/jwks',
  audience: 'https://gate.example.com',
  algorithms: ['ES256'],
}

function route(path: string, changes: object = {}) {
  return {
    method: 'GET',
    path,
    upstream: 'users',
    authentication: { api_key: true, tokens: true },
    ...changes,
  }
}

function faultsOf(changes: object) {
  const document = CatalogDocument.parse({
    upstreams: [{ name: 'users', origin: 'https://users.example.com' }],
    routes: [],
    ...changes,
  })
  return catalogFaults(document, RULES).map(({ pointer, message }) => `${pointer} ${message}`)
}

describe('catalogFaults', () => {
  test('a catalogue in order has none', () => {
    const routes = [
      route('/api/users', { scopes: ['read'] }),
      route('/api/users', { method: 'POST' }),
      route('/api/users/{id}', { authentication: { api_key: false, tokens: [ISSUER.issuer, RULES.issuer] } }),
      route('/api/users/me', { allowed_origins: ['https://app.example.com', 'http://localhost:8789'] }),
      route('/open', { authentication: { api_key: false, tokens: false }, allowed_origins: ['*'] }),
    ]
    expect(faultsOf({ routes, trusted_issuers: [ISSUER] })).toEqual([])
  })

  /** Whoever mends one fault at a time publishes in between. */
  test('all faults are listed, each where it lies', () => {
    const faults = faultsOf({
      upstreams: [
        { name: 'users', origin: 'https://10.0.0.1' },
        { name: 'users', origin: 'https://gate.example.com' },
      ],
      trusted_issuers: [{ ...ISSUER, issuer: RULES.issuer, jwks_uri: 'http://id.example.com/jwks' }],
      plans: [
        { name: 'races', requests_per_second: 1, token_requests_per_minute: 1 },
        { name: 'races', requests_per_second: 2, token_requests_per_minute: 1 },
      ],
      routes: [
        route('/a//b', { upstream: 'nowhere' }),
        route('/open', { authentication: { api_key: false, tokens: false }, scopes: ['read'] }),
        route('/f', { authentication: { api_key: false, tokens: ['https://stranger.example.com'] } }),
        route('/o', { allowed_origins: ['https://app.example.com/', '*', 'null'] }),
      ],
    })
    expect(faults).toEqual([
      '/body/upstreams/1/name is already taken by /body/upstreams/0',
      '/body/plans/1/name is already taken by /body/plans/0',
      '/body/upstreams/0/origin must be a host name, not an address',
      '/body/upstreams/1/origin must not be this gateway itself',
      '/body/trusted_issuers/0/issuer must not be this gateway, which is trusted already',
      '/body/trusted_issuers/0/jwks_uri must be https',
      '/body/routes/0/path must not have an empty segment, at the end neither',
      '/body/routes/0/upstream no upstream is named nowhere',
      '/body/routes/1/scopes nobody has a scope where no credential is taken',
      '/body/routes/2/authentication/tokens/0 is not a trusted issuer',
      '/body/routes/3/allowed_origins/0 must be an origin as browsers send it, https://host[:port]',
      '/body/routes/3/allowed_origins/1 must stand alone',
      '/body/routes/3/allowed_origins/2 must be an origin as browsers send it, https://host[:port]',
    ])
  })

  test('routes that take the same requests are refused, whatever their parameters are called', () => {
    expect(faultsOf({ routes: [route('/users/{id}/x'), route('/b'), route('/users/{name}/x')] })).toEqual([
      '/body/routes/2/path takes the same requests as /body/routes/0',
    ])
  })

  test('routes that differ only in case are refused, since many upstreams cannot tell them apart', () => {
    expect(faultsOf({ routes: [route('/Users/{id}'), route('/users/{id}')] })).toEqual([
      '/body/routes/1/path differs from /body/routes/0 only in case',
    ])
  })

  test('one path may have a route for each method', () => {
    expect(faultsOf({ routes: [route('/a'), route('/a', { method: 'DELETE' })] })).toEqual([])
  })

  test('a plan that somebody is on cannot be taken away', () => {
    const document = CatalogDocument.parse({
      upstreams: [],
      routes: [],
      plans: [{ name: 'kept', requests_per_second: 1, token_requests_per_minute: 1 }],
    })
    expect(removedPlanFaults(document, ['kept', 'gone'])).toEqual([
      { pointer: '/body/plans', message: 'the plan gone is in use and must stay' },
    ])
  })
})

describe('CatalogDocument', () => {
  test.each([
    ['an unknown member', { version: 1, extra: true }],
    ['an unknown member of a route', { routes: [route('/a', { policy: 'x' })] }],
    [
      'a route that does not say who may call',
      { routes: [{ method: 'GET', path: '/a', upstream: 'users' }] },
    ],
    ['a method that cannot be published', { routes: [route('/a', { method: 'TRACE' })] }],
    ['an algorithm that is none', { trusted_issuers: [{ ...ISSUER, algorithms: ['none'] }] }],
    ['an algorithm with a shared secret', { trusted_issuers: [{ ...ISSUER, algorithms: ['HS256'] }] }],
    ['no algorithm', { trusted_issuers: [{ ...ISSUER, algorithms: [] }] }],
    ['a limit of nothing', { plans: [{ name: 'a', requests_per_second: 0, token_requests_per_minute: 1 }] }],
    ['a scope of two words', { routes: [route('/a', { scopes: ['read write'] })] }],
    [
      'a timeout over the bound',
      { upstreams: [{ name: 'a', origin: 'https://a.example.com', timeout_ms: 30_001 }] },
    ],
    ['a name that is not one', { upstreams: [{ name: 'A b', origin: 'https://a.example.com' }] }],
  ])('it is refused by its shape: %s', (_name, changes) => {
    const document = { upstreams: [], routes: [], ...changes }
    expect(CatalogDocument.safeParse(document).success).toBe(false)
  })
})
