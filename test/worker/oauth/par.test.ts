import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { placeOf } from '../../../src/grants/one-time-vault.ts'
import { subjectName } from '../../../src/limits/subject.ts'
import { oauthBodyBytesMax } from '../../../src/platform/bounds.ts'
import { pushedRequestsPerMinute, pushedRequestTtlSeconds } from '../../../src/platform/one-time-bounds.ts'
import { tokenProof } from '../../support/oauth/bound-world.ts'
import { parProof, parWorld, service } from '../../support/oauth/par-world.ts'
import { ADDRESS, redemptionOf, requestOf } from '../../support/oauth/world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

const rowsOf = (client_id: string) =>
  runInDurableObject(env.ONE_TIME.getByName(placeOf(client_id)), (_object, { storage }) =>
    storage.sql.exec('SELECT * FROM pushed_requests').toArray(),
  )

afterEach(() => {
  vi.useRealTimers()
})

describe('POST /oauth/par 201', () => {
  test('names the request, which a browser then exchanges for a code', async () => {
    const { push, visit, token, app } = await parWorld()
    const answer = await push()
    expect(answer).toMatchObject({ status: 201, body: { expires_in: pushedRequestTtlSeconds } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.body.request_uri).toMatch(/^urn:ietf:params:oauth:request_uri:gwp_/)
    const { location } = await visit(String(answer.body.request_uri))
    expect(location.searchParams.get('state')).toBe('state-of-the-app')
    const redeemed = await token(redemptionOf(app, location.searchParams.get('code') ?? ''))
    expect(redeemed).toMatchObject({ status: 200 })
  })

  test('stores no handle that could be presented', async () => {
    const { pushed } = await parWorld()
    const request_uri = await pushed()
    const stored = JSON.stringify(await rowsOf('app'))
    expect(stored).toContain('state-of-the-app')
    expect(stored).not.toContain(request_uri.split('.')[1])
  })

  test('leaves a person who signs in slowly ten minutes from their first visit', async () => {
    const { pushed, visit, authorize } = await parWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const request_uri = await pushed()
    vi.setSystemTime(Date.now() + 59_000)
    const first = await authorize({ client_id: 'app', request_uri })
    expect(first.location.pathname).toBe('/sign-in')
    vi.setSystemTime(Date.now() + 9 * 60_000)
    expect((await visit(request_uri)).location.searchParams.get('code')).not.toBeNull()
  })

  test('binds the code to the key of a proof', async () => {
    const { push, visit, token, app } = await parWorld()
    const [holder, thief] = [await newHolder(), await newHolder()]
    const request_uri = await push({}, { dpop: await parProof(holder) })
    const { location } = await visit(String(request_uri.body.request_uri))
    const redemption = redemptionOf(app, location.searchParams.get('code') ?? '')
    const stolen = await token(redemption, { dpop: await tokenProof(thief) })
    expect(stolen).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await token(redemption, { dpop: await tokenProof(holder) })).toMatchObject({
      status: 200,
      body: { token_type: 'DPoP' },
    })
  })

  test('takes the client that authenticates for the one that asks', async () => {
    const { pushRaw, serviceClient, visit } = await parWorld()
    const { client_id: _, ...asked } = requestOf(serviceClient)
    const answer = await pushRaw(asked, service)
    expect(answer).toMatchObject({ status: 201 })
    const { location } = await visit(String(answer.body.request_uri), 'service')
    expect(location.searchParams.get('code')).not.toBeNull()
  })
})

describe('POST /oauth/par 400', () => {
  test.each([
    [{ response_type: 'token' }, 'unsupported_response_type'],
    [{ code_challenge: '' }, 'invalid_request'],
    [{ scope: 'openid manage' }, 'invalid_scope'],
    [{ resource: 'https://unknown.example' }, 'invalid_target'],
    [{ redirect_uri: 'https://other.example/' }, 'invalid_request'],
    [{ redirect_uri: '' }, 'invalid_request'],
    [{ request: 'not.a.jwt' }, 'invalid_request_object'],
    [{ request_uri: 'urn:ietf:params:oauth:request_uri:x' }, 'invalid_request_object'],
  ])('says what is wrong with %j, and keeps nothing', async (fields, error) => {
    const { push } = await parWorld()
    expect(await push(fields)).toMatchObject({ status: 400, body: { error } })
    expect(await rowsOf('app')).toEqual([])
  })

  test('refuses a client that is not registered for codes', async () => {
    const { push } = await parWorld({ grant_types: ['refresh_token'], response_types: [] })
    expect(await push()).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
  })

  test('asks for a nonce, and refuses a proof for another endpoint', async () => {
    const { push } = await parWorld()
    const holder = await newHolder()
    const unasked = await push({}, { dpop: await parProof(holder, { nonce: 'old' }) })
    expect(unasked).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } })
    expect(unasked.headers.get('dpop-nonce')).not.toBeNull()
    const elsewhere = await push({}, { dpop: await tokenProof(holder) })
    expect(elsewhere).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    expect(await rowsOf('app')).toEqual([])
  })
})

describe('POST /oauth/par 401', () => {
  test('refuses whoever is not the client, and keeps nothing', async () => {
    const { pushRaw, serviceClient } = await parWorld()
    expect(await pushRaw(requestOf(serviceClient))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
    expect(await rowsOf('service')).toEqual([])
  })
})

describe('POST /oauth/par 413', () => {
  test('refuses a body that is too large', async () => {
    const { push } = await parWorld()
    const answer = await push({ padding: 'x'.repeat(oauthBodyBytesMax) })
    expect(answer).toMatchObject({ status: 413, body: { error: 'invalid_request' } })
  })
})

describe('POST /oauth/par 429', () => {
  test('stops a client that pushes too much, keeps nothing then, and leaves others alone', async () => {
    const { push, pushRaw, serviceClient } = await parWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const subject = { kind: 'pushed_request', client_id: 'app', address: ADDRESS } as const
    const object = env.LIMITER.getByName(subjectName(subject))
    for (let time = 0; time < pushedRequestsPerMinute; time += 1) await object.take(subject)
    const answer = await push()
    expect(answer).toMatchObject({ status: 429, body: { error: 'slow_down' } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await rowsOf('app')).toEqual([])
    expect(await pushRaw(requestOf(serviceClient), service)).toMatchObject({ status: 201 })
  })
})

describe('POST /oauth/par 503', () => {
  test('does not name a request that could not be kept', async () => {
    const { push } = await parWorld()
    await runInDurableObject(env.ONE_TIME.getByName(placeOf('app')), (_object, { storage }) =>
      storage.sql.exec('ALTER TABLE pushed_requests RENAME TO hidden').toArray(),
    )
    expect(await push()).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    await runInDurableObject(env.ONE_TIME.getByName(placeOf('app')), (_object, { storage }) =>
      storage.sql.exec('ALTER TABLE hidden RENAME TO pushed_requests').toArray(),
    )
  })
})
