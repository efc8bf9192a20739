import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import * as z from 'zod'
import { describe, expect, test } from 'vitest'

import { tokenWorld } from '../../support/oauth/token-world.ts'
import { issuer } from '../../support/oauth/world.ts'

const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

/** OpenID Connect Core §5, claims; §8, subject types. */
describe('OpenID Connect Core §5', () => {
  test('5.3.1: userinfo MUST support GET and POST, and answers JSON', async () => {
    const { app, send, tokensOf } = await tokenWorld()
    const { access_token } = await tokensOf(app)
    for (const method of ['GET', 'POST']) {
      const answer = await send('/oauth/userinfo', {
        method,
        headers: { authorization: `Bearer ${access_token}` },
      })
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json'])
    }
  })

  test('5.3.2: sub MUST always be returned, and MUST be the same as in the ID token', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld()
    const { access_token, id_token } = await tokensOf(app)
    expect((await userinfo(access_token)).body['sub']).toBe(decodeJwt(id_token).sub)
  })

  test('5.3.2: a claim that the person does not have is omitted, never null or empty', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld()
    const { body } = await userinfo((await tokensOf(app)).access_token)
    for (const value of Object.values(body)) expect([null, '']).not.toContain(value)
    expect(body).not.toHaveProperty('nickname')
  })

  test.each(['RS256', 'ES256', 'PS256', 'EdDSA'] as const)(
    '5.3.2: signed with %s, the answer is application/jwt and has iss and aud',
    async (alg) => {
      const { app, send, tokensOf, userinfo } = await tokenWorld({ userinfo_signed_response_alg: alg })
      const { headers, text } = await userinfo((await tokensOf(app)).access_token)
      const keys = createLocalJWKSet(Jwks.parse((await send('/.well-known/jwks.json')).body))
      const { payload, protectedHeader } = await jwtVerify(text, keys, { issuer, audience: 'app' })
      expect([headers.get('content-type'), protectedHeader.alg]).toEqual(['application/jwt', alg])
      expect(payload).toMatchObject({ sub: 'alice', name: 'Alice Example', email: 'alice@example.com' })
    },
  )

  test('5.4: each scope opens its claims and no others', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld()
    const { body } = await userinfo((await tokensOf(app, { scope: 'openid email' })).access_token)
    expect(body).toEqual({ sub: 'alice', email: 'alice@example.com', email_verified: true })
  })

  test('5.1: updated_at is a number, email_verified a boolean', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld()
    const { body } = await userinfo((await tokensOf(app)).access_token)
    expect(body).toMatchObject({ updated_at: expect.any(Number), email_verified: true })
  })

  test('5.5: claims asked for by name come at userinfo, essential or not, besides those of the scope', async () => {
    const scope = 'openid profile email address phone'
    const { app, tokensOf, userinfo } = await tokenWorld({ scope })
    const claims = { userinfo: { address: { essential: true }, phone_number: null, nickname: null } }
    const { access_token } = await tokensOf(app, { scope: 'openid email', claims })
    expect((await userinfo(access_token)).body).toEqual({
      sub: 'alice',
      email: 'alice@example.com',
      email_verified: true,
      address: { country: 'NO' },
      phone_number: '+47 555 01 234',
    })
  })

  test('5.5: claims asked for in id_token come in the ID token', async () => {
    const { app, tokensOf } = await tokenWorld()
    const claims = { id_token: { email: { essential: true }, name: null, auth_time: { essential: true } } }
    expect(decodeJwt((await tokensOf(app, { claims })).id_token)).toMatchObject({
      email: 'alice@example.com',
      name: 'Alice Example',
      auth_time: expect.any(Number),
    })
  })

  test('5.5.1: no error is answered for a claim that is not there, essential or not', async () => {
    const { app, tokensOf } = await tokenWorld()
    const claims = { id_token: { 'https://example.com/unknown': { essential: true }, nickname: null } }
    expect(decodeJwt((await tokensOf(app, { claims })).id_token)).toMatchObject({ sub: 'alice' })
  })

  test('8.1: a pairwise sub is the same each time for one sector, in ID token, access token and userinfo', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld({ subject_type: 'pairwise' })
    const one = await tokensOf(app)
    const two = await tokensOf(app)
    const subs = [one.id_token, one.access_token, two.id_token].map((token) => decodeJwt(token).sub)
    expect(new Set([...subs, (await userinfo(one.access_token)).body['sub']]).size).toBe(1)
    expect(subs[0]).not.toBe('alice')
  })
})
