import { describe, expect, test } from 'vitest'

import { withBearer } from '../../support/signing/door.ts'
import { gatewayWorld } from '../../support/gateway/world.ts'

describe('only what is published is reachable', () => {
  test.each([
    ['GET', '/nothing'],
    ['GET', '/'],
    ['DELETE', '/api/users'],
    ['OPTIONS', '/api/users'],
    ['PATCH', '/me'],
    ['GET', '/api/users/'],
    ['GET', '/api/users/7/more'],
    ['GET', '/API/users'],
  ])('%s %s is 404 in the envelope, and the upstream sees nothing', async (method, path) => {
    const { call, token, seen } = await gatewayWorld()
    const answer = await call(method, path, { headers: withBearer(await token()) })
    expect(answer).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found', details: { request_id: 'request-1' } } },
    })
    expect(seen).toEqual([])
  })

  test('a published operation is forwarded to its upstream with its query', async () => {
    const { call, token, seen } = await gatewayWorld()
    const answer = await call('GET', '/api/users?page=2&q=a%20b&x=%2F', {
      headers: withBearer(await token()),
    })
    expect(answer).toMatchObject({ status: 200, body: { from: 'upstream' } })
    expect(seen.map(({ url }) => url)).toEqual(['https://demo.example.com/api/users?page=2&q=a%20b&x=%2F'])
  })

  test('HEAD follows GET', async () => {
    const { call, token, seen } = await gatewayWorld({ upstream: async () => new Response(null) })
    expect(await call('HEAD', '/api/users', { headers: withBearer(await token()) })).toMatchObject({
      status: 200,
    })
    expect(seen.map(({ method }) => method)).toEqual(['HEAD'])
  })
})

/** The URL parser of the test resolves what it can, so that what is left here is what nobody resolves for us. */
describe('a path that an upstream could read otherwise is refused', () => {
  test.each([
    '/api//users',
    '//api/users',
    '/api%2fusers',
    '/api%5cusers',
    '/api/users;x=1',
    '/api/users/7%3bx',
    '/api/users/%2e%2e%2fme',
    '/api/users/..%2fme',
    '/api/users/%252e%252e',
    '/api/users/7%00',
    '/api/users/7%0d%0aHost:x',
    '/api/users/%c0%ae%c0%ae',
    '/api/users/%zz',
    '/api/...',
  ])('%s', async (path) => {
    const { call, token, seen } = await gatewayWorld()
    const answer = await call('GET', path, { headers: withBearer(await token()) })
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'path_ambiguous' } } })
    expect(seen).toEqual([])
  })

  test('a parameter in the case of a published literal is refused, and the fault is told', async () => {
    const { call, token, seen } = await gatewayWorld({
      routes: [
        { path: '/api/users/admin', authentication: { api_key: false, tokens: true }, scopes: ['manage'] },
      ],
    })
    const answer = await call('GET', '/api/users/ADMIN', { headers: withBearer(await token()) })
    expect(answer).toMatchObject({
      status: 400,
      body: {
        error: {
          code: 'path_ambiguous',
          details: { faults: [{ message: 'a segment differs from a published one only in case' }] },
        },
      },
    })
    expect(seen).toEqual([])
  })

  /** `%61dmin` is `admin` for whoever decodes, so it needs what `admin` needs. */
  test('escaped letters are the same path, and are forwarded in plain', async () => {
    const { call, token, seen } = await gatewayWorld({
      routes: [
        { path: '/api/users/admin', authentication: { api_key: false, tokens: true }, scopes: ['manage'] },
      ],
    })
    const answer = await call('GET', '/api/users/%61dmin', { headers: withBearer(await token()) })
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'scope_insufficient' } } })
    await call('GET', '/api/users/%61da', { headers: withBearer(await token()) })
    expect(seen.map(({ url }) => url)).toEqual(['https://demo.example.com/api/users/ada'])
  })
})

describe('a protocol upgrade is refused', () => {
  test.each(['websocket', 'WebSocket', 'h2c, websocket'])('%s', async (upgrade) => {
    const { call, token, seen } = await gatewayWorld()
    const answer = await call('GET', '/me', {
      headers: { ...withBearer(await token()), upgrade, connection: 'upgrade' },
    })
    expect(answer).toMatchObject({ status: 501, body: { error: { code: 'upgrade_unsupported' } } })
    expect(seen).toEqual([])
  })

  test('an offer that may be ignored is, and does not reach the upstream', async () => {
    const { call, token, seen } = await gatewayWorld()
    const answer = await call('GET', '/me', {
      headers: {
        ...withBearer(await token()),
        upgrade: 'h2c',
        connection: 'upgrade, http2-settings',
        'http2-settings': 'x',
      },
    })
    expect(answer.status).toBe(200)
    expect([...(seen[0]?.headers.keys() ?? [])]).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/upgrade|connection|http2-settings/)]),
    )
  })
})
