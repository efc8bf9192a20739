import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startNamedServer, type NamedServer } from '../../support/flows/named-server.ts'
import { newKey, refreshTokenOf, register, signInBy } from '../../support/flows/openid-client.ts'

const issuer = new URL('https://gatewright.example')
const scope = 'openid profile email read'

let server: NamedServer

beforeAll(async () => {
  server = await startNamedServer(issuer.origin)
})

afterAll(() => server.close())

/** A client that proves itself by its key, and has its tokens bound to another. */
async function registerWithKeys(metadata: Partial<client.ClientMetadata>) {
  const { jwks, privateKey } = await newKey('PS256')
  const method = { token_endpoint_auth_method: 'private_key_jwt', jwks, scope }
  const config = await register(server, { ...method, ...metadata }, client.PrivateKeyJwt(privateKey))
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const pushed = {
    ask: (parameters: Record<string, string>) =>
      client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP }),
    arrive: (url: URL) => server.arriveAtClient(url),
    DPoP,
  }
  return { config, DPoP, pushed }
}

const fapi2 = {
  profile: 'fapi2',
  require_pushed_authorization_requests: true,
  dpop_bound_access_tokens: true,
  id_token_signed_response_alg: 'PS256',
  authorization_signed_response_alg: 'PS256',
  introspection_signed_response_alg: 'PS256',
}

/** The library learns the nonce of the server from the first refusal, and tries once more by itself. */
describe('openid-client with keys of its own', () => {
  test('of the strict profile completes pushed request, code, userinfo, an API, refresh and introspection', async () => {
    const { config, DPoP, pushed } = await registerWithKeys(fapi2)
    const tokens = await signInBy(config, pushed, { scope })
    expect(tokens).toMatchObject({ token_type: 'dpop', scope })
    expect(await client.fetchUserInfo(config, tokens.access_token, 'alice', { DPoP })).toMatchObject({
      email: 'alice@example.com',
    })
    const users = new URL(server.demo.routes.users, issuer)
    const call = (access_token: string) =>
      client.fetchProtectedResource(config, access_token, users, 'GET', undefined, undefined, { DPoP })
    expect((await call(tokens.access_token)).status).toBe(200)
    const renewed = await client.refreshTokenGrant(config, refreshTokenOf(tokens), undefined, { DPoP })
    expect(renewed.token_type).toBe('dpop')
    expect((await call(renewed.access_token)).status).toBe(200)
    expect(await client.tokenIntrospection(config, renewed.access_token)).toMatchObject({
      active: true,
      sub: 'alice',
      token_type: 'DPoP',
      cnf: { jkt: await DPoP.calculateThumbprint() },
    })
  })

  test('of the strict profile asks by a signed object that it pushes, and hears a signed answer', async () => {
    const { jwks, privateKey } = await newKey('ES256')
    const method = {
      token_endpoint_auth_method: 'private_key_jwt',
      jwks,
      require_signed_request_object: true,
    }
    const authentication = client.PrivateKeyJwt(privateKey)
    const config = await register(server, { ...fapi2, ...method }, authentication)
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
    client.useJwtResponseMode(config)
    const ask = async (parameters: Record<string, string>) => {
      const { searchParams } = await client.buildAuthorizationUrlWithJAR(config, parameters, privateKey, {
        [client.modifyAssertion]: (_header, payload) => {
          payload['nbf'] = payload['iat']
        },
      })
      return client.buildAuthorizationUrlWithPAR(config, searchParams, { DPoP })
    }
    const tokens = await signInBy(config, { ask, arrive: (url) => server.arriveAtClient(url), DPoP })
    expect(tokens.claims()).toMatchObject({ iss: issuer.origin, sub: 'alice' })
  })

  test('as a public client binds its tokens, and the code to the same key', async () => {
    const metadata = { token_endpoint_auth_method: 'none', application_type: 'native', scope }
    const config = await register(server, metadata, client.None())
    const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
    const dpop_jkt = await DPoP.calculateThumbprint()
    const way = {
      ask: (parameters: Record<string, string>) => client.buildAuthorizationUrl(config, parameters),
      arrive: (url: URL) => server.arriveAtClient(url),
      DPoP,
    }
    const tokens = await signInBy(config, way, { dpop_jkt, scope })
    const renewed = await client.refreshTokenGrant(config, refreshTokenOf(tokens), undefined, { DPoP })
    const { access_token } = renewed
    expect(await client.fetchUserInfo(config, access_token, 'alice', { DPoP })).toHaveProperty('email')
    await expect(client.fetchUserInfo(config, access_token, 'alice')).rejects.toMatchObject({ status: 401 })
    await expect(client.refreshTokenGrant(config, refreshTokenOf(renewed))).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
    })
  })
})
