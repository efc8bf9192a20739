import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { catalogDoor, DOCUMENT, EMPTY, PLAN, stored } from '../../support/catalog/door.ts'
import { TOKEN_CHALLENGES, NOW, NOW_MS, tokenWith, withBearer } from '../../support/signing/door.ts'

describe('GET /v1/catalog 200', () => {
  test('before anything was published it is version 0 and empty', async () => {
    const { get } = await catalogDoor()
    const { status, headers, body } = await get()
    expect({ status, body }).toEqual({ status: 200, body: { version: 0, ...EMPTY } })
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('it is what was put, and can be put back as it is', async () => {
    const { put, get } = await catalogDoor()
    await put(DOCUMENT)
    const { body } = await get()
    expect(body).toEqual({ version: 1, ...DOCUMENT })
    expect(await put(body)).toMatchObject({ status: 200, body: { version: 2 } })
  })
})

describe('the isolate that publishes', () => {
  test('is told, so that whoever published finds it at once; a refused document tells nobody', async () => {
    const { put, published } = await catalogDoor()
    await put(DOCUMENT)
    await put({ ...DOCUMENT, version: 7 })
    expect(published.count).toBe(1)
  })
})

describe('GET /v1/catalog 400', () => {
  test('a query that cannot be read is refused', async () => {
    const { call, keyRing } = await catalogDoor()
    const headers = withBearer(await tokenWith(keyRing, {}))
    expect(await call('GET', '/v1/catalog?a=%zz', { headers })).toMatchObject({
      status: 400,
      body: { error: { code: 'request_malformed' } },
    })
  })
})

describe('GET /v1/catalog 401', () => {
  /** Whoever has no token cannot make us parse what they send, and learns nothing of what is wrong with it. */
  test('the token comes before the input', async () => {
    const { call } = await catalogDoor()
    expect(await call('GET', '/v1/catalog?a=%zz')).toMatchObject({
      status: 401,
      body: { error: { code: 'credentials_missing' } },
    })
  })

  test('nobody reads it without a token', async () => {
    const { call } = await catalogDoor()
    const { status, headers, body } = await call('GET', '/v1/catalog')
    expect({ status, code: body.error.code }).toEqual({ status: 401, code: 'credentials_missing' })
    expect(headers.get('www-authenticate')).toBe(TOKEN_CHALLENGES)
  })

  test('nor with an expired one', async () => {
    const { call, keyRing } = await catalogDoor()
    const token = await tokenWith(keyRing, { exp: NOW, iat: NOW - 60 })
    expect(await call('GET', '/v1/catalog', { headers: withBearer(token) })).toMatchObject({
      status: 401,
      body: { error: { code: 'token_expired' } },
    })
  })
})

describe('GET /v1/catalog 403', () => {
  test('nor with a token for something else', async () => {
    const { call, keyRing } = await catalogDoor()
    const token = await tokenWith(keyRing, { scope: 'read' })
    expect(await call('GET', '/v1/catalog', { headers: withBearer(token) })).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_insufficient' } },
    })
  })
})

describe('PUT /v1/catalog 200', () => {
  test('the document becomes the next version, and its plans can be looked up by name', async () => {
    const { put } = await catalogDoor()
    expect(await put(DOCUMENT)).toMatchObject({ status: 200, body: { version: 1, ...DOCUMENT } })
    expect(await stored()).toEqual({ versions: [1], plans: [PLAN] })
    await put({ ...EMPTY, plans: [{ ...PLAN, name: 'other' }] })
    expect(await stored()).toEqual({ versions: [1, 2], plans: [{ ...PLAN, name: 'other' }] })
  })

  test('what may be left out is filled in', async () => {
    const { put } = await catalogDoor()
    const route = {
      method: 'GET',
      path: '/a',
      upstream: 'users',
      authentication: { api_key: false, tokens: false },
    }
    const { body } = await put({
      upstreams: [{ name: 'users', origin: 'https://users.example.com' }],
      routes: [route],
    })
    expect(body).toEqual({
      version: 1,
      upstreams: [{ name: 'users', origin: 'https://users.example.com', timeout_ms: 30_000 }],
      routes: [{ ...route, scopes: [], allowed_origins: [], body_bytes_max: 10 * 1024 * 1024 }],
      trusted_issuers: [],
      resources: [],
      plans: [],
    })
  })

  test('without a version it replaces whatever is there', async () => {
    const { put } = await catalogDoor()
    await put(DOCUMENT)
    expect(await put(EMPTY)).toMatchObject({ status: 200, body: { version: 2, ...EMPTY } })
  })

  test('the last twenty versions are kept', async () => {
    const { catalog } = await catalogDoor()
    for (let version = 0; version < 25; version += 1) await catalog.replace(version, EMPTY, NOW_MS)
    expect((await stored()).versions).toEqual(Array.from({ length: 20 }, (_, at) => at + 6))
  })

  test('5,000 routes and 100 plans are published at once', async () => {
    const { put } = await catalogDoor()
    const routes = Array.from({ length: 5_000 }, (_, at) => ({ ...DOCUMENT.routes[0], path: `/api/r${at}` }))
    const plans = Array.from({ length: 100 }, (_, at) => ({ ...PLAN, name: `plan-${at}` }))
    expect(await put({ ...DOCUMENT, routes, plans })).toMatchObject({ status: 200, body: { version: 1 } })
    expect((await stored()).plans).toHaveLength(100)
  })
})

describe('catalogStore', () => {
  test('changes are what is newer than what is known', async () => {
    const { catalog } = await catalogDoor()
    await env.DB.prepare(
      `INSERT INTO revocations (kind, id, expires_at) VALUES ('grant', 'one', ?), ('token', 'two', ?)`,
    )
      .bind(NOW + 60, NOW + 60)
      .run()
    expect(await catalog.changesSince(0, 1)).toEqual({
      catalog: undefined,
      revocations: [{ seq: 2, kind: 'token', id: 'two', expires_at: NOW + 60 }],
    })
    await catalog.replace(0, EMPTY, NOW_MS)
    expect(await catalog.changesSince(0, 2)).toEqual({
      catalog: { version: 1, document: EMPTY },
      revocations: [],
    })
    expect(await catalog.changesSince(1, 2)).toEqual({ catalog: undefined, revocations: [] })
  })
})
