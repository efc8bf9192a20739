import { describe, expect, test } from 'vitest'

import { gatewayWorld } from '../../support/gateway/world.ts'
import { withBearer } from '../../support/signing/door.ts'

const APP = 'https://app.example.com'
const STRANGER = 'https://stranger.example.com'
const TOKENS = { api_key: false, tokens: true }
const ROUTES = [
  { path: '/spa', authentication: TOKENS, scopes: ['read'], allowed_origins: [APP, 'http://localhost:8789'] },
  { path: '/spa', method: 'PUT', authentication: TOKENS, allowed_origins: [] },
  { path: '/any', authentication: TOKENS, allowed_origins: ['*'] },
]

function preflight(origin: string, method: string, names = 'authorization, content-type') {
  return {
    headers: {
      origin,
      'access-control-request-method': method,
      ...(names !== '' && { 'access-control-request-headers': names }),
    },
  }
}

const crossOriginOf = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('access-control-allow')))

describe('a preflight', () => {
  test('of an allowed origin is answered here, for the method that it asks about', async () => {
    const { call, seen } = await gatewayWorld({ routes: ROUTES })
    const { status, headers, body } = await call('OPTIONS', '/spa', preflight(APP, 'GET'))
    expect({ status, body }).toEqual({ status: 204, body: '' })
    expect(crossOriginOf(headers)).toEqual({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': 'GET',
      'access-control-allow-headers': 'authorization, content-type',
    })
    expect(headers.get('access-control-max-age')).toBe('3600')
    expect(headers.get('vary')).toBe('access-control-request-headers, access-control-request-method, origin')
    expect(seen).toEqual([])
  })

  test.each([
    ['of another origin', STRANGER, 'GET', '/spa'],
    ['for a method that takes none', APP, 'PUT', '/spa'],
    ['of a page without an origin', 'null', 'GET', '/spa'],
    ['of an origin that only begins alike', `${APP}.evil.example`, 'GET', '/spa'],
  ])('gets no permission: %s', async (_name, origin, method, path) => {
    const { call, seen } = await gatewayWorld({ routes: ROUTES })
    const { status, headers } = await call('OPTIONS', path, preflight(origin, method))
    expect({ status, allowed: crossOriginOf(headers) }).toEqual({ status: 204, allowed: {} })
    expect(seen).toEqual([])
  })

  test('for what is not published is 404 without permission', async () => {
    const { call, seen } = await gatewayWorld({ routes: ROUTES })
    const { status, headers } = await call('OPTIONS', '/spa', preflight(APP, 'DELETE'))
    expect({ status, allowed: crossOriginOf(headers) }).toEqual({ status: 404, allowed: {} })
    expect(seen).toEqual([])
  })

  test('with names of headers that are none repeats nothing of them', async () => {
    const { call } = await gatewayWorld({ routes: ROUTES })
    const { headers } = await call('OPTIONS', '/spa', preflight(APP, 'GET', 'a b, <script>'))
    expect(headers.get('access-control-allow-headers')).toBeNull()
  })
})

describe('an answer to a page', () => {
  test('of an allowed origin may be read, with the headers that a client needs', async () => {
    const { call, token } = await gatewayWorld({ routes: ROUTES })
    const { status, headers } = await call('GET', '/spa', {
      headers: { ...withBearer(await token()), origin: APP },
    })
    expect(status).toBe(200)
    expect(crossOriginOf(headers)).toEqual({ 'access-control-allow-origin': APP })
    expect(headers.get('access-control-expose-headers')?.split(', ')).toEqual(
      expect.arrayContaining(['retry-after', 'www-authenticate', 'x-ratelimit-remaining', 'x-request-id']),
    )
    expect(headers.get('vary')).toBe('origin')
  })

  /** A page that cannot read a 401 cannot know that it should refresh its token. */
  test.each([
    ['401', '/spa', {}],
    ['403', '/spa', { scope: 'write' }],
  ])('may be read though it is a refusal: %s', async (status, path, changes) => {
    const { call, token } = await gatewayWorld({ routes: ROUTES })
    const credentials = status === '401' ? {} : withBearer(await token(changes))
    const answer = await call('GET', path, { headers: { ...credentials, origin: APP } })
    expect(String(answer.status)).toBe(status)
    expect(answer.headers.get('access-control-allow-origin')).toBe(APP)
    expect(answer.headers.get('www-authenticate')).not.toBeNull()
  })

  test('of another origin is given as to any caller, and the browser keeps it from the page', async () => {
    const { call, token } = await gatewayWorld({ routes: ROUTES })
    const answer = await call('GET', '/spa', { headers: { ...withBearer(await token()), origin: STRANGER } })
    expect({ status: answer.status, allowed: crossOriginOf(answer.headers) }).toEqual({
      status: 200,
      allowed: {},
    })
    expect(answer.headers.get('vary')).toBe('origin')
  })

  test('of any origin is open where the route says so, without the browser’s own credentials', async () => {
    const { call, token } = await gatewayWorld({ routes: ROUTES })
    const { headers } = await call('GET', '/any', {
      headers: { ...withBearer(await token()), origin: STRANGER },
    })
    expect(crossOriginOf(headers)).toEqual({ 'access-control-allow-origin': '*' })
  })

  /** What pages may read is said where the route is published, not by whoever answers behind it. */
  test('is not opened by the upstream', async () => {
    const { call, token } = await gatewayWorld({
      routes: ROUTES,
      upstream: async () =>
        new Response('ok', {
          headers: {
            'access-control-allow-origin': STRANGER,
            'access-control-allow-credentials': 'true',
            'access-control-expose-headers': '*',
            vary: 'accept',
          },
        }),
    })
    const { headers } = await call('GET', '/spa', {
      headers: { ...withBearer(await token()), origin: STRANGER },
    })
    expect(crossOriginOf(headers)).toEqual({})
    expect(headers.get('access-control-expose-headers')).toBeNull()
    expect(headers.get('vary')).toBe('accept, origin')
  })
})
