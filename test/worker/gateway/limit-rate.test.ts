import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { gatewayWorld } from '../../support/gateway/world.ts'
import { NOW_MS, withBearer } from '../../support/signing/door.ts'

/** The window of a second must not pass because the machine is slow. */
beforeEach(() => void vi.useFakeTimers({ now: NOW_MS, toFake: ['Date'] }))
afterEach(() => void vi.useRealTimers())

const PLAN = { name: 'slow', requests_per_second: 2, token_requests_per_minute: 10 }

async function putClientOnPlan(plan: string): Promise<void> {
  await env.DB.prepare(`UPDATE clients SET plan = ? WHERE client_id = 'service'`).bind(plan).run()
}

describe('an answer to a caller that is counted', () => {
  test('says where the caller stands, by token as by key', async () => {
    const { call, token, key } = await gatewayWorld()
    for (const headers of [withBearer(await token()), { 'x-api-key': await key() }]) {
      const answer = await call('GET', '/api/users', { headers })
      expect(answer.status).toBe(200)
      expect(answer.headers.get('x-ratelimit-limit')).toBe('60')
      expect(answer.headers.get('x-ratelimit-remaining')).toBe('59')
      expect(answer.headers.get('x-ratelimit-reset')).toBe('1')
      expect(answer.headers.get('ratelimit-policy')).toBe('"default";q=60;w=1')
    }
  })

  test('so does a refusal of a step that comes after', async () => {
    const { call, token } = await gatewayWorld()
    const answer = await call('POST', '/api/users', { headers: withBearer(await token()) })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('x-ratelimit-remaining')).toBe('59')
  })

  test('what the upstream says of limits gives way to what holds here', async () => {
    const { call, token } = await gatewayWorld({
      upstream: async () =>
        new Response('ok', { headers: { 'x-ratelimit-limit': '9', 'x-ratelimit-remaining': '0' } }),
    })
    const { headers } = await call('GET', '/me', { headers: withBearer(await token()) })
    expect([headers.get('x-ratelimit-limit'), headers.get('x-ratelimit-remaining')]).toEqual(['60', '59'])
  })
})

describe('a caller over its limit', () => {
  test.each(['token', 'key'] as const)(
    'is told when to come back, and nothing is forwarded: by %s',
    async (kind) => {
      const world = await gatewayWorld({ plans: [PLAN] })
      await putClientOnPlan('slow')
      const headers = kind === 'token' ? withBearer(await world.token()) : { 'x-api-key': await world.key() }
      const answers = []
      for (let at = 0; at < 3; at += 1) answers.push(await world.call('GET', '/api/users', { headers }))
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
      const refused = answers[2]
      expect(refused?.body.error).toMatchObject({
        code: 'rate_limit_exceeded',
        details: { retry_after_seconds: 1, request_id: 'request-1' },
      })
      expect(refused?.headers.get('retry-after')).toBe('1')
      expect(refused?.headers.get('x-ratelimit-limit')).toBe('2')
      expect(refused?.headers.get('x-ratelimit-remaining')).toBe('0')
      expect(world.seen).toHaveLength(2)
    },
  )

  test('takes nothing from another person in the same application', async () => {
    const { call, token } = await gatewayWorld({ plans: [PLAN] })
    await putClientOnPlan('slow')
    for (let at = 0; at < 3; at += 1) {
      await call('GET', '/me', { headers: withBearer(await token({ sub: 'mallory' })) })
    }
    expect((await call('GET', '/me', { headers: withBearer(await token({ sub: 'alice' })) })).status).toBe(
      200,
    )
  })
})

test('a route that anyone may call counts nobody and promises nothing', async () => {
  const { call } = await gatewayWorld()
  const { status, headers } = await call('GET', '/open')
  expect(status).toBe(200)
  expect(headers.get('x-ratelimit-limit')).toBeNull()
})

/** Whoever can break the limiter, or the database under it, must not be without a limit for it. */
describe('what cannot be decided is not let through', () => {
  const limiter = { take: async () => ({ admitted: false, reason: 'limiter_unavailable' }) as const }

  test.each(['token', 'key'] as const)('a %s that cannot be counted is 503', async (kind) => {
    const world = await gatewayWorld({ limiter })
    const headers = kind === 'token' ? withBearer(await world.token()) : { 'x-api-key': await world.key() }
    const answer = await world.call('GET', '/api/users', { headers })
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(world.seen).toEqual([])
  })

  test('an isolate that has never read what is published is not ready: 503', async () => {
    const { call, seen } = await gatewayWorld({ isDatabaseDown: true })
    const answer = await call('GET', '/open')
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(seen).toEqual([])
  })
})
