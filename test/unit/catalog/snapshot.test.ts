import { describe, expect, test } from 'vitest'

import { CatalogDocument } from '../../../src/catalog/catalog.contract.ts'
import { readPath } from '../../../src/catalog/request-path.ts'
import { Snapshot } from '../../../src/catalog/snapshot.ts'

const OURS = 'https://gate.example.com'

function snapshotOf(routes: readonly object[]): Snapshot {
  const document = CatalogDocument.parse({
    upstreams: [{ name: 'users', origin: 'https://users.example.com' }],
    routes: routes.map((route) => ({
      method: 'GET',
      upstream: 'users',
      authentication: { api_key: false, tokens: true },
      ...route,
    })),
  })
  return new Snapshot(1, document, OURS)
}

function find(snapshot: Snapshot, method: string, path: string): string {
  const read = readPath(path)
  if (!read.ok) return read.failure.reason
  const match = snapshot.match(method, read.value)
  return match.ok ? `${match.value.method} ${match.value.path}` : match.failure.reason
}

describe('Snapshot', () => {
  const snapshot = snapshotOf([
    { path: '/api/users' },
    { path: '/api/users/{id}' },
    { path: '/api/users/admin' },
    { path: '/api/users/{id}', method: 'DELETE' },
    { path: '/files/{name}' },
    { path: '/' },
  ])

  test.each([
    ['GET', '/api/users', 'GET /api/users'],
    ['GET', '/api/users/7', 'GET /api/users/{id}'],
    ['GET', '/api/users/admin', 'GET /api/users/admin'],
    ['DELETE', '/api/users/admin', 'DELETE /api/users/{id}'],
    ['HEAD', '/api/users', 'GET /api/users'],
    ['GET', '/', 'GET /'],
    ['GET', '/api/%75sers/%61dmin', 'GET /api/users/admin'],
  ])('%s %s is %s', (method, path, expected) => {
    expect(find(snapshot, method, path)).toBe(expected)
  })

  test.each([
    ['POST', '/api/users'],
    ['OPTIONS', '/api/users'],
    ['HEAD', '/api/nothing'],
    ['GET', '/api/users/'],
    ['GET', '/files/'],
    ['GET', '/api'],
    ['GET', '/api/users/7/more'],
    ['GET', '/API/users'],
    ['__proto__', '/api/users'],
    ['GET', '/__proto__'],
  ])('%s %s is nothing: only what is published is reachable', (method, path) => {
    expect(find(snapshot, method, path)).toBe('route_unknown')
  })

  /** The upstream may ignore case, and then `{id}` here would be `admin` there. */
  test('a parameter that is a published literal in other case is refused', () => {
    expect(find(snapshot, 'GET', '/api/users/ADMIN')).toBe('path_ambiguous')
    expect(find(snapshot, 'GET', '/api/users/%41dmin')).toBe('path_ambiguous')
    expect(find(snapshot, 'DELETE', '/api/users/ADMIN')).toBe('DELETE /api/users/{id}')
    expect(find(snapshot, 'GET', '/files/ADMIN')).toBe('GET /files/{name}')
    expect(find(snapshot, 'GET', '/api/users/Admiral')).toBe('GET /api/users/{id}')
  })

  test('`tokens: true` means our own issuer and no other', () => {
    const read = readPath('/api/users')
    const match = read.ok ? snapshot.match('GET', read.value) : read
    expect(match).toMatchObject({ ok: true, value: { issuers: [OURS], takesApiKeys: false } })
  })

  test('5,000 routes, as many as there may be, compile and are found', () => {
    const routes = Array.from({ length: 5_000 }, (_, at) => ({ path: `/api/r${at}/{id}/x${at % 7}` }))
    const many = snapshotOf(routes)
    expect(find(many, 'GET', '/api/r4999/1/x1')).toBe('GET /api/r4999/{id}/x1')
  })
})
