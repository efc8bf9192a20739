import { gzipSync } from 'node:zlib'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { answers, says, startLoopback, type Arrival, type Loopback } from '../../support/gateway/loopback.ts'
import { startPublished } from '../../support/gateway/publish.ts'
import { dial, exchange, headerOf } from '../../support/gateway/wire.ts'
import type { TestServer } from '../../support/server.ts'

const OPEN = { api_key: false, tokens: false }
const ZIPPED = gzipSync('zipped zipped zipped').toString('latin1')
const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok'

let server: TestServer
let upstream: Loopback

beforeAll(async () => {
  upstream = await startLoopback({
    '/ok': says(OK),
    '/200-for-head': says('HTTP/1.1 200 OK\r\nContent-Length: 55\r\nETag: "a"\r\nConnection: close\r\n\r\n'),
    '/204': says('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n'),
    '/205': says('HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n'),
    '/304': says('HTTP/1.1 304 Not Modified\r\nETag: "a"\r\nConnection: close\r\n\r\n'),
    '/302': answers('302 Found', ['Location: https://elsewhere.example.com/x']),
    '/100': says(`HTTP/1.1 100 Continue\r\n\r\n${OK}`),
    '/103': says(`HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n${OK}`),
    '/zipped': answers('200 OK', ['Content-Encoding: gzip'], ZIPPED),
    '/coded': answers('200 OK', ['Content-Encoding: zstd'], 'coded'),
    '/hop': answers(
      '200 OK',
      ['X-Private: 1', 'Keep-Alive: timeout=5', 'Proxy-Authenticate: Basic', 'X-Kept: 1'],
      'ok',
    ),
    '/cookies': answers(
      '200 OK',
      ['Set-Cookie: a=1', 'Set-Cookie: __Host-gatewright_session=x', 'Set-Cookie: b=2'],
      'ok',
    ),
    '/http-1.0': says('HTTP/1.0 200 OK\r\n\r\nuntil the end'),
    '/echo': echoWhenWhole,
    '/opens': ({ socket }) =>
      void socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n'),
  })
  const paths = [
    '/ok',
    '/200-for-head',
    '/204',
    '/205',
    '/304',
    '/302',
    '/100',
    '/103',
    '/zipped',
    '/coded',
    '/hop',
    '/cookies',
    '/http-1.0',
    '/opens',
  ]
  server = await startPublished({
    upstreams: [{ name: 'loopback', origin: upstream.origin }],
    routes: [
      ...paths.map((path) => ({ method: 'GET', path, upstream: 'loopback', authentication: OPEN })),
      { method: 'POST', path: '/echo', upstream: 'loopback', authentication: OPEN },
    ],
  })
})
afterAll(async () => {
  await server.close()
  await upstream.close()
})

/** Answers with the length of the body, once all that was announced is there. */
function echoWhenWhole(arrival: Arrival): void {
  const announced = Number(arrival.headers.find(([name]) => name === 'content-length')?.[1] ?? 'NaN')
  const isWhole = () => arrival.body.length === announced || arrival.body.endsWith('0\r\n\r\n')
  const answer = () => {
    if (isWhole()) answers('200 OK', [], String(arrival.body.length))(arrival)
  }
  arrival.socket.on('data', answer)
  answer()
}

const headersOf = (arrival: Arrival, name: string) =>
  arrival.headers.filter(([known]) => known === name).map(([, value]) => value)

describe('a request passes', () => {
  test('with its query as it was written, and the host of the upstream', async () => {
    await exchange(server.url, ['GET /ok?a=%20b&c=d+e&c=%2F&empty= HTTP/1.1'])
    const arrival = await upstream.arrivalOf('/ok?a=%20b&c=d+e&c=%2F&empty=')
    expect(headersOf(arrival, 'host')).toEqual([new URL(upstream.origin).host])
    expect(headersOf(arrival, 'x-forwarded-host')).toEqual([new URL(server.url).host])
    expect(headersOf(arrival, 'x-forwarded-proto')).toEqual(['http'])
    expect(headersOf(arrival, 'x-forwarded-for')).toEqual(['127.0.0.1'])
  })

  test('with the trace continued, its state kept, and the request id of the answer', async () => {
    const trace = '0af7651916cd43dd8448eb211c80319c'
    const answer = await exchange(server.url, [
      'GET /ok?traced HTTP/1.1',
      `traceparent: 00-${trace}-b7ad6b7169203331-01`,
      'tracestate: vendor=1',
    ])
    const arrival = await upstream.arrivalOf('/ok?traced')
    expect(headersOf(arrival, 'traceparent')[0]).toMatch(
      new RegExp(`^00-${trace}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`),
    )
    expect(headersOf(arrival, 'tracestate')).toEqual(['vendor=1'])
    expect(headersOf(arrival, 'x-request-id')).toEqual([headerOf(answer, 'x-request-id')])
  })

  test('with the length of its body, or chunked where that is not known', async () => {
    const known = await exchange(server.url, ['POST /echo?known HTTP/1.1', 'Content-Length: 5'], 'hello')
    expect(known.body).toBe('5')
    expect(headersOf(await upstream.arrivalOf('/echo?known'), 'content-length')).toEqual(['5'])
    const chunked = await exchange(
      server.url,
      ['POST /echo?chunked HTTP/1.1', 'Transfer-Encoding: chunked'],
      '5\r\nhello\r\n0\r\n\r\n',
    )
    expect(chunked.status).toBe(200)
    const arrival = await upstream.arrivalOf('/echo?chunked')
    expect(headersOf(arrival, 'transfer-encoding')).toEqual(['chunked'])
    expect(arrival.body).toBe('5\r\nhello\r\n0\r\n\r\n')
  })

  test('with 8 MB, of either kind', async () => {
    const megabytes = 'x'.repeat(8_000_000)
    const known = await exchange(
      server.url,
      ['POST /echo?large HTTP/1.1', 'Content-Length: 8000000'],
      megabytes,
    )
    expect(known.body).toBe('8000000')
    const chunk = `7a1200\r\n${megabytes}\r\n0\r\n\r\n`
    const chunked = await exchange(
      server.url,
      ['POST /echo?large-chunked HTTP/1.1', 'Transfer-Encoding: chunked'],
      chunk,
    )
    expect(chunked.status).toBe(200)
  })

  test('while its body still comes: the upstream reads the first part before the last is sent', async () => {
    const { host } = new URL(server.url)
    const socket = dial(
      server.url,
      `POST /echo?slow HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\nContent-Length: 10\r\n\r\nfirst`,
    )
    const arrival = await upstream.arrivalOf('/echo?slow')
    await expect.poll(() => arrival.body).toBe('first')
    const answer = new Promise<string>((resolve) =>
      socket.on('data', (bytes) => resolve(bytes.toString('latin1'))),
    )
    socket.write(' last')
    expect(await answer).toMatch(/^HTTP\/1.1 200 /)
    expect(arrival.body).toBe('first last')
  })
})

describe('an answer passes', () => {
  test('while it still comes: the caller reads the first event though there is no end', async () => {
    const socket = dial(server.url, `GET /opens HTTP/1.1\r\nHost: ${new URL(server.url).host}\r\n\r\n`)
    let text = ''
    socket.on('data', (bytes) => (text += bytes.toString('latin1')))
    await expect.poll(() => text).toContain('data: 1\n\n')
    socket.resetAndDestroy()
  })

  test('to HEAD with its length and without its body', async () => {
    const answer = await exchange(server.url, ['HEAD /200-for-head HTTP/1.1'])
    expect(answer).toMatchObject({ status: 200, body: '' })
    expect([headerOf(answer, 'content-length'), headerOf(answer, 'etag')]).toEqual(['55', '"a"'])
  })

  test.each([204, 205, 304])('without a body where the status has none: %i', async (status) => {
    const answer = await exchange(server.url, [`GET /${status} HTTP/1.1`, 'If-None-Match: "a"'])
    expect(answer).toMatchObject({ status, body: '', isWhole: true })
  })

  test.each(['/100', '/103'])('when its informational ones are over: %s', async (path) => {
    expect(await exchange(server.url, [`GET ${path} HTTP/1.1`])).toMatchObject({ status: 200, body: 'ok' })
  })

  test('as a redirect that is not followed', async () => {
    const answer = await exchange(server.url, ['GET /302 HTTP/1.1'])
    expect([answer.status, headerOf(answer, 'location')]).toEqual([302, 'https://elsewhere.example.com/x'])
  })

  test('still compressed', async () => {
    const answer = await exchange(server.url, ['GET /zipped HTTP/1.1', 'Accept-Encoding: gzip'])
    expect(headerOf(answer, 'content-encoding')).toBe('gzip')
    expect(answer.body).toBe(ZIPPED)
  })

  /** The runtime asks upstreams for compression whatever the caller said. */
  test('in plain to a caller that did not ask for compression', async () => {
    const answer = await exchange(server.url, ['GET /zipped HTTP/1.1'])
    expect(headerOf(answer, 'content-encoding')).toBeUndefined()
    expect(answer).toMatchObject({ body: 'zipped zipped zipped', isWhole: true })
  })

  test('in a coding that nobody here knows, as it is', async () => {
    const answer = await exchange(server.url, ['GET /coded HTTP/1.1'])
    expect([headerOf(answer, 'content-encoding'), answer.body]).toEqual(['zstd', 'coded'])
  })

  test('without what concerns the connection to the upstream', async () => {
    const answer = await exchange(server.url, ['GET /hop HTTP/1.1'])
    expect(headerOf(answer, 'x-kept')).toBe('1')
    expect([headerOf(answer, 'keep-alive'), headerOf(answer, 'proxy-authenticate')]).toEqual([
      undefined,
      undefined,
    ])
  })

  test('with each of its cookies, and none of ours', async () => {
    const answer = await exchange(server.url, ['GET /cookies HTTP/1.1'])
    expect(answer.headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value)).toEqual([
      'a=1',
      'b=2',
    ])
  })

  test('from an upstream that speaks HTTP/1.0', async () => {
    expect(await exchange(server.url, ['GET /http-1.0 HTTP/1.1'])).toMatchObject({
      status: 200,
      body: 'until the end',
    })
  })
})
