import { describe, expect, test } from 'vitest'

import { revocationsMax } from '../../../src/platform/bounds.ts'
import { gatewayWorld } from '../../support/gateway/world.ts'
import { NOW, TOKEN_CHALLENGES, withBearer } from '../../support/signing/door.ts'

const withKey = (key: string) => ({ authorization: `ApiKey ${key}` })
const BOTH = `${TOKEN_CHALLENGES}, ApiKey realm="gatewright"`

describe('a caller without a credential', () => {
  test('is told which kinds the route takes, and nothing is forwarded', async () => {
    const { call, seen } = await gatewayWorld()
    const { status, headers, body } = await call('GET', '/api/users')
    expect({ status, error: body.error }).toMatchObject({
      status: 401,
      error: {
        code: 'credentials_missing',
        details: { accepted: ['Bearer', 'DPoP', 'ApiKey'], request_id: 'request-1' },
      },
    })
    expect(headers.get('www-authenticate')).toBe(BOTH)
    expect(seen).toEqual([])
  })

  /** A query ends up in logs, histories and referrers. */
  test('has none, though the query holds one', async () => {
    const { call, token, key, seen } = await gatewayWorld()
    const query = `access_token=${await token()}&api_key=${await key()}&apikey=${await key()}`
    expect(await call('GET', `/api/users?${query}`)).toMatchObject({
      status: 401,
      body: { error: { code: 'credentials_missing' } },
    })
    expect(seen).toEqual([])
  })

  test('has none with Basic, which no route takes', async () => {
    const { call, seen } = await gatewayWorld()
    expect(await call('GET', '/me', { headers: { authorization: `Basic ${btoa('a:b')}` } })).toMatchObject({
      status: 401,
      body: { error: { code: 'credentials_missing', details: { accepted: ['Bearer', 'DPoP'] } } },
    })
    expect(seen).toEqual([])
  })
})

describe('a credential that cannot be read', () => {
  test.each(['Bearer', 'Bearer a b', 'Digest x', 'Bearer a, Bearer b', `Bearer ${'x'.repeat(9_000)}`])(
    '%s',
    async (authorization) => {
      const { call, seen } = await gatewayWorld()
      const { status, headers, body } = await call('GET', '/api/users', { headers: { authorization } })
      expect({ status, code: body.error.code }).toEqual({ status: 401, code: 'credentials_malformed' })
      expect(headers.get('www-authenticate')).toBe(BOTH)
      expect(seen).toEqual([])
    },
  )
})

describe('two credentials at once', () => {
  test.each([
    ['a token and a key', (token: string, key: string) => ({ ...withBearer(token), 'x-api-key': key })],
    ['a key twice', (_token: string, key: string) => ({ ...withKey(key), 'x-api-key': key })],
    ['two keys in one header', (_token: string, key: string) => ({ 'x-api-key': `${key}, ${key}` })],
  ])('are refused, even where either alone would do: %s', async (_name, headersOf) => {
    const { call, token, key, seen } = await gatewayWorld()
    const headers = headersOf(await token(), await key())
    expect(await call('GET', '/api/users', { headers })).toMatchObject({
      status: 400,
      body: { error: { code: 'credentials_repeated' } },
    })
    expect(seen).toEqual([])
  })
})

describe('a token of ours', () => {
  test('opens the route', async () => {
    const { call, token, seen } = await gatewayWorld()
    expect(await call('GET', '/me', { headers: withBearer(await token()) })).toMatchObject({ status: 200 })
    expect(seen).toHaveLength(1)
  })

  test('is told apart from others when it has expired', async () => {
    const { call, token, seen } = await gatewayWorld()
    const expired = await token({ exp: NOW, iat: NOW - 60 })
    const { status, headers, body } = await call('GET', '/me', { headers: withBearer(expired) })
    expect({ status, code: body.error.code }).toEqual({ status: 401, code: 'token_expired' })
    expect(headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(seen).toEqual([])
  })

  /** Also when its signature has been checked before: the cache saves the signature, never the judgement. */
  test('stops at once in the isolate that hears of its revocation', async () => {
    const { call, token, revocations, seen } = await gatewayWorld()
    const headers = withBearer(await token({ grant_id: 'grant-7' }))
    for (let at = 0; at < 3; at += 1) expect((await call('GET', '/me', { headers })).status).toBe(200)
    revocations.add('grant', 'grant-7', NOW + 600)
    expect(await call('GET', '/me', { headers })).toMatchObject({
      status: 401,
      body: { error: { code: 'token_revoked' } },
    })
    expect(seen).toHaveLength(3)
  })

  /** Whoever fills the set must not gain from it: what may be revoked is not let in, and a key is judged elsewhere. */
  test('is not judged while more is revoked than can be remembered', async () => {
    const { call, token, key, revocations, seen } = await gatewayWorld()
    for (let id = 0; id < revocationsMax; id += 1) revocations.add('token', String(id), NOW + 600)
    const refused = await call('GET', '/api/users', { headers: withBearer(await token()) })
    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(seen).toEqual([])
    const keyed = await call('GET', '/api/users', { headers: withKey(await key()) })
    expect(keyed.status).toBe(200)
  })

  test.each([
    ['meant for somebody else', { aud: 'https://elsewhere.example' }],
    ['of another issuer', { iss: 'https://elsewhere.example' }],
    ['not valid yet', { iat: NOW + 3_600, exp: NOW + 7_000 }],
  ])('is refused when it is %s', async (_name, changes) => {
    const { call, token, seen } = await gatewayWorld()
    expect(await call('GET', '/me', { headers: withBearer(await token(changes)) })).toMatchObject({
      status: 401,
      body: { error: { code: 'token_invalid' } },
    })
    expect(seen).toEqual([])
  })

  test.each([
    [
      'unsigned',
      (token: string) =>
        `${btoa('{"alg":"none","typ":"at+jwt","kid":"x"}').replaceAll('=', '')}.${token.split('.')[1]}.`,
    ],
    ['without its signature', (token: string) => `${token.split('.').slice(0, 2).join('.')}.`],
    [
      'with another payload',
      (token: string) => token.replace(/\.[^.]+\./, `.${btoa('{"sub":"root"}').replaceAll('=', '')}.`),
    ],
    ['no token at all', () => 'nonsense'],
    ['an API key under the wrong scheme', () => 'gwk_test_a_b_c'],
  ])('is refused when it is %s', async (_name, forge) => {
    const { call, token, seen } = await gatewayWorld()
    const headers = withBearer(forge(await token()))
    expect(await call('GET', '/me', { headers })).toMatchObject({
      status: 401,
      body: { error: { code: 'token_invalid' } },
    })
    expect(seen).toEqual([])
  })

  test('does not open a route that takes API keys only', async () => {
    const { call, token, seen } = await gatewayWorld()
    const { status, headers, body } = await call('GET', '/keys-only', { headers: withBearer(await token()) })
    expect({ status, code: body.error.code }).toEqual({ status: 401, code: 'credentials_missing' })
    expect(headers.get('www-authenticate')).toBe('ApiKey realm="gatewright"')
    expect(seen).toEqual([])
  })
})

describe('an API key', () => {
  test.each([
    ['Authorization: ApiKey', withKey],
    ['Authorization: apikey', (key: string) => ({ authorization: `apikey ${key}` })],
    ['X-API-Key', (key: string) => ({ 'x-api-key': key })],
  ])('opens the route as %s', async (_name, headersOf) => {
    const { call, key, seen } = await gatewayWorld()
    expect(await call('GET', '/keys-only', { headers: headersOf(await key()) })).toMatchObject({
      status: 200,
    })
    expect(seen).toHaveLength(1)
  })

  test.each([
    ['revoked', { revoked_at: NOW - 1 }, (key: string) => key],
    ['expired', { expires_at: NOW }, (key: string) => key],
    ['mistyped in its checksum', {}, (key: string) => `${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`],
    ['mistyped in its secret', {}, (key: string) => key.replace(/_[a-z2-7]{52}_/, `_${'a'.repeat(52)}_`)],
    ['no key', {}, () => 'nonsense'],
    ['a token under the wrong scheme', {}, () => 'eyJhbGciOiJFUzI1NiJ9.e30.AA'],
  ])('is refused when it is %s', async (_name, changes, present) => {
    const { call, key, seen } = await gatewayWorld()
    const { status, headers, body } = await call('GET', '/keys-only', {
      headers: withKey(present(await key(changes))),
    })
    expect({ status, code: body.error.code }).toEqual({ status: 401, code: 'api_key_invalid' })
    expect(headers.get('www-authenticate')).toBe('ApiKey realm="gatewright"')
    expect(seen).toEqual([])
  })

  test('does not open a route that takes tokens only', async () => {
    const { call, key, seen } = await gatewayWorld()
    expect(await call('GET', '/me', { headers: withKey(await key()) })).toMatchObject({
      status: 401,
      body: { error: { code: 'credentials_missing', details: { accepted: ['Bearer', 'DPoP'] } } },
    })
    expect(seen).toEqual([])
  })
})

describe('scopes', () => {
  test('any one of those of the route opens it', async () => {
    const { call, token } = await gatewayWorld()
    for (const scope of ['read', 'openid read:users', 'write read']) {
      expect(await call('GET', '/api/users', { headers: withBearer(await token({ scope })) })).toMatchObject({
        status: 200,
      })
    }
  })

  test.each(['', 'write', 'rea', 'readx', 'READ', 'read:profile'])(
    'none of them is 403 with the scopes that would do: %j',
    async (scope) => {
      const { call, token, seen } = await gatewayWorld()
      const { status, headers, body } = await call('GET', '/api/users', {
        headers: withBearer(await token({ scope })),
      })
      expect({ status, error: body.error }).toMatchObject({
        status: 403,
        error: { code: 'scope_insufficient', details: { any_scope_of: ['read', 'read:users'] } },
      })
      expect(headers.get('www-authenticate')).toBe(
        'Bearer realm="gatewright", error="insufficient_scope", scope="read read:users"',
      )
      expect(seen).toEqual([])
    },
  )

  test('those of an API key count as those of a token do', async () => {
    const { call, key, seen } = await gatewayWorld()
    const { status, headers } = await call('POST', '/api/users', {
      headers: withKey(await key({ scope: 'read' })),
    })
    expect(status).toBe(403)
    expect(headers.get('www-authenticate')).toBe(
      'ApiKey realm="gatewright", error="insufficient_scope", scope="write"',
    )
    expect(seen).toEqual([])
    expect(
      await call('POST', '/api/users', { headers: withKey(await key({ scope: 'read write' })) }),
    ).toMatchObject({
      status: 200,
    })
  })
})
