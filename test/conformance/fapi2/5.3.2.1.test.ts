import { decodeJwt } from 'jose'
import { describe, expect, onTestFinished, test, vi } from 'vitest'

import { clientKey } from '../../support/clients/assertion-world.ts'
import { tokenProof } from '../../support/oauth/bound-world.ts'
import { fapiWorld, strictMetadata } from '../../support/oauth/fapi-world.ts'
import { issuer, redemptionOf } from '../../support/oauth/world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

/** @see FAPI 2.0 Security Profile §5.3.2.1 (general requirements for authorization servers) */
describe('FAPI 2.0 Security Profile §5.3.2.1', () => {
  test('the server shall distribute its metadata by the documents of OpenID Connect Discovery and RFC 8414', async () => {
    const { send } = await fapiWorld()
    for (const name of ['openid-configuration', 'oauth-authorization-server']) {
      const { status, body } = await send(`/.well-known/${name}`)
      expect([status, body['issuer'], body['authorization_endpoint']]).toEqual([
        200,
        issuer,
        `${issuer}/oauth/authorize`,
      ])
    }
  })

  test('the server shall reject requests with the resource owner password credentials grant', async () => {
    const { redeem } = await fapiWorld()
    const answer = await redeem({ grant_type: 'password', username: 'alice', password: 'whatever it is' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })

  test('the server shall only support confidential clients', async () => {
    const { jwk } = await clientKey()
    const asked = { jwks: { keys: [jwk] }, token_endpoint_auth_method: 'none', refresh_token_rotation: true }
    expect(strictMetadata(asked)).toContain('private_key_jwt')
  })

  test('the server shall only issue sender-constrained access tokens', async () => {
    const { client, code, token, proofOfClient, redeem } = await fapiWorld()
    const redemption = redemptionOf(client, await code())
    const unbound = await token({ ...redemption, ...(await proofOfClient()) })
    expect(unbound).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    const bound = await redeem(redemption)
    expect(bound).toMatchObject({ status: 200, body: { token_type: 'DPoP' } })
  })

  test('the server shall use DPoP for sender-constrained access tokens', async () => {
    const { tokens, holder } = await fapiWorld()
    expect(decodeJwt((await tokens()).access_token)['cnf']).toEqual({ jkt: holder.jkt })
  })

  test('the server shall authenticate clients by private_key_jwt, where it does not by mutual TLS', async () => {
    const { jwk } = await clientKey()
    const jwks = { keys: [jwk] }
    for (const token_endpoint_auth_method of ['client_secret_basic', 'client_secret_post'])
      expect(strictMetadata({ jwks, token_endpoint_auth_method })).toContain('private_key_jwt')
    expect(strictMetadata({ jwks })).toMatchObject({ token_endpoint_auth_method: 'private_key_jwt' })
  })

  test('the server shall not expose open redirectors', async () => {
    const { authorize, send, client, cookie } = await fapiWorld()
    const away = 'https://elsewhere.example/'
    const asked = { client_id: client.client_id, redirect_uri: away, response_type: 'code' }
    const answers = [
      await authorize(asked, cookie),
      await send(`/sign-in?${new URLSearchParams({ continue: away }).toString()}`, { headers: { cookie } }),
      await send(`/oauth/logout?${new URLSearchParams({ post_logout_redirect_uri: away }).toString()}`),
    ]
    for (const { location } of answers) expect(location.origin).toBe(issuer)
  })

  test('the server shall accept its issuer identifier alone, as a string, as aud of a client assertion', async () => {
    const { client, code, redeem } = await fapiWorld()
    const redemption = redemptionOf(client, await code())
    for (const aud of [[issuer], `${issuer}/oauth/token`, [issuer, `${issuer}/oauth/token`], `${issuer}/`]) {
      const answer = await redeem(redemption, undefined, { claims: { aud } })
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    }
    expect((await redeem(redemption, undefined, { claims: { aud: issuer } })).status).toBe(200)
  })

  test('the server shall not use refresh token rotation', async () => {
    const { tokens, redeem } = await fapiWorld()
    const { refresh_token } = await tokens()
    for (const _ of ['once', 'again']) {
      const { status, body } = await redeem({ grant_type: 'refresh_token', refresh_token })
      expect([status, body['refresh_token'] ?? refresh_token]).toEqual([200, refresh_token])
    }
    expect(strictMetadata({ jwks: { keys: [{}] }, refresh_token_rotation: true })).toContain('rotation')
  })

  test('the server may demand a nonce in proofs, and then says which', async () => {
    const { client, code, redeem, holder } = await fapiWorld()
    const redemption = redemptionOf(client, await code())
    const refused = await redeem(redemption, await tokenProof(holder, { nonce: 'of another server' }))
    expect(refused).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } })
    const nonce = refused.headers.get('dpop-nonce') ?? ''
    expect((await redeem(redemption, await tokenProof(holder, { nonce }))).status).toBe(200)
  })

  test('the server shall issue authorization codes with a lifetime of at most 60 seconds', async () => {
    const { client, code, redeem } = await fapiWorld()
    const redemption = redemptionOf(client, await code())
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 })
    onTestFinished(() => void vi.useRealTimers())
    const later = await redeem(redemption)
    expect(later).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('the server shall support the binding of an authorization code to a DPoP key, by dpop_jkt', async () => {
    const { client, code, redeem, holder } = await fapiWorld()
    const redemption = redemptionOf(client, await code({ dpop_jkt: holder.jkt }))
    const thief = await redeem(redemption, await tokenProof(await newHolder()))
    expect(thief).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await redeem(redemption)).status).toBe(200)
  })

  test('the server shall support the binding of an authorization code to a DPoP key, by a proof at the PAR endpoint', async () => {
    const { client, code, redeem, pushProof } = await fapiWorld()
    const redemption = redemptionOf(client, await code({}, { dpop: await pushProof() }))
    const thief = await redeem(redemption, await tokenProof(await newHolder()))
    expect(thief).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await redeem(redemption)).status).toBe(200)
  })

  test('the server shall accept JWTs with an iat or nbf up to 10 seconds in the future', async () => {
    const { client, code, redeem } = await fapiWorld()
    const soon = Math.floor(Date.now() / 1000) + 10
    const claims = { iat: soon, nbf: soon, exp: soon + 60 }
    expect((await redeem(redemptionOf(client, await code()), undefined, { claims })).status).toBe(200)
  })

  test.each(['iat', 'nbf'])(
    'the server shall reject JWTs with %s more than 60 seconds in the future',
    async (name) => {
      const { client, code, redeem } = await fapiWorld()
      const late = Math.floor(Date.now() / 1000) + 61
      const claims = { [name]: late, exp: late + 60 }
      const answer = await redeem(redemptionOf(client, await code()), undefined, { claims })
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    },
  )

  test('the server should restrict the privileges of an access token to those that were asked for', async () => {
    const { client, code, redeem } = await fapiWorld()
    const { body } = await redeem(redemptionOf(client, await code({ scope: 'openid' })))
    expect(decodeJwt(String(body['access_token']))).toMatchObject({ scope: 'openid', aud: issuer })
  })
})
