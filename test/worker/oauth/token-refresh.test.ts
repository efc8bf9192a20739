import { decodeJwt } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { refreshRetrySeconds, refreshTokenIdleSeconds } from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import type { Fields } from '../../support/oauth/answer.ts'
import { confidentialClient, publicClient } from '../../support/oauth/clients.ts'
import { amplePlan, basic, newIsolate, newWorld, redemptionOf } from '../../support/oauth/world.ts'

const client_secret = 'the secret of the service'

/** Somebody's first tokens at a public client. */
async function refreshWorld() {
  const world = await newWorld()
  const client = await world.register({ ...publicClient(), first_party: true, plan: amplePlan })
  const cookie = await world.cookieOf(await world.person('alice'))
  const { body } = await world.token(redemptionOf(client, await world.codeFor(client, cookie)))
  const refresh = (refresh_token: unknown, more: Fields = {}, headers: Fields = {}) =>
    world.token(
      {
        grant_type: 'refresh_token',
        client_id: client.client_id,
        refresh_token: String(refresh_token),
        ...more,
      },
      headers,
    )
  return { ...world, client, cookie, first: body, refresh }
}

/** The same at a confidential client. */
async function serviceWorld(changes: Parameters<typeof confidentialClient>[1] = {}) {
  const world = await refreshWorld()
  const service = await world.register({
    ...confidentialClient(sha256(client_secret), changes),
    first_party: true,
    plan: amplePlan,
  })
  const code = await world.codeFor(service, world.cookie)
  const { body } = await world.token(redemptionOf(service, code), basic('service', client_secret))
  const refresh = (refresh_token: unknown, headers: Fields = basic('service', client_secret)) =>
    world.token({ grant_type: 'refresh_token', refresh_token: String(refresh_token) }, headers)
  return { ...world, service, first: body, refreshService: refresh }
}

function wait(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

afterEach(() => {
  vi.useRealTimers()
})

describe('POST /oauth/token 200, refresh_token', () => {
  /** OpenID Connect Core §12.2. */
  test('gives a public client a new pair, and an ID token about the same sign-in', async () => {
    const { refresh, first } = await refreshWorld()
    wait(10)
    const { status, headers, body } = await refresh(first.refresh_token)
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', scope: 'openid profile email read' })
    expect(body.refresh_token).not.toBe(first.refresh_token)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-ratelimit-remaining')).toBe('999')
    const [before, after] = [first, body].map(({ id_token }) => decodeJwt(String(id_token)))
    const { iss, sub, aud, auth_time, sid } = before ?? {}
    expect(after).toMatchObject({ iss, sub, aud, auth_time, sid })
    expect(after?.iat).toBeGreaterThanOrEqual(Number(before?.iat) + 10)
    expect(after?.nonce).toBeUndefined()
  })

  test('narrows the access token to the scope asked for, and not the grant', async () => {
    const { refresh, first } = await refreshWorld()
    const narrow = await refresh(first.refresh_token, { scope: 'read' })
    expect(narrow.body).toMatchObject({ scope: 'read' })
    expect(decodeJwt(String(narrow.body.access_token))).toMatchObject({ scope: 'read' })
    expect(narrow.body.id_token).toBeUndefined()
    const wide = await refresh(narrow.body.refresh_token)
    expect(wide.body).toMatchObject({ scope: 'openid profile email read' })
  })

  /** The answer was lost on the way; the client asks again and must not be worse off, in whatever isolate. */
  test('answers a retry with the same successor', async () => {
    const { refresh, client, first } = await refreshWorld()
    const one = await refresh(first.refresh_token)
    wait(refreshRetrySeconds - 2)
    const two = await refresh(first.refresh_token)
    expect(two).toMatchObject({ status: 200, body: { refresh_token: one.body.refresh_token } })
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: client.client_id,
      refresh_token: String(first.refresh_token),
    })
    expect(await newIsolate().send('/oauth/token', { method: 'POST', body })).toMatchObject({
      status: 200,
      body: { refresh_token: one.body.refresh_token },
    })
  })

  test('lets a confidential client keep its refresh token', async () => {
    const { refreshService, first } = await serviceWorld()
    const one = await refreshService(first.refresh_token)
    expect(one.status).toBe(200)
    expect(one.body.refresh_token).toBeUndefined()
    wait(3600)
    expect(await refreshService(first.refresh_token)).toMatchObject({ status: 200 })
  })

  test('rotates for a confidential client that asked for it', async () => {
    const { refreshService, first } = await serviceWorld({ refresh_token_rotation: true })
    const { body } = await refreshService(first.refresh_token)
    expect(body.refresh_token).toMatch(/^gwr_/)
    expect(body.refresh_token).not.toBe(first.refresh_token)
  })

  test('takes the same in JSON', async () => {
    const { postJson, client, first } = await refreshWorld()
    const { client_id } = client
    const request = { grant_type: 'refresh_token', client_id, refresh_token: first.refresh_token }
    expect(await postJson('/oauth/token', request)).toMatchObject({ status: 200 })
  })
})

describe('POST /oauth/token 400, refresh_token', () => {
  test.each([
    ['without one', (): Fields => ({ refresh_token: '' }), 'invalid_request'],
    [
      'with a truncated one',
      (token: string): Fields => ({ refresh_token: token.slice(0, -1) }),
      'invalid_grant',
    ],
    [
      'with a forged one',
      (token: string): Fields => ({ refresh_token: `${token.slice(0, -2)}AA` }),
      'invalid_grant',
    ],
    [
      'with one in another case',
      (token: string): Fields => ({ refresh_token: token.toUpperCase() }),
      'invalid_grant',
    ],
    ['with a space after it', (token: string): Fields => ({ refresh_token: `${token} ` }), 'invalid_grant'],
    ['for more scope than was granted', (): Fields => ({ scope: 'openid read:profile' }), 'invalid_scope'],
    ['for a broken scope', (): Fields => ({ scope: 'openid\\' }), 'invalid_scope'],
  ])('refuses a request %s, and spends nothing', async (_, change, error) => {
    const { refresh, first } = await refreshWorld()
    const token = String(first.refresh_token)
    expect(await refresh(token, change(token))).toMatchObject({ status: 400, body: { error } })
    const { body } = await refresh(token)
    expect(body.refresh_token).toMatch(/^gwr_/)
    wait(refreshRetrySeconds + 1)
    expect(await refresh(body.refresh_token)).toMatchObject({ status: 200 })
  })

  test('refuses another client, and leaves the token to its owner', async () => {
    const { refresh, register, first } = await refreshWorld()
    await register({ ...publicClient(), client_id: 'thief', plan: amplePlan })
    expect(await refresh(first.refresh_token, { client_id: 'thief' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await refresh(first.refresh_token)).toMatchObject({ status: 200 })
  })

  /** RFC 9700 §4.14.2. The thief and the owner look alike, so both lose. */
  test('ends the grant when a spent token returns after its retry window', async () => {
    const { refresh, send, first } = await refreshWorld()
    const { body } = await refresh(first.refresh_token)
    wait(refreshRetrySeconds + 1)
    const headers = { authorization: `Bearer ${String(body.access_token)}` }
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 200 })
    const refused = { status: 400, body: { error: 'invalid_grant' } }
    expect(await refresh(first.refresh_token)).toMatchObject(refused)
    expect(await refresh(body.refresh_token)).toMatchObject(refused)
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 401 })
    expect(await newIsolate().send('/oauth/userinfo', { headers })).toMatchObject({ status: 401 })
  })

  test('refuses a token that nobody used for thirty days', async () => {
    const { refresh, first } = await refreshWorld()
    wait(refreshTokenIdleSeconds + 1)
    expect(await refresh(first.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })

  test('refuses a client that has lost the right to refresh', async () => {
    const { register, client, first } = await refreshWorld()
    await register({ ...client, metadata: { ...client.metadata, grant_types: ['authorization_code'] } })
    const { client_id } = client
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id,
      refresh_token: String(first.refresh_token),
    })
    expect(await newIsolate().send('/oauth/token', { method: 'POST', body })).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    })
  })
})

describe('POST /oauth/token 401, refresh_token', () => {
  /** RFC 6749 §6. What was stolen from a confidential client is worth nothing without its secret. */
  test.each([
    ['nothing', {}],
    ['the wrong secret', basic('service', 'wrong')],
  ])('refuses the token of a confidential client with %s', async (_, headers: Fields) => {
    const { refreshService, first } = await serviceWorld()
    expect(await refreshService(first.refresh_token, headers)).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
    expect(await refreshService(first.refresh_token)).toMatchObject({ status: 200 })
  })
})
