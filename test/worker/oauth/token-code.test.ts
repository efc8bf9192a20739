import { createHash } from 'node:crypto'

import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'

import { accessTokenTtlSeconds } from '../../../src/platform/bounds.ts'
import { client_secret, codeWorld, serviceCodeWorld } from '../../support/oauth/code-world.ts'
import { basic, issuer, redemptionOf } from '../../support/oauth/world.ts'

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
      acr: 'urn:gatewright:acr:single-factor',
      jti: expect.stringMatching(/^[\w-]{22}$/),
      grant_id: expect.stringMatching(/^[\w-]{22}$/),
      sid: expect.stringMatching(/^[\w-]{22}$/),
    })
  })

  /** OpenID Connect Core §2, §3.1.3.6: claims from a list, and a hash of the access token beside it. */
  test.each([
    ['RS256', 'sha256'],
    ['ES256', 'sha256'],
    ['PS256', 'sha256'],
    ['EdDSA', 'sha512'],
  ] as const)('signs an ID token with %s that holds what it may and no more', async (alg, hash) => {
    const { token, client, code } = await codeWorld({ id_token_signed_response_alg: alg })
    const { body } = await token(redemptionOf(client, code))
    const digest = createHash(hash).update(String(body.access_token)).digest()
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
      at_hash: digest.subarray(0, digest.byteLength / 2).toString('base64url'),
    })
  })

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
    const { token, service, code } = await serviceCodeWorld(method)
    const answer = await token({ ...redemptionOf(service, code), ...fields }, headers)
    expect(answer).toMatchObject({ status: 200 })
  })
})
