import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { accessTokenTtlSeconds, revocationsMax } from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import type { Fields } from '../../support/oauth/answer.ts'
import { confidentialClient, publicClient } from '../../support/oauth/clients.ts'
import {
  amplePlan,
  basic,
  foreignToken,
  newIsolate,
  newWorld,
  redemptionOf,
} from '../../support/oauth/world.ts'
import { TOKEN_CHALLENGES } from '../../support/signing/door.ts'

const secret = 'the secret of the service'
const claims = {
  name: 'Alice Example',
  given_name: 'Alice',
  birthdate: '1990-01-31',
  address: { formatted: '1 Example Street', country: 'NZ' },
  phone_number: '+64 1 234 567',
  phone_number_verified: true,
}

async function tokenWorld(scope = 'openid profile email') {
  const world = await newWorld()
  const app = await world.register({
    ...publicClient({ scope: 'openid profile email address phone read' }),
    first_party: true,
    plan: amplePlan,
  })
  const cookie = await world.cookieOf(await world.person('alice', claims))
  const code = await world.codeFor(app, cookie, { scope })
  const { body } = await world.token(redemptionOf(app, code))
  const read = (headers: Fields = {}, path = '/oauth/userinfo') => world.send(path, { headers })
  return { ...world, read, id_token: String(body.id_token), access_token: String(body.access_token) }
}

function bearer(token: string): { readonly authorization: string } {
  return { authorization: `Bearer ${token}` }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('GET /oauth/userinfo 200', () => {
  /** OpenID Connect Core §5.4: each scope opens its claims and no others. */
  test.each([
    ['openid', { sub: 'alice' }],
    ['openid email', { sub: 'alice', email: 'alice@example.com', email_verified: true }],
    [
      'openid profile',
      {
        sub: 'alice',
        name: 'Alice Example',
        given_name: 'Alice',
        birthdate: '1990-01-31',
        updated_at: 1_795_000_000,
      },
    ],
    ['openid address', { sub: 'alice', address: claims.address }],
    ['openid phone', { sub: 'alice', phone_number: '+64 1 234 567', phone_number_verified: true }],
  ])('answers what %s opens', async (scope, expected) => {
    const { read, access_token } = await tokenWorld(scope)
    expect(await read(bearer(access_token))).toMatchObject({ status: 200, body: expected })
    expect(Object.keys((await read(bearer(access_token))).body).toSorted()).toEqual(
      Object.keys(expected).toSorted(),
    )
  })

  test('answers any page that holds the token, and no cache', async () => {
    const { read, access_token } = await tokenWorld()
    const { headers } = await read({ ...bearer(access_token), origin: 'https://app.example' })
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-allow-credentials')).toBeNull()
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-type')).toMatch(/^application\/json/)
  })

  test('takes the scheme in any case', async () => {
    const { read, access_token } = await tokenWorld()
    expect(await read({ authorization: `bEARER ${access_token}` })).toMatchObject({ status: 200 })
  })
})

describe('POST /oauth/userinfo 200', () => {
  test('takes the token in the header, with and without a body', async () => {
    const { send, post, access_token } = await tokenWorld()
    const headers = bearer(access_token)
    expect(await send('/oauth/userinfo', { method: 'POST', headers })).toMatchObject({
      body: { sub: 'alice' },
    })
    expect(await post('/oauth/userinfo', {}, headers)).toMatchObject({ body: { sub: 'alice' } })
  })

  /** RFC 6750 §2.2. */
  test('takes the token in a form', async () => {
    const { post, access_token } = await tokenWorld()
    expect(await post('/oauth/userinfo', { access_token })).toMatchObject({
      status: 200,
      body: { sub: 'alice' },
    })
  })
})

describe('GET /oauth/userinfo 400', () => {
  test('refuses a query that cannot be read', async () => {
    const { read, access_token } = await tokenWorld()
    expect(await read(bearer(access_token), '/oauth/userinfo?a=1&a=2')).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })
})

describe('POST /oauth/userinfo 400', () => {
  test('refuses two tokens', async () => {
    const { post, access_token } = await tokenWorld()
    expect(await post('/oauth/userinfo', { access_token }, bearer(access_token))).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  test.each([
    ['twice in a form', 'application/x-www-form-urlencoded', 'access_token=a&access_token=b'],
    ['beyond bounds', 'application/x-www-form-urlencoded', `access_token=${'t'.repeat(8_193)}`],
    ['in JSON', 'application/json', '{"access_token":"a"}'],
  ])('refuses a token %s', async (_, type, body) => {
    const { send } = await tokenWorld()
    const init = { method: 'POST', headers: { 'content-type': type }, body }
    expect(await send('/oauth/userinfo', init)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })
})

/** RFC 6750 §3, §3.1. */
describe('GET /oauth/userinfo 401', () => {
  test('challenges without an error whoever sent nothing', async () => {
    const { read } = await tokenWorld()
    const { status, headers } = await read()
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe(TOKEN_CHALLENGES)
    expect(headers.get('access-control-expose-headers')).toContain('www-authenticate')
  })

  test('does not look for a token in the query', async () => {
    const { read, access_token } = await tokenWorld()
    expect(await read({}, `/oauth/userinfo?access_token=${access_token}`)).toMatchObject({ status: 401 })
  })

  test.each([
    ['nonsense', () => 'abc'],
    ['an ID token', (_: string, id_token: string) => id_token],
    ['unsigned', (token: string) => `${token.split('.').slice(0, 2).join('.')}.`],
    ['truncated', (token: string) => token.slice(0, -1)],
    ['beyond bounds', (token: string) => `${token}${'a'.repeat(9_000)}`],
  ])('refuses a token that is %s', async (_, change) => {
    const { read, access_token, id_token } = await tokenWorld()
    const { status, headers, body } = await read(bearer(change(access_token, id_token)))
    expect({ status, error: body.error }).toEqual({ status: 401, error: 'invalid_token' })
    expect(headers.get('www-authenticate')).toMatch(/^Bearer realm="gatewright", error="invalid_token"/)
  })

  test('refuses a token of another issuer, even one with the same keys', async () => {
    const { read, register } = await tokenWorld()
    await register(confidentialClient(sha256(secret)))
    const token = await foreignToken({ grant_type: 'client_credentials' }, basic('service', secret))
    expect(token).toMatch(/^eyJ/)
    expect(await read(bearer(token))).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  test('refuses an expired token, and the token of somebody who is gone', async () => {
    const { read, access_token } = await tokenWorld()
    await env.DB.exec("DELETE FROM accounts WHERE account_id = 'alice'")
    expect(await read(bearer(access_token))).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (accessTokenTtlSeconds + 1) * 1000 })
    expect(await read(bearer(access_token))).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })
})

describe('POST /oauth/userinfo 401', () => {
  test('challenges whoever sent nothing, and a wrong token in a form', async () => {
    const { send, post } = await tokenWorld()
    expect(await send('/oauth/userinfo', { method: 'POST' })).toMatchObject({ status: 401 })
    const { status, headers } = await post('/oauth/userinfo', { access_token: 'abc' })
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toMatch(/error="invalid_token"/)
  })
})

async function readWithoutOpenid(method: 'GET' | 'POST') {
  const { send, access_token } = await tokenWorld('read')
  return send('/oauth/userinfo', { method, headers: bearer(access_token) })
}

describe('GET /oauth/userinfo 403', () => {
  test('names the scope that is missing', async () => {
    const { status, headers, body } = await readWithoutOpenid('GET')
    expect({ status, error: body.error }).toEqual({ status: 403, error: 'insufficient_scope' })
    expect(headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="openid"/)
  })

  test('is no place for a client’s own token', async () => {
    const { read, register, token } = await tokenWorld()
    await register(confidentialClient(sha256(secret)))
    const { body } = await token({ grant_type: 'client_credentials' }, basic('service', secret))
    expect(await read(bearer(String(body.access_token)))).toMatchObject({ status: 403 })
  })
})

describe('POST /oauth/userinfo 403', () => {
  test('names the scope that is missing', async () => {
    expect(await readWithoutOpenid('POST')).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    })
  })
})

/** Whoever fills what an isolate can remember of revocations must not bring a revoked token back. */
describe('GET /oauth/userinfo 503, with more revoked than can be remembered', () => {
  test('lets no token in that may be among them', async () => {
    const { access_token } = await tokenWorld()
    const expires_at = Math.floor(Date.now() / 1000) + accessTokenTtlSeconds
    await env.DB.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${revocationsMax}) ` +
        `INSERT INTO revocations (kind, id, expires_at) SELECT 'token', i, ${expires_at} FROM n`,
    )
    const answer = await newIsolate().send('/oauth/userinfo', { headers: bearer(access_token) })
    expect(answer).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})
