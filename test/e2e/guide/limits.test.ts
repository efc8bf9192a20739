import { setTimeout as delay } from 'node:timers/promises'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { assert } from '../../../src/platform/assert.ts'
import { requestsPerSecondDefault, tokenRequestsPerMinuteDefault } from '../../../src/platform/bounds.ts'
import { form, newSender } from '../../support/flows/sender.ts'
import type { Answer, Send } from '../../support/oauth/answer.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

const windowMs = 1_000
const burstsMax = 10
const timeout = 60_000

let server: TestServer
let send: Send

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
})

afterAll(() => server.close())

/** A call by the demo's API key, for which nothing says that its limit is another than the default. */
async function call(): Promise<Answer> {
  return send(server.demo.routes.users, { headers: { authorization: `ApiKey ${server.demo.api_key}` } })
}

interface Burst {
  readonly answers: readonly Answer[]
  /** Whole windows that the burst took; within one of them no more than the limit may have got through. */
  readonly windows: number
}

/**
 * Sends so many calls at once, after a window in which nothing was sent.
 *
 * A machine that is busy elsewhere may take longer than a second over them and then has no reason to refuse any, so
 * this is repeated until the calls did come faster than the limit.
 */
async function burst(count: number): Promise<Burst> {
  for (let bursts = 0; bursts < burstsMax; bursts += 1) {
    await delay(windowMs)
    const startedMs = performance.now()
    const answers = await Promise.all(Array.from({ length: count }, call))
    const windows = Math.ceil((performance.now() - startedMs) / windowMs)
    if (count > windows * requestsPerSecondDefault) return { answers, windows }
  }
  assert(false, `this machine takes ${count} calls faster than ${requestsPerSecondDefault} a second`)
}

/** Real waiting: that Retry-After is long enough is the promise, and it is made to clients with real clocks. */
async function waitAsTold({ headers }: Answer): Promise<void> {
  const seconds = Number(headers.get('retry-after'))
  assert(Number.isInteger(seconds) && seconds > 0, `Retry-After is in seconds, got ${seconds}`)
  await delay(seconds * 1000)
}

describe('an API key at the gateway', () => {
  test('is told with each answer what its limit is and what remains', async () => {
    const first = await call()
    expect(first.status).toBe(200)
    expect(first.headers.get('x-ratelimit-limit')).toBe('60')
    expect(first.headers.get('x-ratelimit-remaining')).toBe('59')
    expect(first.headers.get('x-ratelimit-reset')).toBe('1')
    expect(first.headers.get('content-type')).toBe('application/json')
  })

  test(
    'of 100 requests in a second gets 60 answered, and the others refused as documented',
    { timeout },
    async () => {
      const { answers, windows } = await burst(100)
      const admitted = answers.filter(({ status }) => status === 200)
      const refused = answers.filter(({ status }) => status === 429)
      expect(admitted.length + refused.length).toBe(answers.length)
      expect(admitted.length).toBeLessThanOrEqual(windows * requestsPerSecondDefault)
      expect(refused.length).toBeGreaterThan(0)
      for (const { headers, body } of refused) {
        expect(body).toEqual({
          error: {
            code: 'rate_limit_exceeded',
            message: 'Too many requests; wait as long as Retry-After says.',
            details: { request_id: expect.any(String), retry_after_seconds: 1 },
          },
        })
        expect(headers.get('retry-after')).toBe('1')
        expect(headers.get('x-ratelimit-limit')).toBe('60')
        expect(headers.get('x-ratelimit-remaining')).toBe('0')
      }
    },
  )

  test(
    'gets through when it waits as long as Retry-After says, also if all of them retry at once',
    { timeout },
    async () => {
      const { answers } = await burst(100)
      const refused = answers.filter(({ status }) => status === 429)
      expect(refused.length).toBeGreaterThan(0)
      const retried = await Promise.all(
        refused.map(async (answer) => {
          await waitAsTold(answer)
          return call()
        }),
      )
      expect(retried.map(({ status }) => status)).toEqual(refused.map(() => 200))
    },
  )
})

describe('a service at the token endpoint', () => {
  test('gets ten answers a minute, and then learns how long to wait', async () => {
    const { client_id, client_secret } = server.demo.resource_server
    const grant = { grant_type: 'client_credentials', client_id, client_secret, scope: 'introspect' }
    const statuses: number[] = []
    for (let request = 0; request < tokenRequestsPerMinuteDefault; request += 1) {
      statuses.push((await send('/oauth/token', form(grant))).status)
    }
    expect(statuses).toEqual(statuses.map(() => 200))
    const next = await send('/oauth/token', form(grant))
    expect(next).toMatchObject({ status: 429, body: { error: 'slow_down' } })
    const seconds = Number(next.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
  })
})
