import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startLoopback, type Loopback } from '../../support/gateway/loopback.ts'
import { startPublished } from '../../support/gateway/publish.ts'
import { dial } from '../../support/gateway/wire.ts'
import type { TestServer } from '../../support/server.ts'

const OPEN = { api_key: false, tokens: false }

describe('a caller that goes away', () => {
  let server: TestServer
  let upstream: Loopback

  beforeAll(async () => {
    upstream = await startLoopback({
      '/hangs': () => undefined,
      '/streams': ({ socket }) =>
        void socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n'),
    })
    server = await startPublished({
      upstreams: [{ name: 'loopback', origin: upstream.origin }],
      routes: [
        { method: 'GET', path: '/hangs', upstream: 'loopback', authentication: OPEN },
        { method: 'GET', path: '/streams', upstream: 'loopback', authentication: OPEN },
        { method: 'POST', path: '/hangs', upstream: 'loopback', authentication: OPEN },
      ],
    })
  })
  afterAll(async () => {
    await server.close()
    await upstream.close()
  })

  const head = (method: string, target: string, ...lines: string[]) =>
    [`${method} ${target} HTTP/1.1`, `Host: ${new URL(server.url).host}`, ...lines, '', ''].join('\r\n')

  /** Otherwise whoever opens and drops connections keeps the upstream busy for the length of its timeout each time. */
  test('before the answer has begun takes its request to the upstream with it', async () => {
    const socket = dial(server.url, head('GET', '/hangs?before'))
    const arrival = await upstream.arrivalOf('/hangs?before')
    socket.resetAndDestroy()
    await arrival.closed
    expect(arrival.socket.destroyed).toBe(true)
  })

  test('in the middle of an answer ends it at the upstream', async () => {
    const socket = dial(server.url, head('GET', '/streams?middle'))
    const arrival = await upstream.arrivalOf('/streams?middle')
    await new Promise((resolve) => socket.once('data', resolve))
    socket.resetAndDestroy()
    await arrival.closed
    expect(arrival.socket.destroyed).toBe(true)
  })

  test('in the middle of its body ends that too, and the upstream does not take the part for the whole', async () => {
    const socket = dial(server.url, `${head('POST', '/hangs?body', 'Content-Length: 100')}the beginning`)
    const arrival = await upstream.arrivalOf('/hangs?body')
    await expect.poll(() => arrival.body).toBe('the beginning')
    socket.resetAndDestroy()
    await arrival.closed
    expect(arrival.body).toBe('the beginning')
  })
})
