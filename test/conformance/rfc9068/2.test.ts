import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import * as z from 'zod'
import { describe, expect, test } from 'vitest'

import { orders } from '../../support/oauth/resources.ts'
import { asService, claimsNow, signed, tokenWorld } from '../../support/oauth/token-world.ts'
import { issuer } from '../../support/oauth/world.ts'

const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

/** RFC 9068 §2 and §4, access tokens as JWTs. */
describe('RFC 9068', () => {
  test('2.1: they MUST be signed, by an asymmetric key that the server publishes', async () => {
    const { app, send, tokensOf } = await tokenWorld()
    const { access_token } = await tokensOf(app)
    const keys = createLocalJWKSet(Jwks.parse((await send('/.well-known/jwks.json')).body))
    expect((await jwtVerify(access_token, keys, { issuer, audience: issuer })).protectedHeader.alg).toBe(
      'ES256',
    )
  })

  test('2.1: typ MUST be at+jwt', async () => {
    const { app, tokensOf } = await tokenWorld()
    expect(decodeProtectedHeader((await tokensOf(app)).access_token).typ).toBe('at+jwt')
  })

  test('2.2: iss, exp, aud, sub, client_id, iat and jti are REQUIRED', async () => {
    const { app, tokensOf } = await tokenWorld()
    const claims = decodeJwt((await tokensOf(app)).access_token)
    for (const name of ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti']) {
      expect(claims).toHaveProperty(name)
    }
  })

  test('2.2: for client_credentials, sub identifies the client', async () => {
    const { token } = await tokenWorld()
    const { body } = await token({ grant_type: 'client_credentials' }, asService('service'))
    expect(decodeJwt(String(body['access_token']))).toMatchObject({ sub: 'service', client_id: 'service' })
  })

  test('2.2.1: auth_time and acr describe the sign-in, and stay the same over a refresh', async () => {
    const { app, token, tokensOf } = await tokenWorld()
    const { access_token, refresh_token } = await tokensOf(app)
    const fields = { grant_type: 'refresh_token', client_id: app.client_id, refresh_token }
    const { body } = await token(fields)
    const { auth_time, acr } = decodeJwt(access_token)
    expect(decodeJwt(String(body['access_token']))).toMatchObject({ auth_time, acr })
  })

  test('2.2.3: scope is there when the request had one', async () => {
    const { app, tokensOf } = await tokenWorld()
    expect(decodeJwt((await tokensOf(app, { scope: 'read' })).access_token)['scope']).toBe('read')
  })

  test('3: aud is the resource that was asked for', async () => {
    const { app, tokensOf } = await tokenWorld()
    expect(decodeJwt((await tokensOf(app, { resource: [orders] })).access_token).aud).toBe(orders)
  })

  test('4: the resource server MUST refuse a token of another typ, issuer or audience, or an expired one', async () => {
    const { userinfo } = await tokenWorld()
    expect(await userinfo(await signed(claimsNow()))).toMatchObject({ status: 200 })
    expect(await userinfo(await signed(claimsNow(), 'application/at+jwt'))).toMatchObject({ status: 200 })
    const wrong = [
      await signed(claimsNow(), 'JWT'),
      await signed(claimsNow({ iss: 'https://other.example' })),
      await signed(claimsNow({ aud: orders })),
      await signed(claimsNow({ exp: Math.floor(Date.now() / 1000) })),
    ]
    for (const token of wrong) expect(await userinfo(token)).toMatchObject({ status: 401 })
  })
})
