import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { sha256 } from '../../../src/platform/digest.ts'
import { boundWorld, nonceAt, tokenProof } from '../../support/oauth/bound-world.ts'
import { client_secret, serviceCodeWorld } from '../../support/oauth/code-world.ts'
import { clientWith } from '../../support/oauth/clients.ts'
import { amplePlan, basic, issuer, newIsolate, newWorld, redemptionOf } from '../../support/oauth/world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

describe('RFC 9449 §5, access token request', () => {
  test('with a valid proof the access token MUST be bound to its key, and token_type MUST be DPoP', async () => {
    const { holder, tokens } = await boundWorld()
    const { access_token, body } = await tokens()
    expect(body['token_type']).toBe('DPoP')
    expect(decodeJwt(access_token)['cnf']).toEqual({ jkt: holder.jkt })
  })

  test('without a proof a client that may do so gets a bearer token', async () => {
    const { redeem } = await boundWorld()
    const { status, body } = await redeem()
    expect({ status, type: body['token_type'] }).toEqual({ status: 200, type: 'Bearer' })
    expect(decodeJwt(String(body['access_token']))).not.toHaveProperty('cnf')
  })

  test('an invalid proof is answered with 400 invalid_dpop_proof', async () => {
    const { holder, redeem, codeIsUnspent } = await boundWorld()
    const answer = await redeem(await tokenProof(holder, {}, { typ: 'JWT' }))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(await codeIsUnspent()).toBe(true)
  })

  test('the refresh token of a public client MUST be bound to the key', async () => {
    const { holder, tokens, refresh } = await boundWorld()
    const { refresh_token } = await tokens()
    for (const proof of [undefined, await tokenProof(await newHolder())]) {
      expect(await refresh(refresh_token, proof)).toMatchObject({
        status: 400,
        body: { error: 'invalid_grant' },
      })
    }
    expect(await refresh(refresh_token, await tokenProof(holder))).toMatchObject({
      status: 200,
      body: { token_type: 'DPoP' },
    })
  })

  test('a refresh token that was rotated stays bound to the key', async () => {
    const { holder, tokens, refresh } = await boundWorld()
    const rotated = await refresh((await tokens()).refresh_token, await tokenProof(holder))
    const next = rotated.body['refresh_token']
    expect(await refresh(next, await tokenProof(await newHolder()))).toMatchObject({ status: 400 })
    expect(await refresh(next, await tokenProof(holder))).toMatchObject({ status: 200 })
  })

  test('the refresh token of a confidential client is not bound, and binds its access token to a new key', async () => {
    const world = await serviceCodeWorld('client_secret_basic')
    const secret = basic(world.service.client_id, client_secret)
    const first = await newHolder()
    const redeemed = await world.token(redemptionOf(world.service, world.code), {
      ...secret,
      dpop: await tokenProof(first),
    })
    const second = await newHolder()
    const { status, body } = await world.token(
      { grant_type: 'refresh_token', refresh_token: String(redeemed.body['refresh_token']) },
      { ...secret, dpop: await tokenProof(second) },
    )
    expect(status).toBe(200)
    expect(decodeJwt(String(body['access_token']))['cnf']).toEqual({ jkt: second.jkt })
  })

  test('a client gets a bound token for itself as well', async () => {
    const world = await serviceCodeWorld('client_secret_basic')
    const holder = await newHolder()
    const { body } = await world.token(
      { grant_type: 'client_credentials', scope: 'read' },
      { ...basic(world.service.client_id, client_secret), dpop: await tokenProof(holder) },
    )
    expect(body).toMatchObject({ token_type: 'DPoP' })
    expect(decodeJwt(String(body['access_token']))['cnf']).toEqual({ jkt: holder.jkt })
  })

  test('an API key is exchanged for a bound token as well', async () => {
    const { post, register, apiKey } = await newWorld()
    const client = clientWith({ client_id: 'robot', plan: amplePlan }, { scope: 'read' })
    const { api_key } = await apiKey({ client_id: (await register(client)).client_id, scope: 'read' })
    const holder = await newHolder()
    const dpop = await holder.prove({
      htm: 'POST',
      htu: `${issuer}/auth/token`,
      nonce: nonceAt(Date.now()),
    })
    const { status, body } = await post('/auth/token', { grant_type: 'api_key', api_key }, { dpop })
    expect({ status, type: body['token_type'] }).toEqual({ status: 200, type: 'DPoP' })
    expect(decodeJwt(String(body['access_token']))['cnf']).toEqual({ jkt: holder.jkt })
  })
})

describe('RFC 9449 §5.1, authorization server metadata', () => {
  test('dpop_signing_alg_values_supported lists the algorithms of proofs, none of them symmetric', async () => {
    const { send } = await newWorld()
    const { body } = await send('/.well-known/oauth-authorization-server')
    expect(body['dpop_signing_alg_values_supported']).toEqual(['ES256', 'PS256', 'EdDSA'])
  })
})

describe('RFC 9449 §5.2, client registration metadata', () => {
  test('token requests without a proof MUST be rejected of a client with dpop_bound_access_tokens', async () => {
    const { redeem, codeIsUnspent } = await boundWorld({ dpop_bound_access_tokens: true })
    expect(await redeem()).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    expect(await codeIsUnspent()).toBe(true)
  })

  test.each([{ dpop_bound_access_tokens: true }, { profile: 'fapi2' as const }])(
    'the rejection comes on every way to a token, for itself and with an API key, of a client with %j',
    async (changes) => {
      const { post, token, register, apiKey } = await newWorld()
      const client = await register(
        clientWith(
          { client_id: 'strict', client_secret_digest: sha256(client_secret), plan: amplePlan },
          { ...changes, grant_types: ['client_credentials'] },
        ),
      )
      const { api_key } = await apiKey({ client_id: client.client_id, scope: 'read' })
      const refused = { status: 400, body: { error: 'invalid_dpop_proof' } }
      const fields = { grant_type: 'client_credentials' }
      const secret = basic('strict', client_secret)
      expect(await token(fields, secret)).toMatchObject(refused)
      expect(await post('/auth/token', { grant_type: 'api_key', api_key })).toMatchObject(refused)
      const dpop = await tokenProof(await newHolder())
      expect(await token(fields, { ...secret, dpop })).toMatchObject({ body: { token_type: 'DPoP' } })
    },
  )

  test('a refresh without a proof is refused once the client has asked for bound tokens', async () => {
    const world = await boundWorld()
    const { body } = await world.redeem()
    await world.register({
      ...world.client,
      metadata: { ...world.client.metadata, dpop_bound_access_tokens: true },
    })
    const { send } = newIsolate()
    const fields = {
      grant_type: 'refresh_token',
      client_id: world.client.client_id,
      refresh_token: String(body['refresh_token']),
    }
    const refresh = (headers: Record<string, string>) =>
      send('/oauth/token', { method: 'POST', body: new URLSearchParams(fields), headers })
    expect(await refresh({})).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    expect(await refresh({ dpop: await tokenProof(world.holder) })).toMatchObject({ status: 200 })
  })
})
