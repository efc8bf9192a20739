import { createHash } from 'node:crypto'

import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import {
  accessTokenTtlSeconds,
  authorizationCodeTtlSeconds,
  oauthBodyBytesMax,
} from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import type { Fields } from '../../support/oauth/answer.ts'
import { confidentialClient, publicClient, type ClientChanges } from '../../support/oauth/clients.ts'
import {
  amplePlan,
  basic,
  code_verifier,
  issuer,
  newIsolate,
  newWorld,
  redemptionOf,
} from '../../support/oauth/world.ts'

const client_secret = 'the secret of the service'

async function codeWorld(changes: ClientChanges = {}) {
  const world = await newWorld()
  const client = await world.register({ ...publicClient(changes), first_party: true, plan: amplePlan })
  const account = await world.person('alice')
  const cookie = await world.cookieOf(account)
  return { ...world, client, account, cookie, code: await world.codeFor(client, cookie) }
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))
}

afterEach(() => {
  vi.useRealTimers()
})

describe('POST /oauth/token 200, authorization_code', () => {
  test('gives tokens that nobody keeps a copy of', async () => {
    const { token, client, code } = await codeWorld()
    const { status, headers, body } = await token(redemptionOf(client, code), {
      origin: 'https://app.example',
    })
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: accessTokenTtlSeconds,
      scope: 'openid profile email read',
      refresh_token: expect.stringMatching(/^gwr_/),
      id_token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('pragma')).toBe('no-cache')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('x-ratelimit-limit')).toBe('1000')
    expect(headers.get('x-ratelimit-remaining')).toBe('999')
  })

  /** RFC 9068 §2.2. */
  test('signs an access token for this gateway that names its grant', async () => {
    const { token, client, code } = await codeWorld()
    const { body } = await token(redemptionOf(client, code))
    const access_token = String(body.access_token)
    expect(decodeProtectedHeader(access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' })
    expect(decodeJwt(access_token)).toEqual({
      iss: issuer,
      sub: 'alice',
      aud: issuer,
      client_id: client.client_id,
      scope: 'openid profile email read',
      iat: expect.any(Number),
      exp: expect.any(Number),
      auth_time: expect.any(Number),
      jti: expect.stringMatching(/^[\w-]{22}$/),
      grant_id: expect.stringMatching(/^[\w-]{22}$/),
      sid: expect.stringMatching(/^[\w-]{22}$/),
    })
  })

  /** OpenID Connect Core §2, §3.1.3.6: claims from a list, and a hash of the access token beside it. */
  test.each(['RS256', 'ES256'] as const)(
    'signs an ID token with %s that holds what it may and no more',
    async (alg) => {
      const { token, client, code } = await codeWorld({ id_token_signed_response_alg: alg })
      const { body } = await token(redemptionOf(client, code))
      const digest = createHash('sha256').update(String(body.access_token)).digest()
      expect(decodeProtectedHeader(String(body.id_token))).toMatchObject({ alg, typ: 'JWT' })
      expect(decodeJwt(String(body.id_token))).toEqual({
        iss: issuer,
        sub: 'alice',
        aud: client.client_id,
        iat: expect.any(Number),
        exp: expect.any(Number),
        auth_time: expect.any(Number),
        nonce: 'nonce-of-the-app',
        acr: 'urn:gatewright:acr:single-factor',
        amr: ['pwd'],
        sid: decodeJwt(String(body.access_token)).sid,
        at_hash: digest.subarray(0, 16).toString('base64url'),
      })
    },
  )

  test('gives no ID token without openid, and no refresh token to a client that may not refresh', async () => {
    const { token, codeFor, client, cookie } = await codeWorld({ grant_types: ['authorization_code'] })
    const code = await codeFor(client, cookie, { scope: 'read' })
    const { body } = await token(redemptionOf(client, code))
    expect(Object.keys(body).toSorted()).toEqual(['access_token', 'expires_in', 'scope', 'token_type'])
  })

  test('takes the same in JSON', async () => {
    const { postJson, client, code } = await codeWorld()
    expect(await postJson('/oauth/token', redemptionOf(client, code))).toMatchObject({ status: 200 })
  })

  test.each([
    ['client_secret_basic', {}, basic('service', client_secret)],
    ['client_secret_post', { client_secret }, {}],
  ] as const)('authenticates a confidential client by %s', async (method, fields, headers) => {
    const { token, codeFor, register, cookie } = await codeWorld()
    const service = await register({
      ...confidentialClient(sha256(client_secret), { token_endpoint_auth_method: method }),
      first_party: true,
    })
    const code = await codeFor(service, cookie)
    expect(await token({ ...redemptionOf(service, code), ...fields }, headers)).toMatchObject({ status: 200 })
  })
})

/** Whatever is wrong, the code is still there for the client that it was made for. */
describe('POST /oauth/token 400, authorization_code', () => {
  test.each([
    ['without grant_type', (it: Fields) => without(it, 'grant_type'), 'invalid_request'],
    ['without the code', (it: Fields) => without(it, 'code'), 'invalid_request'],
    ['without redirect_uri', (it: Fields) => without(it, 'redirect_uri'), 'invalid_request'],
    ['without the verifier', (it: Fields) => without(it, 'code_verifier'), 'invalid_request'],
    ['with an empty verifier', (it: Fields) => ({ ...it, code_verifier: '' }), 'invalid_request'],
    ['with a short verifier', (it: Fields) => ({ ...it, code_verifier: 'v'.repeat(42) }), 'invalid_request'],
    ['with a long verifier', (it: Fields) => ({ ...it, code_verifier: 'v'.repeat(129) }), 'invalid_request'],
    [
      'with a verifier beyond bounds',
      (it: Fields) => ({ ...it, code_verifier: 'v'.repeat(300) }),
      'invalid_request',
    ],
    ['with the wrong verifier', (it: Fields) => ({ ...it, code_verifier: 'v'.repeat(43) }), 'invalid_grant'],
    [
      'with the challenge for a verifier',
      (it: Fields) => ({ ...it, code_verifier: sha256(code_verifier) }),
      'invalid_grant',
    ],
    [
      'with another redirect_uri',
      (it: Fields) => ({ ...it, redirect_uri: 'https://app.example/' }),
      'invalid_grant',
    ],
    [
      'with a redirect_uri beyond bounds',
      (it: Fields) => ({ ...it, redirect_uri: 'x'.repeat(3_000) }),
      'invalid_request',
    ],
    ['with a forged code', (it: Fields) => ({ ...it, code: `${it.code?.slice(0, -2)}AA` }), 'invalid_grant'],
    [
      'with a truncated code',
      (it: Fields) => ({ ...it, code: String(it.code).slice(0, -1) }),
      'invalid_grant',
    ],
    ['with a code beyond bounds', (it: Fields) => ({ ...it, code: 'c'.repeat(8_193) }), 'invalid_request'],
    [
      'with an unknown grant type',
      (it: Fields) => ({ ...it, grant_type: 'password' }),
      'unsupported_grant_type',
    ],
    [
      'with the grant type of API keys',
      (it: Fields) => ({ ...it, grant_type: 'api_key' }),
      'unsupported_grant_type',
    ],
    [
      'with a grant type not registered',
      (it: Fields) => ({ ...it, grant_type: 'client_credentials' }),
      'unauthorized_client',
    ],
  ])('refuses a request %s', async (_, change, error) => {
    const { token, client, code } = await codeWorld()
    const right = redemptionOf(client, code)
    const { status, headers, body } = await token(change(right))
    expect({ status, error: body.error }).toEqual({ status: 400, error })
    expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{10,}$/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('www-authenticate')).toBeNull()
    expect(headers.get('x-request-id')).toMatch(/^req_/)
    expect(await token(right)).toMatchObject({ status: 200 })
  })

  test('refuses a code of another client, and leaves it to its owner', async () => {
    const { token, register, client, code } = await codeWorld()
    const thief = await register({ ...publicClient(), client_id: 'thief' })
    expect(await token({ ...redemptionOf(client, code), client_id: thief.client_id })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await token(redemptionOf(client, code))).toMatchObject({ status: 200 })
  })

  test.each([
    ['a body in another content type', { 'content-type': 'text/plain' }, 'grant_type=authorization_code'],
    ['a body without content type', {}, 'grant_type=authorization_code'],
    ['a body as multipart', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
    ['broken JSON', { 'content-type': 'application/json' }, '{"grant_type":'],
    ['JSON that is no object', { 'content-type': 'application/json' }, '["grant_type"]'],
    ['a number where a text belongs', { 'content-type': 'application/json' }, '{"grant_type":1}'],
    ['null where a text belongs', { 'content-type': 'application/json' }, '{"grant_type":null}'],
    ['JSON nested beyond bounds', { 'content-type': 'application/json' }, '['.repeat(100) + ']'.repeat(100)],
    ['a broken escape', { 'content-type': 'application/x-www-form-urlencoded' }, 'grant_type=%zz'],
    [
      'an escape that is not UTF-8',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'grant_type=%ff',
    ],
    ['an empty body', { 'content-type': 'application/x-www-form-urlencoded' }, ''],
    [
      'a body beyond its bound',
      { 'content-type': 'application/x-www-form-urlencoded' },
      `grant_type=${'x'.repeat(oauthBodyBytesMax)}`,
    ],
  ])('refuses %s', async (_, headers: Fields, body) => {
    const { send } = await codeWorld()
    const answer = await send('/oauth/token', { method: 'POST', headers, body })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  test.each(['grant_type', 'code', 'redirect_uri', 'code_verifier', 'client_id'])(
    'refuses %s twice, even with the same value',
    async (name) => {
      const { post, token, client, code } = await codeWorld()
      const right = redemptionOf(client, code)
      const twice = `${new URLSearchParams(right).toString()}&${name}=${encodeURIComponent(right[name] ?? '')}`
      expect(await post('/oauth/token', twice)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      })
      expect(await token(right)).toMatchObject({ status: 200 })
    },
  )

  test('refuses a code after its time', async () => {
    const { token, client, code } = await codeWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (authorizationCodeTtlSeconds + 1) * 1000 })
    expect(await token(redemptionOf(client, code))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })

  /** RFC 6749 §4.1.2, RFC 9700 §4.2.4. Either of the two was not the client, so what the first got ends as well. */
  test('refuses a spent code, and ends what came of it', async () => {
    const { token, send, client, code } = await codeWorld()
    const { body } = await token(redemptionOf(client, code))
    const { access_token, refresh_token } = body
    expect(await token(redemptionOf(client, code))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    const refresh = {
      grant_type: 'refresh_token',
      client_id: client.client_id,
      refresh_token: String(refresh_token),
    }
    expect(await token(refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    const headers = { authorization: `Bearer ${String(access_token)}` }
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 401 })
    expect(await newIsolate().send('/oauth/userinfo', { headers })).toMatchObject({ status: 401 })
  })

  test('leaves a code alone that somebody tried first with the wrong verifier, however often', async () => {
    const { token, client, code } = await codeWorld()
    for (let tries = 0; tries < 5; tries += 1) {
      await token({ ...redemptionOf(client, code), code_verifier: 'w'.repeat(43) })
    }
    expect(await token(redemptionOf(client, code))).toMatchObject({ status: 200 })
  })
})

/** RFC 6749 §5.2: 401 is for the client alone, and the challenge for whoever used Basic. */
describe('POST /oauth/token 401', () => {
  async function serviceWorld(method: 'client_secret_basic' | 'client_secret_post') {
    const world = await codeWorld()
    const service = await world.register({
      ...confidentialClient(sha256(client_secret), { token_endpoint_auth_method: method }),
      first_party: true,
      plan: amplePlan,
    })
    return { ...world, service, code: await world.codeFor(service, world.cookie) }
  }

  test.each([
    ['the wrong secret', basic('service', 'wrong')],
    ['an empty secret', basic('service', '')],
    ['an unknown client', basic('nobody', client_secret)],
    ['a public client with a secret', basic('app', client_secret)],
    ['a header that is no Base64', { authorization: 'Basic ***' }],
    ['a header without a colon', { authorization: `Basic ${btoa('service')}` }],
    ['a bearer token', { authorization: 'Bearer abc' }],
    ['an unknown scheme', { authorization: 'Negotiate abc' }],
  ])('challenges %s in Basic', async (_, headers: Fields) => {
    const { token, service, code } = await serviceWorld('client_secret_basic')
    const fields = without(redemptionOf(service, code), 'client_id')
    const answer = await token(fields, headers)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="gatewright"')
    expect(await token(fields, basic('service', client_secret))).toMatchObject({ status: 200 })
  })

  test.each([
    ['no client at all', {}],
    ['a confidential client by name only', { client_id: 'service' }],
    ['the wrong secret', { client_id: 'service', client_secret: 'wrong' }],
    ['an unknown client', { client_id: 'nobody', client_secret }],
    ['an unknown public client', { client_id: 'nobody' }],
  ])('refuses %s in the body without a challenge', async (_, identity: Fields) => {
    const { token, service, code } = await serviceWorld('client_secret_post')
    const fields = without(redemptionOf(service, code), 'client_id')
    const answer = await token({ ...fields, ...identity })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.get('www-authenticate')).toBeNull()
    expect(await token({ ...fields, client_id: 'service', client_secret })).toMatchObject({ status: 200 })
  })

  test('refuses a client that uses another method than it registered', async () => {
    const { token, service, code } = await serviceWorld('client_secret_post')
    const answer = await token(redemptionOf(service, code), basic('service', client_secret))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('refuses two methods at once as a malformed request', async () => {
    const { token, service, code } = await serviceWorld('client_secret_basic')
    const answer = await token(
      { ...redemptionOf(service, code), client_secret },
      basic('service', client_secret),
    )
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('says the same of an unknown client as of a wrong secret', async () => {
    const { token } = await serviceWorld('client_secret_basic')
    const [unknown, wrong] = [
      await token({ grant_type: 'client_credentials' }, basic('nobody', 'x')),
      await token({ grant_type: 'client_credentials' }, basic('service', 'x')),
    ]
    expect(unknown?.text).toBe(wrong?.text)
  })
})
