import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { subjectName } from '../../../src/limits/subject.ts'
import { failedClientAuthenticationsPerMinute, revocationsPerMinute } from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import type { Fields } from '../../support/oauth/answer.ts'
import { confidentialClient, publicClient } from '../../support/oauth/clients.ts'
import { ADDRESS, amplePlan, basic, newIsolate, newWorld, redemptionOf } from '../../support/oauth/world.ts'

const secret = 'the secret of the service'
const service = basic('service', secret)

async function tokenWorld() {
  const world = await newWorld()
  const app = await world.register({ ...publicClient(), first_party: true, plan: amplePlan })
  await world.register({ ...confidentialClient(sha256(secret)), plan: amplePlan })
  const cookie = await world.cookieOf(await world.person('alice'))
  const { body } = await world.token(redemptionOf(app, await world.codeFor(app, cookie)))
  const revoke = (fields: Fields, headers: Fields = {}) => world.post('/oauth/revoke', fields, headers)
  const refresh = (refresh_token: string) =>
    world.token({ grant_type: 'refresh_token', client_id: 'app', refresh_token })
  return {
    ...world,
    revoke,
    refresh,
    access_token: String(body.access_token),
    refresh_token: String(body.refresh_token),
  }
}

function userinfo(access_token: string) {
  return ['/oauth/userinfo', { headers: { authorization: `Bearer ${access_token}` } }] as const
}

async function countRevocations(): Promise<number> {
  const row = await env.DB.prepare('SELECT count(*) AS count FROM revocations').first<{ count: number }>()
  return row?.count ?? 0
}

afterEach(() => {
  vi.useRealTimers()
})

describe('POST /oauth/revoke 200', () => {
  test('ends an access token alone, at once and everywhere', async () => {
    const { revoke, send, refresh, access_token, refresh_token } = await tokenWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    expect(await send(...userinfo(access_token))).toMatchObject({ status: 200 })
    const answer = await revoke({ token: access_token, client_id: 'app' }, { origin: 'https://app.example' })
    expect(answer).toMatchObject({ status: 200, text: '' })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(await send(...userinfo(access_token))).toMatchObject({ status: 401 })
    expect(await newIsolate().send(...userinfo(access_token))).toMatchObject({ status: 401 })
    expect(await refresh(refresh_token)).toMatchObject({ status: 200 })
  })

  /** RFC 7009 §2.1. */
  test('ends the whole grant with a refresh token', async () => {
    const { revoke, send, refresh, access_token, refresh_token } = await tokenWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    expect(await send(...userinfo(access_token))).toMatchObject({ status: 200 })
    expect(await revoke({ token: refresh_token, client_id: 'app' })).toMatchObject({ status: 200 })
    expect(await refresh(refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await send(...userinfo(access_token))).toMatchObject({ status: 401 })
    expect(await newIsolate().send(...userinfo(access_token))).toMatchObject({ status: 401 })
  })

  test('ends the grant through a refresh token that was rotated a moment ago', async () => {
    const { revoke, refresh, refresh_token } = await tokenWorld()
    const { body } = await refresh(refresh_token)
    await revoke({ token: refresh_token, client_id: 'app' })
    expect(await refresh(String(body.refresh_token))).toMatchObject({ status: 400 })
  })

  test('may be repeated', async () => {
    const { revoke, access_token, refresh_token } = await tokenWorld()
    for (const token of [access_token, refresh_token]) {
      expect(await revoke({ token, client_id: 'app' })).toMatchObject({ status: 200 })
      expect(await revoke({ token, client_id: 'app' })).toMatchObject({ status: 200 })
    }
    expect(await countRevocations()).toBe(2)
  })

  /** RFC 7009 §2.2: the client has what it wanted. */
  test.each([
    ['unknown', () => 'no token at all'],
    ['forged', (token: string) => `${token.slice(0, -2)}AA`],
    ['truncated', (token: string) => token.slice(0, -1)],
  ])('is content with a token that is %s, and ends nothing', async (_, change) => {
    const { revoke, refresh, refresh_token } = await tokenWorld()
    expect(await revoke({ token: change(refresh_token), client_id: 'app' })).toMatchObject({ status: 200 })
    expect(await countRevocations()).toBe(0)
    expect(await refresh(refresh_token)).toMatchObject({ status: 200 })
  })

  test.each(['access_token', 'refresh_token', 'nonsense'])(
    'does not need the hint %s to be right',
    async (hint) => {
      const { revoke, send, access_token } = await tokenWorld()
      await revoke({ token: access_token, client_id: 'app', token_type_hint: hint })
      expect(await send(...userinfo(access_token))).toMatchObject({ status: 401 })
    },
  )
})

describe('POST /oauth/revoke 400', () => {
  test('refuses tokens of another client, and leaves them alone', async () => {
    const { revoke, send, refresh, access_token, refresh_token } = await tokenWorld()
    for (const token of [access_token, refresh_token]) {
      expect(await revoke({ token }, service)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
    }
    expect(await countRevocations()).toBe(0)
    expect(await send(...userinfo(access_token))).toMatchObject({ status: 200 })
    expect(await refresh(refresh_token)).toMatchObject({ status: 200 })
  })

  test.each([
    ['without a token', 'client_id=app', 'application/x-www-form-urlencoded'],
    ['with a token twice', 'client_id=app&token=a&token=b', 'application/x-www-form-urlencoded'],
    [
      'with a token beyond bounds',
      `client_id=app&token=${'t'.repeat(8_193)}`,
      'application/x-www-form-urlencoded',
    ],
    ['in JSON', '{"client_id":"app","token":"a"}', 'application/json'],
  ])('refuses a request %s', async (_, body, type) => {
    const { send } = await tokenWorld()
    const answer = await send('/oauth/revoke', { method: 'POST', body, headers: { 'content-type': type } })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
})

describe('POST /oauth/revoke 401', () => {
  test.each([
    ['nobody', {}, {}],
    ['a confidential client by name only', { client_id: 'service' }, {}],
    ['the wrong secret', {}, basic('service', 'wrong')],
    ['an unknown client', { client_id: 'nobody' }, {}],
  ])('refuses %s, and ends nothing', async (_, fields: Fields, headers: Fields) => {
    const { revoke, token } = await tokenWorld()
    const { body } = await token({ grant_type: 'client_credentials', scope: 'read' }, service)
    const own = String(body.access_token)
    expect(await revoke({ token: own, ...fields }, headers)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
    expect(await countRevocations()).toBe(0)
  })
})

describe('POST /oauth/revoke 429', () => {
  test('stops whoever tries out secrets', async () => {
    const { revoke } = await tokenWorld()
    const guess = () => revoke({ token: 'x' }, basic('service', 'guess'))
    for (let tries = 0; tries < failedClientAuthenticationsPerMinute; tries += 1) await guess()
    expect(await guess()).toMatchObject({ status: 429, body: { error: 'slow_down' } })
  })

  /** Isolates remember a bounded number of revocations, so nobody may fill that alone. */
  test('stops a client that revokes too much, revokes nothing then, and leaves others alone', async () => {
    const { revoke, send, access_token } = await tokenWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const subject = { kind: 'revocation', client_id: 'app', address: ADDRESS } as const
    const object = env.LIMITER.getByName(subjectName(subject))
    for (let time = 1; time < revocationsPerMinute; time += 1) await object.take(subject)
    expect(await revoke({ token: 'x', client_id: 'app' })).toMatchObject({ status: 200 })
    const answer = await revoke({ token: access_token, client_id: 'app' })
    expect(answer).toMatchObject({ status: 429, body: { error: 'slow_down' } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(answer.headers.get('x-ratelimit-limit')).toBe(String(revocationsPerMinute))
    expect(await countRevocations()).toBe(0)
    expect(await send(...userinfo(access_token))).toMatchObject({ status: 200 })
    expect(await revoke({ token: 'x' }, service)).toMatchObject({ status: 200 })
    vi.setSystemTime(Date.now() + Number(answer.headers.get('retry-after')) * 1000)
    expect(await revoke({ token: access_token, client_id: 'app' })).toMatchObject({ status: 200 })
    expect(await countRevocations()).toBe(1)
  })
})

/** RFC 7009 §2.2.1: the client is to take the token for alive, and to try again. */
describe('POST /oauth/revoke 503', () => {
  test('does not call a token revoked that could not be', async () => {
    const { revoke, send, access_token } = await tokenWorld()
    await send(...userinfo(access_token))
    await env.DB.exec('DROP TABLE revocations')
    const answer = await revoke({ token: access_token, client_id: 'app' })
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  test('does not call a grant revoked that other isolates have not heard of, and a repeat tells them', async () => {
    const { revoke, refresh, access_token, refresh_token } = await tokenWorld()
    await env.DB.exec('ALTER TABLE revocations RENAME TO hidden')
    const answer = await revoke({ token: refresh_token, client_id: 'app' })
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refresh(refresh_token)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    await env.DB.exec('ALTER TABLE hidden RENAME TO revocations')
    expect(await revoke({ token: refresh_token, client_id: 'app' })).toMatchObject({ status: 200 })
    expect(await newIsolate().send(...userinfo(access_token))).toMatchObject({ status: 401 })
  })

  test('revokes nothing that cannot be counted', async () => {
    const { revoke, refresh, refresh_token } = await tokenWorld()
    const object = env.LIMITER.getByName(
      subjectName({ kind: 'revocation', client_id: 'app', address: ADDRESS }),
    )
    await runInDurableObject(object, (_, { storage }) =>
      storage.sql.exec('CREATE TABLE uses (other TEXT) STRICT'),
    )
    expect(await revoke({ token: refresh_token, client_id: 'app' })).toMatchObject({ status: 503 })
    expect(await refresh(refresh_token)).toMatchObject({ status: 200 })
  })
})
