import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { apiKeyStore } from '../../../src/apikeys/api-key.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { accessTokenTtlSeconds, tokenRequestsPerMinuteDefault } from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import type { Fields } from '../../support/oauth/answer.ts'
import { confidentialClient, publicClient } from '../../support/oauth/clients.ts'
import { amplePlan, basic, issuer, newIsolate, newWorld, redemptionOf } from '../../support/oauth/world.ts'

const client_secret = 'the secret of the service'

async function keyWorld(
  about: { readonly expires_at?: number; readonly scope?: string; readonly plan?: string } = {},
) {
  const world = await newWorld()
  const client = await world.register({ ...confidentialClient(sha256(client_secret)), plan: amplePlan })
  const { api_key, key_id } = await world.apiKey({
    client_id: client.client_id,
    scope: 'read write',
    ...about,
  })
  const exchange = (changes: Fields = {}) =>
    world.post('/auth/token', { grant_type: 'api_key', api_key, ...changes })
  return { ...world, client, api_key, key_id, exchange }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('POST /auth/token 200', () => {
  test('turns an API key into a token of its client, in a form and in JSON', async () => {
    const { exchange, postJson, api_key, key_id } = await keyWorld()
    const { status, headers, body } = await exchange()
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: accessTokenTtlSeconds,
      scope: 'read write',
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-ratelimit-limit')).toBe('1000')
    expect(decodeJwt(String(body.access_token))).toMatchObject({
      iss: issuer,
      aud: issuer,
      sub: 'service',
      client_id: 'service',
      scope: 'read write',
      grant_id: key_id,
    })
    const json = await postJson('/auth/token', { grant_type: 'api_key', api_key })
    expect(json).toMatchObject({ status: 200, body: { expires_in: accessTokenTtlSeconds } })
  })

  test('narrows the scope when asked to', async () => {
    const { exchange } = await keyWorld()
    expect((await exchange({ scope: 'read' })).body).toMatchObject({ scope: 'read' })
  })

  test('gives a token that does not outlive the key', async () => {
    const expires_at = Math.floor(Date.now() / 1000) + 100
    const { exchange } = await keyWorld({ expires_at })
    const { body } = await exchange()
    expect(Number(body.expires_in)).toBeLessThanOrEqual(100)
    expect(decodeJwt(String(body.access_token)).exp).toBe(expires_at)
  })

  test('knows the grants of the other token endpoint, too', async () => {
    const { post, register, person, cookieOf, codeFor } = await keyWorld()
    const itself = { grant_type: 'client_credentials', scope: 'read' }
    expect(await post('/auth/token', itself, basic('service', client_secret))).toMatchObject({ status: 200 })
    const app = await register({ ...publicClient(), first_party: true, plan: amplePlan })
    const code = await codeFor(app, await cookieOf(await person('alice')))
    const { status, body } = await post('/auth/token', redemptionOf(app, code))
    expect(status).toBe(200)
    const refresh = {
      grant_type: 'refresh_token',
      client_id: 'app',
      refresh_token: String(body.refresh_token),
    }
    expect(await post('/auth/token', refresh)).toMatchObject({ status: 200 })
  })

  test('gives a token that ends when its key is revoked', async () => {
    const { exchange, post, key_id } = await keyWorld()
    const token = String((await exchange()).body.access_token)
    const introspect = { token }
    const headers = basic('service', client_secret)
    expect((await post('/oauth/introspect', introspect, headers)).body).toMatchObject({ active: true })
    const now = Math.floor(Date.now() / 1000)
    await apiKeyStore(openDb(env.DB)).revoke(key_id, now, now + accessTokenTtlSeconds)
    const body = new URLSearchParams(introspect)
    const answer = await newIsolate().send('/oauth/introspect', { method: 'POST', body, headers })
    expect(answer.body).toEqual({ active: false })
  })
})

describe('POST /auth/token 400', () => {
  test.each([
    ['a wrong checksum', (key: string) => ({ api_key: `${key.slice(0, -2)}aa` }), 'invalid_grant'],
    ['a truncated key', (key: string) => ({ api_key: key.slice(0, -1) }), 'invalid_grant'],
    ['a key in capitals', (key: string) => ({ api_key: key.toUpperCase() }), 'invalid_grant'],
    ['a key of another product', () => ({ api_key: 'sk_test_123' }), 'invalid_grant'],
    ['an empty key', () => ({ api_key: '' }), 'invalid_request'],
    ['a key beyond bounds', () => ({ api_key: 'k'.repeat(9_000) }), 'invalid_request'],
    ['no grant type', () => ({ grant_type: '' }), 'invalid_request'],
    ['another grant type', () => ({ grant_type: 'password' }), 'unsupported_grant_type'],
    ['a scope that the key does not have', () => ({ scope: 'introspect' }), 'invalid_scope'],
    ['a broken scope', () => ({ scope: 'read  write' }), 'invalid_scope'],
  ])('refuses %s', async (_, change, error) => {
    const { exchange, api_key } = await keyWorld()
    const answer = await exchange(change(api_key))
    expect(answer).toMatchObject({ status: 400, body: { error } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.text).not.toContain(api_key)
  })

  test('refuses a key that was sent twice, as a number, or in another content type', async () => {
    const { post, postJson, send, api_key } = await keyWorld()
    const refused = { status: 400, body: { error: 'invalid_request' } }
    expect(
      await post('/auth/token', `grant_type=api_key&api_key=${api_key}&api_key=${api_key}`),
    ).toMatchObject(refused)
    expect(await postJson('/auth/token', { grant_type: 'api_key', api_key: 1 })).toMatchObject(refused)
    expect(await send('/auth/token', { method: 'POST', body: api_key })).toMatchObject(refused)
  })

  test('refuses a key that has been revoked, and one that has expired', async () => {
    const { exchange, apiKey, key_id } = await keyWorld()
    const now = Math.floor(Date.now() / 1000)
    await apiKeyStore(openDb(env.DB)).revoke(key_id, now, now)
    expect(await exchange()).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const { api_key } = await apiKey({ client_id: 'service', scope: 'read', expires_at: now - 1 })
    expect(await exchange({ api_key })).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})

describe('POST /auth/token 401', () => {
  test('refuses a client that does not authenticate', async () => {
    const { post } = await keyWorld()
    const answer = await post('/auth/token', { grant_type: 'client_credentials', client_id: 'service' })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })
})

describe('POST /auth/token 429', () => {
  test('holds a key to its own limit', async () => {
    const insert = 'INSERT INTO plans (name, requests_per_second, token_requests_per_minute) VALUES (?, ?, ?)'
    const { exchange } = await keyWorld({ plan: 'narrow' })
    await env.DB.prepare(insert).bind('narrow', 2, 10).run()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    expect([(await exchange()).status, (await exchange()).status]).toEqual([200, 200])
    const { status, headers, body } = await exchange()
    expect({ status, error: body.error }).toEqual({ status: 429, error: 'slow_down' })
    expect(headers.get('retry-after')).toBe('1')
    expect(headers.get('x-ratelimit-limit')).toBe('2')
    expect(headers.get('x-ratelimit-remaining')).toBe('0')
  })

  /** A key is for sixty calls a second; tokens are signed ten a minute, whatever they are asked for with. */
  test('counts a key with all that its client asks tokens for', async () => {
    const { exchange, register, client, token } = await keyWorld()
    await register({ ...client, plan: null })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const service = basic('service', client_secret)
    expect(await token({ grant_type: 'client_credentials' }, service)).toMatchObject({ status: 200 })
    for (let time = 1; time < tokenRequestsPerMinuteDefault; time += 1)
      expect(await exchange()).toMatchObject({ status: 200 })
    const { status, headers, body } = await exchange()
    expect({ status, error: body.error }).toEqual({ status: 429, error: 'slow_down' })
    expect(headers.get('x-ratelimit-limit')).toBe(String(tokenRequestsPerMinuteDefault))
    vi.setSystemTime(Date.now() + Number(headers.get('retry-after')) * 1000)
    expect(await exchange()).toMatchObject({ status: 200 })
  })

  test('does not let a key that is refused count against its client', async () => {
    const { api_key, exchange, token, register, client } = await keyWorld()
    await register({ ...client, plan: null })
    const forged = `${api_key.slice(0, -1)}${api_key.endsWith('A') ? 'B' : 'A'}`
    for (let time = 0; time <= tokenRequestsPerMinuteDefault; time += 1)
      expect(await exchange({ api_key: forged })).toMatchObject({ status: 400 })
    const answer = await token({ grant_type: 'client_credentials' }, basic('service', client_secret))
    expect(answer.headers.get('x-ratelimit-remaining')).toBe(String(tokenRequestsPerMinuteDefault - 1))
  })
})
