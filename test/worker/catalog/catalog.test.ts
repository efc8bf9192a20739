import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { catalogRoutes } from '../../../src/catalog/catalog.route.ts'
import { catalogStore } from '../../../src/catalog/catalog.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { door, foundation, ISSUER, NOW, NOW_MS, tokenWith, withBearer } from '../../support/signing/door.ts'

const EMPTY = { upstreams: [], routes: [], trusted_issuers: [], plans: [] }
const PLAN = { name: 'races', requests_per_second: 1_000, token_requests_per_minute: 10_000 }
const DOCUMENT = {
  upstreams: [{ name: 'users', origin: 'https://users.example.com', timeout_ms: 5_000 }],
  routes: [
    {
      method: 'GET',
      path: '/api/users',
      upstream: 'users',
      authentication: { api_key: true, tokens: true },
      scopes: ['read'],
      allowed_origins: [],
      body_bytes_max: 1024,
    },
  ],
  trusted_issuers: [],
  plans: [PLAN],
}

async function catalogDoor() {
  const { bearer, keyRing } = await foundation()
  const catalog = catalogStore(openDb(env.DB))
  const rules = { issuer: ISSUER, loopbackIsAllowed: false }
  const call = door(catalogRoutes({ bearer, rules, catalog }))
  const token = await tokenWith(keyRing, { scope: 'read manage' })
  const put = (body: object | string, headers: Record<string, string> = {}) =>
    call('PUT', '/v1/catalog', {
      headers: { ...withBearer(token), 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const get = () => call('GET', '/v1/catalog', { headers: withBearer(token) })
  return { call, keyRing, catalog, put, get }
}

async function stored() {
  const { results: snapshots } = await env.DB.prepare('SELECT version FROM snapshots ORDER BY version').all()
  const { results: plans } = await env.DB.prepare('SELECT * FROM plans ORDER BY name').all()
  return { versions: snapshots.map(({ version }) => version), plans }
}

const NOTHING_STORED = { versions: [], plans: [] }

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

describe('GET /v1/catalog 400', () => {
  test('a query that cannot be read is refused', async () => {
    const { call } = await catalogDoor()
    expect(await call('GET', '/v1/catalog?a=%zz')).toMatchObject({
      status: 400,
      body: { error: { code: 'request_malformed' } },
    })
  })
})

describe('GET /v1/catalog 401', () => {
  test('nobody reads it without a token', async () => {
    const { call } = await catalogDoor()
    const { status, headers, body } = await call('GET', '/v1/catalog')
    expect({ status, code: body.error.code }).toEqual({ status: 401, code: 'credentials_missing' })
    expect(headers.get('www-authenticate')).toBe('Bearer realm="gatewright"')
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

describe('PUT /v1/catalog 400', () => {
  test('what is no JSON object is refused', async () => {
    const { put } = await catalogDoor()
    for (const body of ['{', '[]', '"x"', 'null']) {
      expect(await put(body)).toMatchObject({ status: 400, body: { error: { code: 'request_malformed' } } })
    }
    expect(await stored()).toEqual(NOTHING_STORED)
  })
})

describe('PUT /v1/catalog 401', () => {
  test('nobody publishes without a token', async () => {
    const { put } = await catalogDoor()
    expect(await put(DOCUMENT, { authorization: '' })).toMatchObject({
      status: 401,
      body: { error: { code: 'credentials_missing' } },
    })
    expect(await stored()).toEqual(NOTHING_STORED)
  })
})

describe('PUT /v1/catalog 403', () => {
  test('nor with a token for something else', async () => {
    const { put, keyRing } = await catalogDoor()
    const token = await tokenWith(keyRing, { scope: 'read write authorize' })
    expect(await put(DOCUMENT, withBearer(token))).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_insufficient' } },
    })
    expect(await stored()).toEqual(NOTHING_STORED)
  })
})

describe('PUT /v1/catalog 409', () => {
  test('a version that is no longer the newest is told which one is', async () => {
    const { put } = await catalogDoor()
    await put(DOCUMENT)
    await put(DOCUMENT)
    expect(await put({ version: 1, ...EMPTY })).toMatchObject({
      status: 409,
      body: { error: { code: 'version_conflict', details: { version: 2 } } },
    })
    expect(await stored()).toEqual({ versions: [1, 2], plans: [PLAN] })
  })

  test('so is one that never was', async () => {
    const { put } = await catalogDoor()
    expect(await put({ version: 7, ...DOCUMENT })).toMatchObject({ status: 409 })
    expect(await stored()).toEqual(NOTHING_STORED)
  })

  test('of twenty who read the same version and write at once, one wins and nothing is mixed', async () => {
    const { put } = await catalogDoor()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        put({ version: 0, ...EMPTY, plans: [{ ...PLAN, name: `writer-${at}` }] }),
      ),
    )
    const winners = answers.flatMap(({ status, body }) => (status === 200 ? [body.plans[0].name] : []))
    expect(winners).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19)
    expect(await stored()).toEqual({ versions: [1], plans: [{ ...PLAN, name: winners[0] }] })
  })
})

describe('PUT /v1/catalog 413', () => {
  test('a document over a mebibyte is not read to its end', async () => {
    const { put } = await catalogDoor()
    expect(await put(JSON.stringify({ ...EMPTY, padding: 'x'.repeat(1024 * 1024) }))).toMatchObject({
      status: 413,
      body: { error: { code: 'body_too_large' } },
    })
    expect(await stored()).toEqual(NOTHING_STORED)
  })
})

describe('PUT /v1/catalog 415', () => {
  test('only JSON is taken', async () => {
    const { put } = await catalogDoor()
    expect(await put(DOCUMENT, { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({
      status: 415,
      body: { error: { code: 'media_type_unsupported' } },
    })
    expect(await stored()).toEqual(NOTHING_STORED)
  })
})

describe('PUT /v1/catalog 422', () => {
  const pointersOf = (body: { error: { details: { faults: { pointer: string }[] } } }) =>
    body.error.details.faults.map(({ pointer }) => pointer)

  test('a document of the wrong shape is refused whole, with every fault by its pointer', async () => {
    const { put } = await catalogDoor()
    const { status, body } = await put({
      upstreams: [{ name: 'A', origin: 7 }],
      routes: [{ ...DOCUMENT.routes[0], method: 'TRACE', surprise: true }],
      plans: 'none',
    })
    expect({ status, code: body.error.code }).toEqual({ status: 422, code: 'document_invalid' })
    expect(pointersOf(body)).toEqual([
      '/body/upstreams/0/name',
      '/body/upstreams/0/origin',
      '/body/routes/0/method',
      '/body/routes/0',
      '/body/plans',
    ])
    expect(await stored()).toEqual(NOTHING_STORED)
  })

  test('so is one whose parts do not fit together, and the version before goes on', async () => {
    const { put, get } = await catalogDoor()
    await put(DOCUMENT)
    const { status, body } = await put({
      ...DOCUMENT,
      upstreams: [{ name: 'other', origin: 'https://10.0.0.1' }],
      routes: [DOCUMENT.routes[0], DOCUMENT.routes[0]],
    })
    expect({ status, code: body.error.code }).toEqual({ status: 422, code: 'document_invalid' })
    expect(pointersOf(body)).toEqual([
      '/body/upstreams/0/origin',
      '/body/routes/0/upstream',
      '/body/routes/1/upstream',
      '/body/routes/1/path',
    ])
    expect((await get()).body).toEqual({ version: 1, ...DOCUMENT })
  })

  test('a plan that a client is on cannot be taken away', async () => {
    const { put } = await catalogDoor()
    await put(DOCUMENT)
    await env.DB.prepare(
      `INSERT INTO clients (client_id, metadata, plan, created_at, updated_at) VALUES ('c', '{}', 'races', 0, 0)`,
    ).run()
    const { status, body } = await put(EMPTY)
    expect({ status, faults: body.error.details.faults }).toEqual({
      status: 422,
      faults: [{ pointer: '/body/plans', message: 'the plan races is in use and must stay' }],
    })
    expect(await stored()).toEqual({ versions: [1], plans: [PLAN] })
  })

  test('of thousands of faults, a thousand are listed and all are counted', async () => {
    const { put } = await catalogDoor()
    const routes = Array.from({ length: 2_000 }, (_, at) => ({
      ...DOCUMENT.routes[0],
      path: `/r${at}`,
      upstream: 'no',
    }))
    const { body } = await put({ ...DOCUMENT, routes })
    expect(body.error.details).toMatchObject({ fault_count: 2_000 })
    expect(body.error.details.faults).toHaveLength(1_000)
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
