import { describe, expect, test } from 'vitest'

import { gatewayWorld } from '../../support/gateway/world.ts'

/** What a caller gets when the upstream answers so. */
async function answerTo(answer: Response, method = 'GET') {
  const { call } = await gatewayWorld({ upstream: async () => answer })
  return call(method, '/open')
}

describe('the answer of an upstream', () => {
  test.each([200, 201, 206, 301, 400, 404, 418, 500, 503])(
    'passes with its status and body: %i',
    async (status) => {
      const answer = await answerTo(
        new Response('as it is', { status, headers: { 'x-theirs': '1', etag: '"a"' } }),
      )
      expect(answer).toMatchObject({ status, body: 'as it is' })
      expect([answer.headers.get('x-theirs'), answer.headers.get('etag')]).toEqual(['1', '"a"'])
    },
  )

  test.each([204, 304])('passes without a body where it has none: %i', async (status) => {
    expect(await answerTo(new Response(null, { status }))).toMatchObject({ status, body: '' })
  })

  /** A redirect that we followed would take the request past the steps, to wherever the upstream pleases. */
  test('passes as the redirect that it is', async () => {
    const answer = await answerTo(
      new Response(null, { status: 302, headers: { location: 'https://10.0.0.1/' } }),
    )
    expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({
      status: 302,
      location: 'https://10.0.0.1/',
    })
  })

  test('keeps each of its cookies apart', async () => {
    const headers = new Headers()
    headers.append('set-cookie', 'a=1; Path=/, x')
    headers.append('set-cookie', 'b=2')
    const answer = await answerTo(new Response('ok', { headers }))
    expect(answer.headers.getSetCookie()).toEqual(['a=1; Path=/, x', 'b=2'])
  })

  /** It answers on our origin: one cookie under our name and the next person to sign in sits in its session. */
  test('plants no cookie under a name of ours', async () => {
    const headers = new Headers()
    headers.append('set-cookie', '__Host-gatewright_session=planted; Secure; Path=/')
    headers.append('set-cookie', ' __HOST-GATEWRIGHT_form=planted')
    headers.append('set-cookie', '=__Host-gatewright_session=planted')
    headers.append('set-cookie', 'theirs=1')
    const answer = await answerTo(new Response('ok', { headers }))
    expect(answer.headers.getSetCookie()).toEqual(['theirs=1'])
  })

  test('leaves out what concerns its connection, and what it may not say for our origin', async () => {
    const answer = await answerTo(
      new Response('ok', {
        headers: {
          connection: 'close, x-hop',
          'x-hop': '1',
          'keep-alive': 'timeout=5',
          'proxy-authenticate': 'Basic',
          trailer: 'x',
          'alt-svc': 'h3=":443"',
          'clear-site-data': '"cookies"',
          'service-worker-allowed': '/',
          'x-request-id': 'theirs',
          'www-authenticate': 'Theirs realm="x"',
        },
      }),
    )
    expect([...answer.headers.keys()].toSorted()).toEqual([
      'content-security-policy',
      'content-type',
      'www-authenticate',
      'x-content-type-options',
    ])
  })

  /** It comes from the origin of the sign-in page: a script that somebody uploaded there could send our forms. */
  test.each(['text/html', 'image/svg+xml', 'application/xhtml+xml', 'text/plain', ''])(
    'gets an origin of its own when it may be shown as a page: %s',
    async (type) => {
      const headers = {
        'content-security-policy': "default-src 'self'",
        ...(type && { 'content-type': type }),
      }
      const answer = await answerTo(new Response(new Uint8Array([60]), { headers }))
      expect(answer.headers.get('content-security-policy')).toMatch(
        /^default-src 'self', sandbox (?!.*allow-same-origin)/,
      )
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
    },
  )

  test('is left alone when it is JSON, which nothing may take for anything else', async () => {
    const answer = await answerTo(
      Response.json({ a: 1 }, { headers: { 'x-content-type-options': 'theirs' } }),
    )
    expect(answer.headers.get('content-security-policy')).toBeNull()
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('cannot make browsers report the requests of others, or change how they see our origin', async () => {
    const theirs = [
      'nel',
      'report-to',
      'reporting-endpoints',
      'strict-transport-security',
      'accept-ch',
      'set-login',
    ]
    const answer = await answerTo(
      Response.json({}, { headers: Object.fromEntries(theirs.map((name) => [name, 'x'])) }),
    )
    expect(theirs.filter((name) => answer.headers.has(name))).toEqual([])
  })
})
