import { env } from 'cloudflare:workers'
import { decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'

import { jwksRoutes } from '../../../src/signing/jwks.route.ts'
import { rotateKeys } from '../../../src/signing/key-rotation.ts'
import { signingAlgs } from '../../../src/signing/signing-key.ts'
import {
  TOKEN_CHALLENGES,
  door,
  foundation,
  NOW_MS,
  tokenWith,
  withBearer,
} from '../../support/signing/door.ts'

async function signingDoor() {
  const base = await foundation()
  const routes = jwksRoutes({ ...base, rotateKeys: async (nowMs) => rotateKeys(base, nowMs) })
  return { ...base, call: door(routes) }
}

async function rows() {
  const { results } = await env.DB.prepare('SELECT * FROM signing_keys ORDER BY kid').all()
  return results
}

describe('GET /.well-known/jwks.json 200', () => {
  test('publishes active and next keys of every algorithm, each with its own name, use and algorithm', async () => {
    const { call } = await signingDoor()
    const { status, headers, body } = await call('GET', '/.well-known/jwks.json')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/jwk-set+json')
    expect(headers.get('cache-control')).toBe('public, max-age=600')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    const keys: { kid: string; alg: string; use: string }[] = body.keys
    expect(keys.map(({ alg, use }) => `${alg} ${use}`)).toEqual(
      signingAlgs.toSorted().flatMap((alg) => [`${alg} sig`, `${alg} sig`]),
    )
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(2 * signingAlgs.length)
  })
})

describe('POST /v1/signing-keys/rotate 200', () => {
  test('signs with the key that was next, keeps the old one published, and publishes another', async () => {
    const { call, keyRing } = await signingDoor()
    const token = await tokenWith(keyRing, {})
    const { kid: before } = decodeProtectedHeader(token)
    const { status, body } = await call('POST', '/v1/signing-keys/rotate', { headers: withBearer(token) })
    expect(status).toBe(200)
    const { kid: after } = decodeProtectedHeader(await tokenWith(keyRing, {}))
    expect(body.keys).toContainEqual(expect.objectContaining({ kid: before, state: 'retired' }))
    expect(body.keys).toContainEqual(expect.objectContaining({ kid: after, state: 'active' }))
    const { body: jwks } = await call('GET', '/.well-known/jwks.json')
    expect(jwks.keys).toHaveLength(3 * signingAlgs.length)
  })

  test('leaves the operator’s own token valid, which the old key signed', async () => {
    const { call, keyRing } = await signingDoor()
    const headers = withBearer(await tokenWith(keyRing, {}))
    await call('POST', '/v1/signing-keys/rotate', { headers })
    expect(await call('POST', '/v1/signing-keys/rotate', { headers })).toMatchObject({ status: 200 })
  })
})

describe('POST /v1/signing-keys/rotate 401', () => {
  test('for nobody: tells the scheme and no error, and rotates nothing', async () => {
    const { call } = await signingDoor()
    const before = await rows()
    const { status, headers, body } = await call('POST', '/v1/signing-keys/rotate')
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe(TOKEN_CHALLENGES)
    expect(body).toMatchObject({
      error: { code: 'credentials_missing', details: { request_id: 'request-1' } },
    })
    expect(await rows()).toEqual(before)
  })

  test.each([
    ['a token for another audience', { aud: 'https://api.example' }, 'token_invalid'],
    ['a token of another issuer', { iss: 'https://other.example' }, 'token_invalid'],
    ['an expired token', { exp: NOW_MS / 1000 }, 'token_expired'],
  ])('for %s, and rotates nothing', async (_name, changes, code) => {
    const { call, keyRing } = await signingDoor()
    const before = await rows()
    const headers = withBearer(await tokenWith(keyRing, changes))
    const answer = await call('POST', '/v1/signing-keys/rotate', { headers })
    expect(answer).toMatchObject({ status: 401, body: { error: { code } } })
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
    expect(await rows()).toEqual(before)
  })

  test('for a token of a revoked grant, and rotates nothing', async () => {
    const { call, keyRing, revoked } = await signingDoor()
    const headers = withBearer(await tokenWith(keyRing, {}))
    const before = await rows()
    revoked.add('grant grant-1')
    const answer = await call('POST', '/v1/signing-keys/rotate', { headers })
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'token_revoked' } } })
    expect(await rows()).toEqual(before)
  })

  test.each([
    ['Bearer', 'credentials_malformed'],
    ['Bearer a b', 'credentials_malformed'],
    ['Negotiate abc', 'credentials_malformed'],
    ['Basic dXNlcjpwYXNz', 'credentials_missing'],
    ['Bearer not-a-token', 'token_invalid'],
  ])('for the header %s', async (authorization, code) => {
    const { call } = await signingDoor()
    const answer = await call('POST', '/v1/signing-keys/rotate', { headers: { authorization } })
    expect(answer).toMatchObject({ status: 401, body: { error: { code } } })
  })

  /** Which check failed would help to mend a forgery. */
  test('says the same of a wrong signature, a wrong type and a wrong audience', async () => {
    const { call, keyRing } = await signingDoor()
    const token = await tokenWith(keyRing, {})
    const forged = `${token.slice(0, -10)}AAAAAAAAAA`
    const idToken = await keyRing.sign('ES256', 'JWT', { sub: 'alice' }, NOW_MS)
    const foreign = await tokenWith(keyRing, { aud: 'https://api.example' })
    const answers = [forged, idToken, foreign].map(async (one) => {
      const { body, headers } = await call('POST', '/v1/signing-keys/rotate', { headers: withBearer(one) })
      return { body, challenge: headers.get('www-authenticate') }
    })
    const [first, ...rest] = await Promise.all(answers)
    for (const other of rest) expect(other).toEqual(first)
  })
})

describe('POST /v1/signing-keys/rotate 403', () => {
  test.each(['read', 'manage:keys', 'Manage', ''])(
    'for a token with the scope "%s", names the scope that is needed, and rotates nothing',
    async (scope) => {
      const { call, keyRing } = await signingDoor()
      const before = await rows()
      const headers = withBearer(await tokenWith(keyRing, { scope }))
      const answer = await call('POST', '/v1/signing-keys/rotate', { headers })
      expect(answer).toMatchObject({
        status: 403,
        body: { error: { code: 'scope_insufficient', details: { scope: 'manage' } } },
      })
      expect(answer.headers.get('www-authenticate')).toMatch(/error="insufficient_scope".*scope="manage"/)
      expect(await rows()).toEqual(before)
    },
  )
})

describe('POST /v1/signing-keys/rotate 503', () => {
  /** A revoked token must not be let in because nobody could look. */
  test('while nobody knows what was revoked: asks to come back, and rotates nothing', async () => {
    const base = await foundation()
    const bearer = { ...base.bearer, revocations: async () => undefined }
    const routes = jwksRoutes({ ...base, bearer, rotateKeys: async (nowMs) => rotateKeys(base, nowMs) })
    const before = await rows()
    const headers = withBearer(await tokenWith(base.keyRing, {}))
    const answer = await door(routes)('POST', '/v1/signing-keys/rotate', { headers })
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
    expect(answer.headers.get('retry-after')).toBe('1')
    expect(await rows()).toEqual(before)
  })
})
