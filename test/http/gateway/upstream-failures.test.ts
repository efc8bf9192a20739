import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { answers, says, startLoopback, type Loopback } from '../../support/gateway/loopback.ts'
import { startPublished } from '../../support/gateway/publish.ts'
import { exchange, headerOf } from '../../support/gateway/wire.ts'
import type { TestServer } from '../../support/server.ts'

const OPEN = { api_key: false, tokens: false }
const TIMEOUT_MS = 300

const FAILURES = {
  '/reset': ({ socket }) => void socket.resetAndDestroy(),
  '/silent-end': says(''),
  '/garbage': says('SSH-2.0-OpenSSH_9.9\r\n\r\n'),
  '/half-head': says('HTTP/1.1 200 OK\r\nContent-'),
  '/two-lengths': says('HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nabc'),
  '/status-600': answers('600 Odd', [], 'hi'),
  '/status-999': answers('999 Odd', [], 'hi'),
  '/status-101': says(
    'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
  ),
} satisfies Parameters<typeof startLoopback>[0]

describe('an upstream that fails', () => {
  let server: TestServer
  let upstream: Loopback
  let closedOrigin: string

  beforeAll(async () => {
    const gone = await startLoopback({})
    closedOrigin = gone.origin
    await gone.close()
    upstream = await startLoopback({
      ...FAILURES,
      '/hangs': () => undefined,
      '/breaks-off': says('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nthe beginning'),
      '/breaks-off-chunked': says('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'),
      '/slow-body': ({ socket }) => {
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\nConnection: close\r\n\r\nfirst')
        setTimeout(() => socket.end(' last'), TIMEOUT_MS * 2)
      },
    })
    const paths = [...Object.keys(FAILURES), '/hangs', '/breaks-off', '/breaks-off-chunked', '/slow-body']
    server = await startPublished({
      upstreams: [
        { name: 'failing', origin: upstream.origin, timeout_ms: TIMEOUT_MS },
        { name: 'gone', origin: closedOrigin },
      ],
      routes: [
        ...paths.map((path) => ({
          method: 'GET',
          path,
          upstream: 'failing',
          authentication: OPEN,
          allowed_origins: ['*'],
        })),
        { method: 'GET', path: '/gone', upstream: 'gone', authentication: OPEN },
      ],
    })
  })
  afterAll(async () => {
    await server.close()
    await upstream.close()
  })

  test.each([...Object.keys(FAILURES), '/gone'])('%s is 502 in the envelope', async (path) => {
    const answer = await exchange(server.url, [`GET ${path} HTTP/1.1`])
    expect(answer.status).toBe(502)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'upstream_unreachable', details: { request_id: headerOf(answer, 'x-request-id') } },
    })
  })

  test('silence is 504 when the time of the upstream is over, and its connection is closed', async () => {
    const answer = await exchange(server.url, ['GET /hangs HTTP/1.1'])
    expect(answer.status).toBe(504)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'upstream_timeout' } })
    await (
      await upstream.arrivalOf('/hangs')
    ).closed
  })

  test('neither answer names the upstream', async () => {
    for (const path of ['/reset', '/hangs', '/gone']) {
      const { body, headers } = await exchange(server.url, [`GET ${path} HTTP/1.1`])
      const text = body + JSON.stringify(headers)
      expect(text).not.toContain('127.0.0.1')
      expect(text).not.toMatch(/failing|"gone"/)
    }
  })

  test('a page may read why', async () => {
    const answer = await exchange(server.url, ['GET /reset HTTP/1.1', 'Origin: https://app.example.com'])
    expect([answer.status, headerOf(answer, 'access-control-allow-origin')]).toEqual([502, '*'])
  })

  /** Whoever reads half an answer must not take it for the whole. */
  test.each(['/breaks-off', '/breaks-off-chunked'])(
    'an answer that breaks off stays broken: %s',
    async (path) => {
      const answer = await exchange(server.url, [`GET ${path} HTTP/1.1`])
      expect([answer.status, answer.isWhole]).toEqual([200, false])
    },
  )

  test('only the beginning of an answer is timed: one that has begun may take longer', async () => {
    const answer = await exchange(server.url, ['GET /slow-body HTTP/1.1'])
    expect(answer).toMatchObject({ status: 200, body: 'first last', isWhole: true })
  })
})
