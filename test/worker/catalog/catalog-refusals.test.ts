import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { catalogDoor, DOCUMENT, EMPTY, NOTHING_STORED, PLAN, stored } from '../../support/catalog/door.ts'
import { tokenWith, withBearer } from '../../support/signing/door.ts'

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
