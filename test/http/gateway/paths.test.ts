import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { answers, startLoopback, type Loopback } from '../../support/gateway/loopback.ts'
import { startPublished } from '../../support/gateway/publish.ts'
import { exchange, headerOf } from '../../support/gateway/wire.ts'
import type { TestServer } from '../../support/server.ts'

const OPEN = { api_key: false, tokens: false }

let server: TestServer
let upstream: Loopback

beforeAll(async () => {
  upstream = await startLoopback({ '*': answers('200 OK', [], 'reached') })
  server = await startPublished({
    upstreams: [{ name: 'loopback', origin: upstream.origin }],
    routes: ['/', '/api/users', '/api/users/{id}', '/{anything}'].map((path) => ({
      method: 'GET',
      path,
      upstream: 'loopback',
      authentication: OPEN,
    })),
  })
})
afterAll(async () => {
  await server.close()
  await upstream.close()
})

const get = (target: string, ...headers: string[]) =>
  exchange(server.url, [`GET ${target} HTTP/1.1`, ...headers])
const reached = () => upstream.arrivals.map(({ target }) => target)

describe('a path trick over the wire', () => {
  test.each([
    '//api/users',
    '/api//users',
    '/api/users//',
    '/api%2Fusers',
    '/api%5Cusers',
    '/api/users;x',
    '/api/users/..%2f..%2fadmin',
    '/api/users/%2e%2e%2fadmin',
    '/api/users/..;/admin',
    '/api/users/%252e%252e',
    '/api/users/a%00b',
    '/api/users/%c0%af',
    '/api/users/%',
    '//evil.example/x',
  ])('is refused with its fault, and nothing is forwarded: %s', async (target) => {
    const before = reached().length
    const answer = await get(target)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: {
        code: 'path_ambiguous',
        details: { faults: [{ pointer: '/path' }], request_id: headerOf(answer, 'x-request-id') },
      },
    })
    expect(reached()).toHaveLength(before)
  })

  /** Whoever stands in front resolves these, as RFC 3986 §5.2.4 says; we and the upstream see the same path. */
  test.each([
    ['/api/x/../users', '/api/users'],
    ['/api/x/%2e%2e/users', '/api/users'],
    ['/api/./users', '/api/users'],
    ['/api\\users', '/api/users'],
    ['/../../api/users', '/api/users'],
  ])('that is resolved before it comes here is one path for all: %s', async (target, resolved) => {
    const marked = `${target}?${encodeURIComponent(target)}`
    expect((await get(marked)).status).toBe(200)
    expect(reached()).toContain(`${resolved}?${encodeURIComponent(target)}`)
  })

  test('an absolute target chooses no other host', async () => {
    expect((await get('http://evil.example/api/users?absolute')).status).toBe(200)
    const arrival = await upstream.arrivalOf('/api/users?absolute')
    expect(arrival.headers.find(([name]) => name === 'host')?.[1]).toBe(new URL(upstream.origin).host)
  })

  /** Our own doors are not to be had through a route that takes any path. */
  test.each(['/oauth/nothing', '/v1/nothing', '/.well-known/nothing', '/%6fauth/nothing'])(
    'what is ours and is not there is not looked for behind the gateway: %s',
    async (target) => {
      expect((await get(target)).status).toBe(404)
      expect(reached()).not.toContain(target)
    },
  )
})

describe('a header trick over the wire', () => {
  test('a WebSocket handshake is refused', async () => {
    const answer = await exchange(server.url, [
      'GET /api/users?websocket HTTP/1.1',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ])
    expect(answer.status).toBe(501)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'upgrade_unsupported' } })
    expect(reached()).not.toContain('/api/users?websocket')
  })

  test('identities and proxies that the caller makes up do not arrive', async () => {
    await get(
      '/api/users?lies',
      'X-Auth-Subject: lie',
      'X_Auth_Scopes: lie',
      'X-Forwarded-For: lie',
      'X-Forwarded-Host: lie',
      'Forwarded: for=lie',
      'X-Original-URL: /lie',
      'X-HTTP-Method-Override: DELETE-lie',
      'X-Request-Id: lie',
    )
    const arrival = await upstream.arrivalOf('/api/users?lies')
    expect(arrival.headers.filter(([, value]) => value.includes('lie'))).toEqual([])
  })
})

describe('an unknown method', () => {
  test.each(['POST', 'TRACE', 'PROPFIND', 'OPTIONS'])('on a known path is 404: %s', async (method) => {
    expect((await exchange(server.url, [`${method} /api/users?${method} HTTP/1.1`])).status).toBe(404)
    expect(reached()).not.toContain(`/api/users?${method}`)
  })
})
