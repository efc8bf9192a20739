import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { answers, startLoopback, type Loopback } from '../../support/gateway/loopback.ts'
import { startPublished } from '../../support/gateway/publish.ts'
import { dial, exchange } from '../../support/gateway/wire.ts'
import type { TestServer } from '../../support/server.ts'

const OPEN = { api_key: false, tokens: false }
const BYTES_MAX = 16

let server: TestServer
let upstream: Loopback

beforeAll(async () => {
  upstream = await startLoopback({
    '/bounded': (arrival) => {
      const answer = () => {
        const isWhole = arrival.body.length >= BYTES_MAX || arrival.body.endsWith('0\r\n\r\n')
        if (isWhole) answers('200 OK', [], 'taken')(arrival)
      }
      arrival.socket.on('data', answer)
      answer()
    },
    '/empty': answers('200 OK', [], 'taken'),
    '/waits': () => undefined,
  })
  const bounded = { upstream: 'loopback', authentication: OPEN, body_bytes_max: BYTES_MAX }
  server = await startPublished({
    upstreams: [{ name: 'loopback', origin: upstream.origin }],
    routes: [
      { ...bounded, method: 'POST', path: '/bounded' },
      { ...bounded, method: 'POST', path: '/waits' },
      { ...bounded, method: 'POST', path: '/empty', body_bytes_max: 0 },
      { ...bounded, method: 'GET', path: '/empty' },
      { ...bounded, method: 'DELETE', path: '/empty' },
    ],
  })
})
afterAll(async () => {
  await server.close()
  await upstream.close()
})

const post = (path: string, header: string, body: string) =>
  exchange(server.url, [`POST ${path} HTTP/1.1`, header], body)
const chunked = (...chunks: string[]) =>
  `${chunks.map((chunk) => `${chunk.length.toString(16)}\r\n${chunk}\r\n`).join('')}0\r\n\r\n`

describe('a body over the bound of its route', () => {
  test('is 413 when its length says so, and the upstream is not even asked', async () => {
    const answer = await post(
      '/bounded?announced',
      `Content-Length: ${BYTES_MAX + 1}`,
      'x'.repeat(BYTES_MAX + 1),
    )
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: { code: 'body_too_large', details: { bytes_max: BYTES_MAX } },
    })
    expect(upstream.arrivals.map(({ target }) => target)).not.toContain('/bounded?announced')
  })

  test('is 413 before it has been sent', async () => {
    const { host } = new URL(server.url)
    const socket = dial(
      server.url,
      `POST /bounded HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000000\r\n\r\n`,
    )
    const first = await new Promise<string>((resolve) =>
      socket.on('data', (bytes) => resolve(bytes.toString('latin1'))),
    )
    socket.destroy()
    expect(first).toMatch(/^HTTP\/1.1 413 /)
  })

  /** Its length is not known before it is there, so a part has gone on by then, and must not pass for the whole. */
  test('is 413 when it is chunked, and the upstream is cut off before it could take a part for the whole', async () => {
    const answer = await post(
      '/waits?chunked',
      'Transfer-Encoding: chunked',
      chunked('x'.repeat(10), 'x'.repeat(10)),
    )
    expect(answer.status).toBe(413)
    expect(JSON.parse(answer.body)).toMatchObject({ error: { code: 'body_too_large' } })
    const asked = upstream.arrivals.filter(({ target }) => target === '/waits?chunked')
    for (const arrival of asked) {
      await arrival.closed
      expect(arrival.body).not.toContain('\r\n0\r\n\r\n')
    }
  })
})

describe('a body at the bound passes', () => {
  test('with its length', async () => {
    expect(await post('/bounded', `Content-Length: ${BYTES_MAX}`, 'x'.repeat(BYTES_MAX))).toMatchObject({
      status: 200,
      body: 'taken',
    })
  })

  test('chunked', async () => {
    expect(
      await post('/bounded', 'Transfer-Encoding: chunked', chunked('x'.repeat(8), 'x'.repeat(8))),
    ).toMatchObject({
      status: 200,
      body: 'taken',
    })
  })

  test('empty, on a route that takes none', async () => {
    expect((await post('/empty', 'Content-Length: 0', '')).status).toBe(200)
    expect((await post('/empty', 'X-None: 1', '')).status).toBe(200)
    expect((await post('/empty', 'Content-Length: 1', 'x')).status).toBe(413)
    expect((await exchange(server.url, ['DELETE /empty HTTP/1.1'])).status).toBe(200)
  })
})

describe('a body where none belongs', () => {
  test.each([
    ['on GET', 'GET', 'Content-Length: 3', 'abc'],
    ['on HEAD', 'HEAD', 'Content-Length: 3', 'abc'],
    ['on GET, chunked', 'GET', 'Transfer-Encoding: chunked', chunked('abc')],
  ])('is refused rather than dropped or passed on: %s', async (name, method, header, body) => {
    const target = `/empty?${encodeURIComponent(name)}`
    const answer = await exchange(server.url, [`${method} ${target} HTTP/1.1`, header], body)
    expect(answer.status).toBe(400)
    expect(upstream.arrivals.map((arrival) => arrival.target)).not.toContain(target)
  })

  test('but announcing nothing is nothing', async () => {
    expect((await exchange(server.url, ['GET /empty HTTP/1.1', 'Content-Length: 0'])).status).toBe(200)
  })
})
