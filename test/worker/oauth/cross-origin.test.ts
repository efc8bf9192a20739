import { describe, expect, test } from 'vitest'

import { publicClient } from '../../support/oauth/clients.ts'
import { newWorld, requestOf } from '../../support/oauth/world.ts'

const origin = 'https://app.example'

describe('a page of another origin', () => {
  test.each([
    ['/.well-known/openid-configuration', 'GET'],
    ['/.well-known/oauth-authorization-server', 'GET'],
    ['/oauth/token', 'POST'],
    ['/auth/token', 'POST'],
    ['/oauth/revoke', 'POST'],
    ['/oauth/userinfo', 'GET, POST'],
  ])('may ask %s, without cookies', async (path, methods) => {
    const { send } = await newWorld()
    const headers = {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    }
    const preflight = await send(path, { method: 'OPTIONS', headers })
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*')
    expect(preflight.headers.get('access-control-allow-methods')).toBe(methods)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization')
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
  })

  /** What a cookie opens, or a secret that no page can keep, is not for pages. */
  test.each(['/oauth/authorize', '/oauth/introspect'])('may not ask %s', async (path) => {
    const { send, register, person, cookieOf } = await newWorld()
    const client = await register({ ...publicClient(), first_party: true })
    const cookie = await cookieOf(await person('alice'))
    const query = new URLSearchParams(requestOf(client)).toString()
    const preflight = { origin, 'access-control-request-method': 'POST' }
    for (const answer of [
      await send(path, { method: 'OPTIONS', headers: preflight }),
      await send(`${path}?${query}`, { headers: { origin, cookie } }),
      await send(path, {
        method: 'POST',
        body: new URLSearchParams({ token: 'x' }),
        headers: { origin, cookie },
      }),
    ]) {
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

describe('another method', () => {
  test.each([
    ['/oauth/token', 'GET', 'POST'],
    ['/oauth/introspect', 'GET', 'POST'],
    ['/oauth/revoke', 'DELETE', 'POST'],
    ['/oauth/userinfo', 'PATCH', 'GET, POST'],
  ])('is refused by %s, which names those that it answers', async (path, method, allow) => {
    const { send } = await newWorld()
    const answer = await send(path, { method })
    expect(answer).toMatchObject({ status: 405, body: { error: 'invalid_request' } })
    expect(answer.headers.get('allow')).toBe(allow)
  })

  test('is refused by the authorization endpoint on a page, since people arrive there', async () => {
    const { send } = await newWorld()
    const { status, headers } = await send('/oauth/authorize', { method: 'PUT' })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('GET, POST')
    expect(headers.get('content-type')).toMatch(/^text\/html/)
  })
})
