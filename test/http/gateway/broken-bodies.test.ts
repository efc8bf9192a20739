import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startLoopback, type Loopback } from '../../support/gateway/loopback.ts'
import { startPublished } from '../../support/gateway/publish.ts'
import { exchange, exchangeEnded } from '../../support/gateway/wire.ts'
import type { TestServer } from '../../support/server.ts'

let server: TestServer
let upstream: Loopback

beforeAll(async () => {
  upstream = await startLoopback({
    '/orders': () => undefined,
    '/resets': ({ socket }) => void socket.resetAndDestroy(),
  })
  server = await startPublished({
    upstreams: [{ name: 'loopback', origin: upstream.origin }],
    routes: ['/orders', '/resets'].map((path) => ({
      method: 'POST',
      path,
      upstream: 'loopback',
      authentication: { api_key: false, tokens: false },
    })),
  })
})
afterAll(async () => {
  await server.close()
  await upstream.close()
})

/** Told as a fault of the upstream it would wake whoever runs that, and anybody could send it. */
describe('a body that breaks off on its way to an upstream', () => {
  test.each([
    ['shorter than announced', 'Content-Length: 50', 'hello'],
    ['with a chunk that has no length', 'Transfer-Encoding: chunked', '5\r\nhello\r\nzz\r\n'],
    ['without its last chunk', 'Transfer-Encoding: chunked', '5\r\nhello\r\n'],
  ])('is the fault of the caller: %s', async (_, framing, body) => {
    const answer = await exchangeEnded(server.url, ['POST /orders HTTP/1.1', framing], body)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: {
        code: 'request_malformed',
        details: { faults: [{ pointer: '/body', message: 'the body ended before it was complete' }] },
      },
    })
  })

  test('is not logged with the name of the upstream, and never reaches it whole', async () => {
    expect(server.logs.filter(({ message }) => message.includes('loopback'))).toEqual([])
    for (const arrival of upstream.arrivals) {
      await arrival.closed
      expect(arrival.body).not.toContain('0\r\n\r\n')
    }
  })
})

describe('an upstream that breaks off while the body is still on its way', () => {
  test.each([
    ['with its length', 'Content-Length: 50', 'hello'],
    ['chunked', 'Transfer-Encoding: chunked', '5\r\nhello\r\n'],
  ])('is at fault itself: %s', async (_, framing, body) => {
    const answer = await exchange(server.url, ['POST /resets HTTP/1.1', framing], body)
    expect(answer.status).toBe(502)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'upstream_unreachable' } })
  })
})
