import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import {
  accessTokenTtlSeconds,
  failedClientAuthenticationsPerMinute,
  oauthBodyBytesMax,
} from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import type { Fields } from '../../support/oauth/answer.ts'
import { confidentialClient, publicClient } from '../../support/oauth/clients.ts'
import {
  amplePlan,
  basic,
  foreignToken,
  issuer,
  newIsolate,
  newWorld,
  redemptionOf,
} from '../../support/oauth/world.ts'

const secret = 'the secret of every service here'
const server = basic('resource_server', secret)
const service = basic('service', secret)

/** An app with somebody's tokens, a service with a token of its own, and a resource server. */
async function tokenWorld() {
  const world = await newWorld()
  const app = await world.register({ ...publicClient(), first_party: true, plan: amplePlan })
  await world.register({ ...confidentialClient(sha256(secret), { scope: 'read write' }), plan: amplePlan })
  await world.register({
    ...confidentialClient(sha256(secret), { scope: 'introspect' }),
    client_id: 'resource_server',
    plan: amplePlan,
  })
  const account = await world.person('alice')
  const cookie = await world.cookieOf(account)
  const { body: people } = await world.token(redemptionOf(app, await world.codeFor(app, cookie)))
  const { body: own } = await world.token({ grant_type: 'client_credentials', scope: 'read write' }, service)
  const introspect = (fields: Fields, headers: Fields = {}) =>
    world.post('/oauth/introspect', fields, headers)
  return {
    ...world,
    account,
    app,
    introspect,
    access_token: String(people.access_token),
    refresh_token: String(people.refresh_token),
    own_token: String(own.access_token),
  }
}

async function introspectElsewhere(token: string) {
  const body = new URLSearchParams({ token })
  return newIsolate().send('/oauth/introspect', { method: 'POST', body, headers: server })
}

afterEach(() => {
  vi.useRealTimers()
})

describe('POST /oauth/introspect 200', () => {
  test('tells a client about its own token', async () => {
    const { introspect, own_token } = await tokenWorld()
    const { status, headers, body } = await introspect({ token: own_token }, service)
    expect(status).toBe(200)
    expect(body).toEqual({
      active: true,
      scope: 'read write',
      client_id: 'service',
      token_type: 'Bearer',
      sub: 'service',
      aud: issuer,
      iss: issuer,
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('access-control-allow-origin')).toBeNull()
  })

  test('tells a resource server about anybody’s, with the secret in the header or in the body', async () => {
    const { introspect, register, access_token } = await tokenWorld()
    expect((await introspect({ token: access_token }, server)).body).toMatchObject({
      active: true,
      sub: 'alice',
    })
    await register({
      ...confidentialClient(sha256(secret), {
        scope: 'introspect',
        token_endpoint_auth_method: 'client_secret_post',
      }),
      client_id: 'by_post',
    })
    const fields = { token: access_token, client_id: 'by_post', client_secret: secret }
    expect((await introspect(fields)).body).toMatchObject({
      active: true,
      scope: 'openid profile email read',
    })
  })

  /** A resource server that looks for the token type never lets a refresh token pass for an access token. */
  test('tells about a refresh token, without a token type', async () => {
    const { introspect, refresh_token } = await tokenWorld()
    const { body } = await introspect({ token: refresh_token }, server)
    expect(body).toMatchObject({ active: true, client_id: 'app', sub: 'alice', iss: issuer })
    expect(body).not.toHaveProperty('token_type')
    expect(body).not.toHaveProperty('jti')
  })

  test.each(['access_token', 'refresh_token', 'nonsense'])(
    'finds a token whatever the hint %s says',
    async (hint) => {
      const { introspect, access_token, refresh_token } = await tokenWorld()
      for (const token of [access_token, refresh_token]) {
        const { body } = await introspect({ token, token_type_hint: hint }, server)
        expect(body).toMatchObject({ active: true })
      }
    },
  )

  test('says no more of another client’s token than of none', async () => {
    const { introspect, access_token, refresh_token } = await tokenWorld()
    for (const token of [access_token, refresh_token, 'no token at all']) {
      expect((await introspect({ token }, service)).body).toEqual({ active: false })
    }
  })

  test.each([
    ['nonsense', () => 'abc'],
    ['unsigned', (token: string) => `${btoa('{"alg":"none"}')}.${token.split('.')[1]}.`],
    ['truncated', (token: string) => token.slice(0, -1)],
    ['altered', (token: string) => token.replace(/\.(.)/, (_, letter) => `.${letter === 'e' ? 'f' : 'e'}`)],
  ])('calls a token inactive that is %s', async (_, change) => {
    const { introspect, access_token } = await tokenWorld()
    expect(await introspect({ token: change(access_token) }, server)).toMatchObject({
      status: 200,
      body: { active: false },
    })
  })

  test('calls a token of another issuer inactive, even one with the same keys', async () => {
    const { introspect } = await tokenWorld()
    const token = await foreignToken({ grant_type: 'client_credentials', scope: 'read' }, service)
    expect(token).toMatch(/^eyJ/)
    expect(await introspect({ token }, server)).toMatchObject({ status: 200, body: { active: false } })
  })

  test('calls tokens inactive that have expired or were rotated, and codes', async () => {
    const { introspect, token, codeFor, cookieOf, account, app, access_token, refresh_token } =
      await tokenWorld()
    const code = await codeFor(app, await cookieOf(account))
    await token({ grant_type: 'refresh_token', client_id: 'app', refresh_token })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (accessTokenTtlSeconds + 1) * 1000 })
    for (const dead of [access_token, refresh_token, code]) {
      expect((await introspect({ token: dead }, server)).body).toEqual({ active: false })
    }
  })

  test('calls a token inactive once its grant has ended, in every isolate', async () => {
    const { introspect, post, access_token, refresh_token } = await tokenWorld()
    await post('/oauth/revoke', { token: refresh_token, client_id: 'app' })
    expect((await introspect({ token: access_token }, server)).body).toEqual({ active: false })
    expect((await introspectElsewhere(access_token)).body).toEqual({ active: false })
  })
})

describe('POST /oauth/introspect 400', () => {
  test.each([
    ['without a token', {}],
    ['with an empty token', { token: '' }],
    ['with a token beyond bounds', { token: 't'.repeat(8_193) }],
  ])('refuses a request %s', async (_, fields: Fields) => {
    const { introspect } = await tokenWorld()
    expect(await introspect(fields, server)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  test.each([
    ['a token twice', 'token=a&token=b', 'application/x-www-form-urlencoded'],
    ['a broken escape', 'token=%zz', 'application/x-www-form-urlencoded'],
    ['JSON', '{"token":"a"}', 'application/json'],
    ['a body beyond its bound', `x=${'x'.repeat(oauthBodyBytesMax)}`, 'application/x-www-form-urlencoded'],
  ])('refuses %s', async (_, body, type) => {
    const { send } = await tokenWorld()
    const init = { method: 'POST', body, headers: { ...server, 'content-type': type } }
    expect(await send('/oauth/introspect', init)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })
})

/** RFC 7662 §2.1: without it, anybody could try out tokens. */
describe('POST /oauth/introspect 401', () => {
  test('tells whoever did not authenticate how to', async () => {
    const { introspect, access_token } = await tokenWorld()
    const { status, headers, body } = await introspect({ token: access_token })
    expect(status).toBe(401)
    expect(body).toEqual({
      error: 'invalid_client',
      error_description: expect.stringMatching(
        /client_id and client_secret by HTTP Basic or in the form body/,
      ),
    })
    expect(headers.get('www-authenticate')).toBe('Basic realm="gatewright"')
  })

  test.each([
    ['a public client', { client_id: 'app' }, {}],
    ['a confidential client by name only', { client_id: 'service' }, {}],
    ['the wrong secret', {}, basic('resource_server', 'wrong')],
    ['an unknown client', {}, basic('nobody', secret)],
    ['a bearer token', {}, { authorization: 'Bearer abc' }],
  ])('refuses %s', async (_, fields: Fields, headers: Fields) => {
    const { introspect, access_token } = await tokenWorld()
    const answer = await introspect({ token: access_token, ...fields }, headers)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body).not.toHaveProperty('active')
  })
})

describe('POST /oauth/introspect 429', () => {
  test('stops whoever tries out secrets', async () => {
    const { introspect } = await tokenWorld()
    for (let tries = 0; tries < failedClientAuthenticationsPerMinute; tries += 1) {
      await introspect({ token: 'x' }, basic('resource_server', 'guess'))
    }
    const answer = await introspect({ token: 'x' }, basic('resource_server', 'guess'))
    expect(answer).toMatchObject({ status: 429, body: { error: 'slow_down' } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

/** A storage error that reads as "inactive" signs everybody out. */
describe('POST /oauth/introspect 503', () => {
  test('does not call an access token inactive while keys cannot be read', async () => {
    const { access_token } = await tokenWorld()
    await env.DB.exec('DROP TABLE signing_keys')
    const answer = await introspectElsewhere(access_token)
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(answer.body).not.toHaveProperty('active')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('does not call an access token inactive, or active, while revocations cannot be read', async () => {
    const { access_token } = await tokenWorld()
    await env.DB.exec('DROP TABLE revocations')
    expect(await introspectElsewhere(access_token)).toMatchObject({
      status: 503,
      body: { error: 'temporarily_unavailable' },
    })
  })

  test('does not call a refresh token inactive while its object cannot read', async () => {
    const { introspect, account, refresh_token } = await tokenWorld()
    await runInDurableObject(env.GRANTS.getByName(account.vault_id), (_, { storage }) => {
      storage.sql.exec('DROP TABLE grants')
    })
    expect(await introspect({ token: refresh_token }, server)).toMatchObject({
      status: 503,
      body: { error: 'temporarily_unavailable' },
    })
  })
})
