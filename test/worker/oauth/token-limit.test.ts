import { listDurableObjectIds } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import {
  failedClientAuthenticationsPerMinute,
  tokenRequestsPerMinuteDefault,
} from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import type { Answer, Fields } from '../../support/oauth/answer.ts'
import { confidentialClient, publicClient, redirect_uri } from '../../support/oauth/clients.ts'
import { basic, code_verifier, newIsolate, newWorld, redemptionOf } from '../../support/oauth/world.ts'

const client_secret = 'the secret of the service'
const MINUTE_MS = 60_000

/** A service and an app with the limits that hold when nothing else is said. */
async function limitedWorld() {
  const world = await newWorld()
  const service = await world.register(confidentialClient(sha256(client_secret)))
  const app = await world.register({ ...publicClient(), first_party: true })
  const cookie = await world.cookieOf(await world.person('alice'))
  const askForItself = () =>
    world.token({ grant_type: 'client_credentials', scope: 'read' }, basic('service', client_secret))
  const refresh = (refresh_token: unknown, headers: Fields = {}) =>
    world.token(
      { grant_type: 'refresh_token', client_id: app.client_id, refresh_token: String(refresh_token) },
      headers,
    )
  return { ...world, service, app, cookie, askForItself, refresh }
}

async function repeat(times: number, ask: () => Promise<Answer>): Promise<readonly number[]> {
  const statuses: number[] = []
  for (let time = 0; time < times; time += 1) statuses.push((await ask()).status)
  return statuses
}

function expectSlowDown({ status, headers, body }: Answer): void {
  expect(status).toBe(429)
  expect(body).toEqual({ error: 'slow_down', error_description: expect.stringMatching(/Retry-After/) })
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(60)
  expect(headers.get('cache-control')).toBe('no-store')
}

afterEach(() => {
  vi.useRealTimers()
})

describe('POST /oauth/token 429', () => {
  test('counts a confidential client, for all that it asks, and lets it go on after Retry-After', async () => {
    const { token, askForItself } = await limitedWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    expect(await repeat(tokenRequestsPerMinuteDefault - 1, askForItself)).not.toContain(429)
    const refused = await token({ grant_type: 'refresh_token' }, basic('service', client_secret))
    expect(refused).toMatchObject({ status: 400 })
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('0')
    const answer = await askForItself()
    expectSlowDown(answer)
    expectSlowDown(await token({ grant_type: 'refresh_token' }, basic('service', client_secret)))
    expect(answer.headers.get('x-ratelimit-limit')).toBe(String(tokenRequestsPerMinuteDefault))
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('0')
    vi.setSystemTime(Date.now() + Number(answer.headers.get('retry-after')) * 1000)
    expect(await askForItself()).toMatchObject({ status: 200 })
  })

  test('holds for all isolates together', async () => {
    const { askForItself } = await limitedWorld()
    expect(await repeat(tokenRequestsPerMinuteDefault, askForItself)).not.toContain(429)
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    expectSlowDown(
      await newIsolate().send('/oauth/token', {
        method: 'POST',
        body,
        headers: basic('service', client_secret),
      }),
    )
  })

  test('leaves one client alone when another has reached its limit', async () => {
    const { register, token, askForItself } = await limitedWorld()
    await register({ ...confidentialClient(sha256(client_secret)), client_id: 'other' })
    await repeat(tokenRequestsPerMinuteDefault + 1, askForItself)
    const answer = await token({ grant_type: 'client_credentials' }, basic('other', client_secret))
    expect(answer).toMatchObject({ status: 200 })
  })

  /** All users of an app share its client_id; one of them must not shut out the others. */
  test('counts a public client by the grant, over all rotations of its token', async () => {
    const { app, codeFor, cookie, token, refresh } = await limitedWorld()
    const [one, two] = [
      await token(redemptionOf(app, await codeFor(app, cookie))),
      await token(redemptionOf(app, await codeFor(app, cookie))),
    ]
    let current = one?.body.refresh_token
    for (let time = 0; time < tokenRequestsPerMinuteDefault; time += 1) {
      const { status, body } = await refresh(current)
      expect(status).toBe(200)
      current = body.refresh_token
    }
    expectSlowDown(await refresh(current, { 'cf-connecting-ip': '198.51.100.9' }))
    expect(await refresh(two?.body.refresh_token)).toMatchObject({ status: 200 })
  })

  test('spends nothing of what it refuses', async () => {
    const { app, codeFor, cookie, token, refresh } = await limitedWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const { body } = await token(redemptionOf(app, await codeFor(app, cookie)))
    let current = body.refresh_token
    for (let time = 0; time < tokenRequestsPerMinuteDefault; time += 1) {
      current = (await refresh(current)).body.refresh_token
    }
    expectSlowDown(await refresh(current))
    vi.setSystemTime(Date.now() + MINUTE_MS)
    const { status, body: after } = await refresh(current)
    expect(status).toBe(200)
    expect(after.refresh_token).not.toBe(current)
  })

  test('counts codes of a public client by the address, before there is a grant', async () => {
    const { app, codeFor, cookie, token } = await limitedWorld()
    const redeem = async (headers: Fields = {}) =>
      token(redemptionOf(app, await codeFor(app, cookie)), headers)
    expect(await repeat(tokenRequestsPerMinuteDefault, redeem)).not.toContain(429)
    const code = await codeFor(app, cookie)
    expectSlowDown(await token(redemptionOf(app, code)))
    const elsewhere = { 'cf-connecting-ip': '198.51.100.9' }
    expect(await token(redemptionOf(app, code), elsewhere)).toMatchObject({ status: 200 })
  })

  /** Else whoever makes up identifiers makes objects: each costs a start, and counts against somebody. */
  test('asks no object about codes and refresh tokens that it did not make', async () => {
    const { token, register } = await limitedWorld()
    const { client_id } = await register({ ...publicClient(), client_id: 'never-counted' })
    const before = {
      grants: await listDurableObjectIds(env.GRANTS),
      limits: await listDurableObjectIds(env.LIMITER),
    }
    const forged = (kind: string) => `${kind}_${'v'.repeat(22)}.${'s'.repeat(43)}.${'m'.repeat(22)}`
    const code = { client_id, redirect_uri, code_verifier, code: forged('gwc') }
    const refresh_token = { client_id, refresh_token: forged('gwr') }
    for (let time = 0; time <= tokenRequestsPerMinuteDefault; time += 1) {
      expect(await token({ grant_type: 'authorization_code', ...code })).toMatchObject({ status: 400 })
      expect(await token({ grant_type: 'refresh_token', ...refresh_token })).toMatchObject({ status: 400 })
    }
    expect(await listDurableObjectIds(env.GRANTS)).toHaveLength(before.grants.length)
    expect(await listDurableObjectIds(env.LIMITER)).toHaveLength(before.limits.length)
  })

  test('counts wrong secrets by client and address', async () => {
    const { register, token } = await limitedWorld()
    await register({ ...confidentialClient(sha256(client_secret)), client_id: 'other' })
    const guess = (client_id: string, headers: Fields = {}) =>
      token({ grant_type: 'client_credentials' }, { ...basic(client_id, 'guess'), ...headers })
    const statuses = await repeat(failedClientAuthenticationsPerMinute, () => guess('service'))
    expect(new Set(statuses)).toEqual(new Set([401]))
    const answer = await guess('service')
    expectSlowDown(answer)
    expect(answer.headers.get('x-ratelimit-limit')).toBe(String(failedClientAuthenticationsPerMinute))
    expect(await guess('other')).toMatchObject({ status: 401 })
    expect(await guess('service', { 'cf-connecting-ip': '198.51.100.9' })).toMatchObject({ status: 401 })
  })

  test('is raised by a plan', async () => {
    const { register, service, askForItself } = await limitedWorld()
    const insert = 'INSERT INTO plans (name, requests_per_second, token_requests_per_minute) VALUES (?, ?, ?)'
    await env.DB.prepare(insert)
      .bind('roomy', 60, tokenRequestsPerMinuteDefault + 5)
      .run()
    await register({ ...service, plan: 'roomy' })
    expect(await repeat(tokenRequestsPerMinuteDefault + 5, askForItself)).not.toContain(429)
    expectSlowDown(await askForItself())
  })
})
