import { exportJWK, generateKeyPair, SignJWT, type JWTPayload } from 'jose'
import { describe, expect, test } from 'vitest'

import { gatewayWorld } from '../../support/gateway/world.ts'
import { ISSUER, NOW, withBearer } from '../../support/signing/door.ts'

const THEIRS = 'https://id.example.com'
const JWKS_URI = `${THEIRS}/jwks`
const AUDIENCE = 'https://api.example.com'
const TRUSTED = {
  issuer: THEIRS,
  jwks_uri: JWKS_URI,
  audience: AUDIENCE,
  algorithms: ['ES256', 'RS256', 'PS256', 'EdDSA'],
}
const ROUTES = [
  { path: '/theirs', authentication: { api_key: false, tokens: [THEIRS] }, scopes: ['read'] },
  { path: '/both', authentication: { api_key: false, tokens: [ISSUER, THEIRS] } },
]

const CLAIMS = {
  iss: THEIRS,
  aud: AUDIENCE,
  sub: 'user-7',
  client_id: 'app',
  scope: 'read',
  exp: NOW + 600,
  iat: NOW,
}

/** A gateway that trusts another issuer, and that issuer. */
async function world(alg = 'ES256', trusted: object = TRUSTED) {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true })
  const published = { keys: [{ ...(await exportJWK(publicKey)), kid: 'theirs', alg }] }
  const issuer = { asked: 0, answer: () => Response.json(published) }
  const gateway = await gatewayWorld({
    routes: ROUTES,
    trusted_issuers: [trusted],
    keySets: async (url) => {
      expect(url).toBe(JWKS_URI)
      issuer.asked += 1
      return issuer.answer()
    },
  })
  const sign = (claims: JWTPayload = {}, header: object = {}) =>
    new SignJWT({ ...CLAIMS, ...claims })
      .setProtectedHeader({ alg, kid: 'theirs', typ: 'JWT', ...header })
      .sign(privateKey)
  const get = (token: string, path = '/theirs') => gateway.call('GET', path, { headers: withBearer(token) })
  return { ...gateway, issuer, sign, get, publicKey }
}

describe('a token of a trusted issuer', () => {
  test.each(['ES256', 'RS256', 'PS256', 'EdDSA'])(
    'opens the route, and its keys are fetched once: %s',
    async (alg) => {
      const { sign, get, issuer, seen } = await world(alg)
      for (let at = 0; at < 3; at += 1)
        expect(await get(await sign({ jti: String(at) }))).toMatchObject({ status: 200 })
      expect(issuer.asked).toBe(1)
      expect(seen).toHaveLength(3)
    },
  )

  /** Two issuers may know two people by one name, so the upstream is told whose name it is. */
  test('tells the upstream who its bearer is, and to whom', async () => {
    const { sign, get, seen } = await world()
    await get(await sign())
    expect(Object.fromEntries(seen[0]?.headers ?? [])).toMatchObject({
      'x-auth-issuer': THEIRS,
      'x-auth-subject': 'user-7',
      'x-auth-client': 'app',
      'x-auth-scopes': 'read',
    })
  })

  test.each([
    ['scp as a list', { scope: undefined, scp: ['read', 'write'] }, 'read write'],
    ['scp as a text', { scope: undefined, scp: 'write read' }, 'write read'],
    ['names that are no scopes left out', { scope: 'read a"b' }, 'read'],
  ])('carries scopes as issuers write them: %s', async (_name, claims, scopes) => {
    const { sign, get, seen } = await world()
    expect((await get(await sign(claims))).status).toBe(200)
    expect(seen[0]?.headers.get('x-auth-scopes')).toBe(scopes)
  })

  test.each([{ typ: 'at+jwt' }, { typ: 'application/at+jwt' }, { typ: undefined }])(
    'may be of the type %j',
    async (header) => {
      const { sign, get } = await world()
      expect((await get(await sign({}, header))).status).toBe(200)
    },
  )

  test.each([
    ['for another audience', { aud: 'https://elsewhere.example.com' }],
    ['without an audience', { aud: undefined }],
    ['without an expiry', { exp: undefined }],
    ['without a subject', { sub: undefined }],
    ['with a subject that would split a header', { sub: 'a\r\nx-auth-scopes: manage' }],
    ['with a subject that no header can carry', { sub: 'ü' }],
    ['with a subject of a kilobyte', { sub: 'x'.repeat(1024) }],
    ['not valid yet', { nbf: NOW + 31 }],
    ['issued in the future', { iat: NOW + 31 }],
    ['issued in the future, whatever it says of its beginning', { iat: NOW + 31, nbf: NOW - 60 }],
    ['without the time of its issue', { iat: undefined }],
  ])('is refused when it is %s', async (_name, claims) => {
    const { sign, get, seen } = await world()
    expect(await get(await sign(claims))).toMatchObject({
      status: 401,
      body: { error: { code: 'token_invalid' } },
    })
    expect(seen).toEqual([])
  })

  test('is told apart when it has expired, with half a minute for their clock', async () => {
    const { sign, get, seen } = await world()
    expect((await get(await sign({ exp: NOW - 29 }))).status).toBe(200)
    const answer = await get(await sign({ exp: NOW - 30 }))
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'token_expired' } } })
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(seen).toHaveLength(1)
  })

  test('needs the scope of the route like any other', async () => {
    const { sign, get, seen } = await world()
    expect(await get(await sign({ scope: 'write' }))).toMatchObject({ status: 403 })
    expect(seen).toEqual([])
  })
})

describe('a forged token', () => {
  test('is refused when another key signed it', async () => {
    const { get, seen } = await world()
    const stranger = await generateKeyPair('ES256')
    const forged = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'ES256', kid: 'theirs' })
      .sign(stranger.privateKey)
    expect(await get(forged)).toMatchObject({ status: 401, body: { error: { code: 'token_invalid' } } })
    expect(seen).toEqual([])
  })

  /** RFC 8725 §2.1: the public key, which everybody has, used as a shared secret. */
  test('is refused when the public key signed it as HMAC', async () => {
    const { get, publicKey, seen } = await world()
    const secret = new TextEncoder().encode(JSON.stringify(await exportJWK(publicKey)))
    const forged = await new SignJWT(CLAIMS).setProtectedHeader({ alg: 'HS256', kid: 'theirs' }).sign(secret)
    expect(await get(forged)).toMatchObject({ status: 401, body: { error: { code: 'token_invalid' } } })
    expect(seen).toEqual([])
  })

  test('is refused when it is unsigned, or brings its own key', async () => {
    const { get, sign, seen, issuer } = await world()
    const stranger = await generateKeyPair('ES256', { extractable: true })
    const jwk = await exportJWK(stranger.publicKey)
    const embedded = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'ES256', kid: 'own', jwk, jku: 'https://evil.example.com/jwks' })
      .sign(stranger.privateKey)
    const [, payload] = (await sign()).split('.')
    const unsigned = `${btoa('{"alg":"none","kid":"theirs"}').replaceAll('=', '')}.${payload}.`
    for (const token of [embedded, unsigned]) {
      expect(await get(token)).toMatchObject({ status: 401, body: { error: { code: 'token_invalid' } } })
    }
    expect(seen).toEqual([])
    expect(issuer.asked).toBeLessThanOrEqual(2)
  })

  test('is refused when its algorithm is one that the operator did not allow', async () => {
    const { get, sign, seen } = await world('RS256', { ...TRUSTED, algorithms: ['ES256'] })
    expect(await get(await sign())).toMatchObject({ status: 401, body: { error: { code: 'token_invalid' } } })
    expect(seen).toEqual([])
  })

  /** An issuer that is trusted for its own people must not be able to speak for ours. */
  test('is refused when a trusted issuer signs in our name', async () => {
    const { get, sign, seen } = await world()
    expect(await get(await sign({ iss: ISSUER, aud: ISSUER }), '/both')).toMatchObject({
      status: 401,
      body: { error: { code: 'token_invalid' } },
    })
    expect(seen).toEqual([])
  })
})

describe('which issuers a route takes', () => {
  test('one that is not trusted is never asked for keys', async () => {
    const { get, sign, issuer, seen } = await world()
    expect(await get(await sign({ iss: 'https://stranger.example.com' }))).toMatchObject({
      status: 401,
      body: { error: { code: 'token_invalid' } },
    })
    expect([issuer.asked, seen.length]).toEqual([0, 0])
  })

  test('a token of ours does not open a route for theirs only, nor theirs one for ours only', async () => {
    const { get, sign, token, issuer, seen } = await world()
    expect((await get(await token())).status).toBe(401)
    expect((await get(await sign(), '/me')).status).toBe(401)
    expect([issuer.asked, seen.length]).toEqual([0, 0])
  })

  test('a route may take both', async () => {
    const { get, sign, token, seen } = await world()
    expect([(await get(await token(), '/both')).status, (await get(await sign(), '/both')).status]).toEqual([
      200, 200,
    ])
    expect(seen.map(({ headers }) => headers.get('x-auth-issuer'))).toEqual([ISSUER, THEIRS])
  })

  test('while its keys cannot be had, the caller is told to come back, not that the token is bad', async () => {
    const { get, sign, issuer, seen } = await world()
    issuer.answer = () => new Response('down', { status: 503 })
    const answer = await get(await sign())
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(seen).toEqual([])
  })

  test('their callers are counted apart from ours of the same name', async () => {
    const { get, sign, token } = await world()
    const ours = await get(await token({ client_id: 'app', sub: 'user-7' }), '/both')
    const theirs = await get(await sign(), '/both')
    expect([ours, theirs].map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['59', '59'])
  })
})
