import { createHash } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose'
import * as z from 'zod'
import { describe, expect, test } from 'vitest'

import { tokenWorld } from '../../support/oauth/token-world.ts'
import { issuer, redemptionOf } from '../../support/oauth/world.ts'

const Jwks = z.object({ keys: z.array(z.looseObject({ kty: z.string() })) })

/** OpenID Connect Core §2 and §3.1.3, ID tokens of the code flow; §12.2. */
describe('OpenID Connect Core §3.1.3', () => {
  test.each([
    ['RS256', 'sha256'],
    ['ES256', 'sha256'],
    ['PS256', 'sha256'],
    ['EdDSA', 'sha512'],
  ] as const)(
    '3.1.3.6: signed with %s, at_hash is the left half of the %s of the access token',
    async (alg, hash) => {
      const { app, send, tokensOf } = await tokenWorld({ id_token_signed_response_alg: alg })
      const { access_token, id_token } = await tokensOf(app)
      const keys = createLocalJWKSet(Jwks.parse((await send('/.well-known/jwks.json')).body))
      const { payload, protectedHeader } = await jwtVerify(id_token, keys, { issuer, audience: 'app' })
      const digest = createHash(hash).update(access_token).digest()
      expect(protectedHeader.alg).toBe(alg)
      expect(payload['at_hash']).toBe(digest.subarray(0, digest.byteLength / 2).toString('base64url'))
    },
  )

  test('2: iss, sub, aud, exp and iat are REQUIRED; sub has at most 255 ASCII characters', async () => {
    const { app, tokensOf } = await tokenWorld()
    const claims = decodeJwt((await tokensOf(app)).id_token)
    expect(claims).toMatchObject({
      iss: issuer,
      aud: 'app',
      exp: expect.any(Number),
      iat: expect.any(Number),
    })
    expect(claims.sub).toMatch(/^[\x20-\x7e]{1,255}$/)
  })

  test('2: nonce is passed through unmodified; auth_time, acr and amr say how the person signed in', async () => {
    const { app, tokensOf } = await tokenWorld()
    expect(decodeJwt((await tokensOf(app)).id_token)).toMatchObject({
      nonce: 'nonce-of-the-app',
      auth_time: expect.any(Number),
      acr: 'urn:gatewright:acr:single-factor',
      amr: ['pwd'],
      sid: expect.any(String),
    })
  })

  test('3.1.3.3: without the scope openid there is no ID token', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const { body } = await token(redemptionOf(app, await codeWith(app, { scope: 'read' })))
    expect(body).not.toHaveProperty('id_token')
  })

  test('12.2: after a refresh iss, sub, aud and auth_time MUST be the same, iat is new, nonce SHOULD NOT be there', async () => {
    const { app, token, tokensOf } = await tokenWorld()
    const { id_token, refresh_token } = await tokensOf(app)
    const fields = { grant_type: 'refresh_token', client_id: app.client_id, refresh_token }
    const next = decodeJwt(String((await token(fields)).body['id_token']))
    const { iss, sub, aud, auth_time } = decodeJwt(id_token)
    expect(next).toMatchObject({ iss, sub, aud, auth_time, iat: expect.any(Number) })
    expect(next).not.toHaveProperty('nonce')
  })
})
