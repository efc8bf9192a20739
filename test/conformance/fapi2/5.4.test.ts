import { decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'

import { assertionOf, clientKey } from '../../support/clients/assertion-world.ts'
import { tokenProof } from '../../support/oauth/bound-world.ts'
import { fapiWorld, strictMetadata } from '../../support/oauth/fapi-world.ts'
import { unsignedObject } from '../../support/oauth/request-world.ts'
import { issuer, redemptionOf } from '../../support/oauth/world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

const STRONG = ['PS256', 'ES256', 'EdDSA']

/** @see FAPI 2.0 Security Profile §5.4 (cryptography and secrets) */
describe('FAPI 2.0 Security Profile §5.4.1', () => {
  test('servers shall use PS256, ES256 or EdDSA when they create JWTs', async () => {
    const { access_token, id_token } = await (await fapiWorld()).tokens()
    for (const token of [access_token, id_token]) expect(STRONG).toContain(decodeProtectedHeader(token).alg)
  })

  test.each(STRONG)('servers shall be able to sign an ID token with %s', async (alg) => {
    const { id_token } = await (await fapiWorld({ id_token_signed_response_alg: alg })).tokens()
    expect(decodeProtectedHeader(id_token).alg).toBe(alg)
  })

  test.each([
    'id_token_signed_response_alg',
    'userinfo_signed_response_alg',
    'authorization_signed_response_alg',
    'introspection_signed_response_alg',
    'request_object_signing_alg',
    'token_endpoint_auth_signing_alg',
  ])('RS256 cannot be registered as %s', async (name) => {
    const { jwk } = await clientKey()
    expect(strictMetadata({ jwks: { keys: [jwk] }, [name]: 'RS256' })).toContain(name)
  })

  test('servers shall not take RS256 in a client assertion', async () => {
    const rsa = await clientKey('RS256')
    const { token, client } = await fapiWorld({ jwks: { keys: [rsa.jwk] } })
    const client_assertion = await assertionOf(client.client_id, rsa, { header: { alg: 'RS256' } })
    const client_assertion_type = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
    const answer = await token({
      grant_type: 'refresh_token',
      refresh_token: 'x',
      client_assertion,
      client_assertion_type,
    })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('servers shall not take RS256 in a proof', async () => {
    const { client, code, redeem } = await fapiWorld()
    const redemption = redemptionOf(client, await code())
    const answer = await redeem(redemption, await tokenProof(await newHolder('RS256')))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    expect((await redeem(redemption)).status).toBe(200)
  })

  test('servers shall not use or accept the algorithm none', async () => {
    const { post, client, push } = await fapiWorld()
    const now = Math.floor(Date.now() / 1000)
    const { client_id } = client
    const claims = { iss: client_id, sub: client_id, aud: issuer, exp: now + 60, iat: now, jti: 'none' }
    const answer = await post('/oauth/par', {
      client_id,
      client_assertion: unsignedObject(claims),
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    const object = unsignedObject({ iss: client_id, aud: issuer, nbf: now, exp: now + 60 })
    expect(await push({ request: object })).toMatchObject({ status: 400 })
  })

  test('RSA keys shall have 2048 bits at least', async () => {
    const { client, code, redeem } = await fapiWorld()
    const redemption = redemptionOf(client, await code())
    const holder = await newHolder('PS256')
    // Half of its modulus: nobody holds such a key, and it is refused before that matters.
    const jwk = { ...holder.jwk, n: holder.jwk.n?.slice(0, 171) ?? '' }
    const answer = await redeem(redemption, await tokenProof(holder, {}, { jwk }))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    expect((await redeem(redemption, await tokenProof(holder))).status).toBe(200)
  })

  test('credentials that people do not handle shall hold 128 bits of entropy at least', async () => {
    const { code, tokens, pushed } = await fapiWorld()
    const made = [await code(), (await tokens()).refresh_token, await pushed()]
    for (const text of made)
      expect(Math.max(...text.split('.').map((part) => part.length))).toBeGreaterThan(42)
    expect(await code()).not.toBe(made[0])
  })
})

describe('FAPI 2.0 Security Profile §5.4.2, §5.4.3', () => {
  test('keys are published at a jwks_uri, each under a kid of its own', async () => {
    const { send } = await fapiWorld()
    const { body: metadata } = await send('/.well-known/openid-configuration')
    const { body } = await send(new URL(String(metadata['jwks_uri'])).pathname)
    const text = JSON.stringify(body)
    const kids = Array.from(text.matchAll(/"kid":"([^"]+)"/g), ([, kid]) => kid)
    expect(kids.length).toBeGreaterThan(1)
    expect(new Set(kids).size).toBe(kids.length)
    expect(text).not.toMatch(/"(?:x5u|jku|d)":/)
  })
})
