import { describe, expect, test } from 'vitest'

import { gatewayWorld, type Seen } from '../../support/gateway/world.ts'
import { ISSUER, withBearer } from '../../support/signing/door.ts'

/** What the upstream saw of a request to `/me` with these headers. */
async function seenOf(headers: Record<string, string>, path = '/me'): Promise<Seen> {
  const { call, token, seen } = await gatewayWorld()
  const credentials = path === '/me' ? withBearer(await token()) : {}
  await call('GET', path, { headers: { ...credentials, ...headers } })
  const [first] = seen
  if (first === undefined) throw new Error('the upstream saw nothing')
  return first
}

describe('what the upstream is told of the caller', () => {
  test('of a token: issuer, subject, client and scopes', async () => {
    const { headers } = await seenOf({})
    expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-auth-')))).toEqual({
      'x-auth-issuer': ISSUER,
      'x-auth-subject': 'alice',
      'x-auth-client': 'service',
      'x-auth-scopes': 'read read:profile',
    })
  })

  test('of an API key: the client that it acts for', async () => {
    const { call, key, seen } = await gatewayWorld()
    await call('GET', '/keys-only', { headers: { 'x-api-key': await key({ scope: 'read write' }) } })
    const { headers } = seen[0] ?? { headers: new Headers() }
    expect(Object.fromEntries([...headers].filter(([name]) => name.startsWith('x-auth-')))).toEqual({
      'x-auth-issuer': ISSUER,
      'x-auth-subject': 'service',
      'x-auth-client': 'service',
      'x-auth-scopes': 'read write',
    })
  })

  test('nothing, where anyone may call', async () => {
    const { headers } = await seenOf({ 'x-auth-subject': 'root' }, '/open')
    expect([...headers.keys()].filter((name) => name.includes('auth'))).toEqual([])
  })

  /** CGI, WSGI and PHP read dashes, underscores and dots as one. */
  test.each([
    'x-auth-subject',
    'x-auth-roles',
    'X_Auth_Subject',
    'x-auth_subject',
    'x_auth-scopes',
    'X.Auth.Subject',
    'X~Auth!Subject',
    'HTTP_X_AUTH_SUBJECT',
    'Remote-User',
    'CF-Access-Jwt-Assertion',
  ])('never by the caller itself: %s', async (name) => {
    const { headers } = await seenOf({ [name]: 'root' })
    expect([...headers].filter(([, value]) => value === 'root')).toEqual([])
    expect(headers.get('x-auth-subject')).toBe('alice')
  })
})

describe('what the caller says in the name of a proxy is dropped', () => {
  test.each([
    'x-forwarded-for',
    'x-forwarded-user',
    'x_forwarded_for',
    'forwarded',
    'x-real-ip',
    'true-client-ip',
    'x-original-url',
    'x-rewrite-url',
    'x-http-method-override',
    'x-method-override',
    'proxy',
    'proxy-authorization',
  ])('%s', async (name) => {
    const { headers } = await seenOf({ [name]: 'a lie' })
    expect([...headers].filter(([, value]) => value === 'a lie')).toEqual([])
  })

  test('and said anew: address, host and scheme', async () => {
    const { headers } = await seenOf({
      'x-forwarded-for': '10.0.0.1',
      'cf-connecting-ip': '2001:db8::7',
      host: 'evil',
    })
    expect(headers.get('x-forwarded-for')).toBe('2001:db8::7')
    expect(headers.get('x-forwarded-host')).toBe('gate.example')
    expect(headers.get('x-forwarded-proto')).toBe('https')
    expect(headers.get('host')).toBeNull()
    expect(headers.get('cf-connecting-ip')).toBeNull()
  })

  test('an address that is none is not said', async () => {
    const { headers } = await seenOf({ 'cf-connecting-ip': '1.2.3.4, 5.6.7.8' })
    expect(headers.get('x-forwarded-for')).toBeNull()
  })
})

describe('headers of one connection stay on it', () => {
  test('the usual ones, and those that Connection names', async () => {
    const { headers } = await seenOf({
      connection: 'close, X-Secret-Hop',
      'x-secret-hop': '1',
      'keep-alive': '5',
      te: 'trailers',
      trailer: 'x',
      'proxy-connection': 'close',
    })
    const names = [...headers.keys()]
    expect(names).not.toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^(connection|x-secret-hop|keep-alive|te|trailer|proxy-connection)$/),
      ]),
    )
  })

  /** Otherwise a caller could have the gateway drop what it has just vouched for. */
  test('but not what we vouch for, whatever Connection names', async () => {
    const { headers } = await seenOf({ connection: 'x-auth-subject, x-request-id, x-forwarded-host' })
    expect(headers.get('x-auth-subject')).toBe('alice')
    expect(headers.get('x-request-id')).toBe('request-1')
    expect(headers.get('x-forwarded-host')).toBe('gate.example')
  })

  test('everything else passes as it is', async () => {
    const { headers } = await seenOf({
      accept: 'application/json',
      'accept-language': 'de, en',
      'if-none-match': '"a"',
      'idempotency-key': 'k1',
      range: 'bytes=0-1',
      'user-agent': 'test',
      'x-custom': 'a, b',
    })
    expect(Object.fromEntries(headers)).toMatchObject({
      accept: 'application/json',
      'accept-language': 'de, en',
      'if-none-match': '"a"',
      'idempotency-key': 'k1',
      range: 'bytes=0-1',
      'user-agent': 'test',
      'x-custom': 'a, b',
    })
  })
})

describe('credentials stay here', () => {
  test('a token that opened the route', async () => {
    expect((await seenOf({})).headers.get('authorization')).toBeNull()
  })

  test.each(['authorization', 'x-api-key'])('an API key that opened the route, in %s', async (name) => {
    const { call, key, seen } = await gatewayWorld()
    const text = await key()
    await call('GET', '/keys-only', {
      headers: { [name]: name === 'authorization' ? `ApiKey ${text}` : text },
    })
    expect(seen).toHaveLength(1)
    expect(JSON.stringify([...(seen[0]?.headers ?? [])])).not.toContain(text)
  })

  test('a token or key of ours, sent by mistake to a route that takes none', async () => {
    const { call, token, key, seen } = await gatewayWorld()
    const apiKey = await key()
    for (const headers of [
      withBearer(await token()),
      withBearer(apiKey),
      { authorization: `ApiKey ${apiKey}` },
      { 'x-api-key': apiKey },
    ]) {
      await call('GET', '/open', { headers })
    }
    expect(seen).toHaveLength(4)
    for (const { headers } of seen) {
      expect([headers.get('authorization'), headers.get('x-api-key')]).toEqual([null, null])
    }
  })

  test('those between the caller and an upstream of such a route pass', async () => {
    const { headers } = await seenOf({ authorization: 'Basic YTpi', 'x-api-key': 'theirs' }, '/open')
    expect([headers.get('authorization'), headers.get('x-api-key')]).toEqual(['Basic YTpi', 'theirs'])
  })

  /** The upstream answers on our origin, so the browser sends it the session of the sign-in page. */
  test.each([
    ['a=1; __Host-gatewright_session=secret; b=2; __HOST-gatewright_form=secret', 'a=1; b=2'],
    ['__Host-gatewright_session=secret', null],
    ['a=1;b=2', 'a=1;b=2'],
  ])('our cookies, and no others: %s', async (cookie, passed) => {
    expect((await seenOf({ cookie })).headers.get('cookie')).toBe(passed)
  })
})

describe('the trace', () => {
  const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

  test('goes on with our span as the parent, and the request id of the answer', async () => {
    const { headers } = await seenOf({ 'x-request-id': 'theirs' })
    expect(headers.get('traceparent')).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
    expect(headers.get('x-request-id')).toBe('request-1')
  })

  /** The facts of these tests begin a trace of their own, as they do when the caller's cannot be continued. */
  test('of a caller that was not continued takes its state with it', async () => {
    const { headers } = await seenOf({ traceparent: TRACEPARENT, tracestate: 'vendor=1' })
    expect(headers.get('traceparent')).not.toBe(TRACEPARENT)
    expect(headers.get('tracestate')).toBeNull()
  })
})

test('redirects are not followed, and nothing is kept by a cache on the way', async () => {
  const { init } = await seenOf({})
  expect(init).toMatchObject({ redirect: 'manual', cache: 'no-store' })
})
