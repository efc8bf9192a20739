import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { assert } from '../../../src/platform/assert.ts'
import { startNamedServer, type NamedServer } from '../../support/flows/named-server.ts'

const issuer = new URL('https://gatewright.example')
const redirect_uri = 'https://client.example/callback'
const scope = 'openid profile email'
const maxAge = 600

let server: NamedServer

beforeAll(async () => {
  server = await startNamedServer(issuer.origin)
})

afterAll(() => server.close())

function carried() {
  return { [client.customFetch]: server.carry }
}

/** Code with PKCE, and every check that the library has: state, issuer, nonce, age of the sign-in, ID token signature. */
async function signIn(config: client.Configuration, redirect_uri: string) {
  client.enableNonRepudiationChecks(config)
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri,
    scope,
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    max_age: String(maxAge),
  })
  const arrival = await server.arriveAtClient(url)
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, maxAge, idTokenExpected: true }
  const tokens = await client.authorizationCodeGrant(config, arrival, checks)
  return { tokens, redeemAgain: () => client.authorizationCodeGrant(config, arrival, checks) }
}

function refreshTokenOf({ refresh_token }: client.TokenEndpointResponse): string {
  assert(refresh_token !== undefined, 'a refresh token comes with the answer')
  return refresh_token
}

describe('openid-client as a public client', () => {
  async function discover(): Promise<client.Configuration> {
    const { client_id } = server.demo.spa
    return client.discovery(issuer, client_id, undefined, client.None(), carried())
  }

  test('signs a person in with PKCE, and reads the claims of the one who signed in', async () => {
    const config = await discover()
    const { tokens } = await signIn(config, server.demo.spa.redirect_uri)
    expect(tokens.claims()).toMatchObject({ iss: issuer.origin, sub: 'alice', aud: 'spa' })
    expect(await client.fetchUserInfo(config, tokens.access_token, 'alice')).toMatchObject({
      name: 'Alice Wonder',
      email: 'alice@example.com',
    })
  })

  test('refreshes, gets a rotated token and an ID token about the same sign-in', async () => {
    const config = await discover()
    const { tokens } = await signIn(config, server.demo.spa.redirect_uri)
    const renewed = await client.refreshTokenGrant(config, refreshTokenOf(tokens))
    expect(refreshTokenOf(renewed)).not.toBe(refreshTokenOf(tokens))
    expect(renewed.claims()).toMatchObject({ sub: 'alice', sid: tokens.claims()?.sid })
    expect(await client.fetchUserInfo(config, renewed.access_token, 'alice')).toHaveProperty('sub')
  })

  test('revokes its refresh token, after which the whole grant is over', async () => {
    const config = await discover()
    const { tokens } = await signIn(config, server.demo.spa.redirect_uri)
    await client.tokenRevocation(config, refreshTokenOf(tokens))
    await expect(client.refreshTokenGrant(config, refreshTokenOf(tokens))).rejects.toMatchObject({
      status: 400,
      error: 'invalid_grant',
    })
    await expect(client.fetchUserInfo(config, tokens.access_token, 'alice')).rejects.toMatchObject({
      status: 401,
    })
  })

  test('reads in the answer to a spent code that the grant is invalid', async () => {
    const { redeemAgain } = await signIn(await discover(), server.demo.spa.redirect_uri)
    await expect(redeemAgain()).rejects.toMatchObject({ status: 400, error: 'invalid_grant' })
  })
})

describe.each([
  ['HTTP Basic', client.ClientSecretBasic, 'client_secret_basic'],
  ['the form', client.ClientSecretPost, 'client_secret_post'],
] as const)('openid-client as a client that registers itself, with its secret in %s', (_by, auth, method) => {
  async function register(): Promise<client.Configuration> {
    return client.dynamicClientRegistration(
      issuer,
      {
        client_name: 'Relying party',
        redirect_uris: [redirect_uri],
        grant_types: ['authorization_code', 'refresh_token'],
        token_endpoint_auth_method: method,
        scope,
      },
      auth(),
      carried(),
    )
  }

  test('completes code, userinfo, refresh, introspection and revocation', async () => {
    const config = await register()
    const { tokens } = await signIn(config, redirect_uri)
    const { client_id } = config.clientMetadata()
    expect(tokens.claims()).toMatchObject({ sub: 'alice', aud: client_id })
    expect(await client.fetchUserInfo(config, tokens.access_token, 'alice')).toHaveProperty('email')
    const renewed = await client.refreshTokenGrant(config, refreshTokenOf(tokens))
    for (const token of [tokens.access_token, renewed.access_token, refreshTokenOf(tokens)]) {
      expect(await client.tokenIntrospection(config, token)).toMatchObject({
        active: true,
        client_id,
        sub: 'alice',
        scope,
      })
    }
    await client.tokenRevocation(config, renewed.access_token)
    expect(await client.tokenIntrospection(config, renewed.access_token)).toEqual({ active: false })
    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({ active: true })
    await client.tokenRevocation(config, refreshTokenOf(tokens))
    for (const token of [tokens.access_token, refreshTokenOf(tokens)])
      expect(await client.tokenIntrospection(config, token)).toEqual({ active: false })
  })
})

describe('openid-client as a service', () => {
  test.each([
    ['HTTP Basic', client.ClientSecretBasic],
    ['the form', client.ClientSecretPost],
  ])(
    'gets a token by client credentials in %s, calls the API and introspects the token',
    async (_by, auth) => {
      const { client_id, client_secret } = server.demo.service
      const options = { ...carried(), algorithm: 'oauth2' } as const
      const config = await client.discovery(issuer, client_id, undefined, auth(client_secret), options)
      const { access_token, scope } = await client.clientCredentialsGrant(config, { scope: 'read' })
      expect(scope).toBe('read')
      const users = new URL(server.demo.routes.users, issuer)
      const answer = await client.fetchProtectedResource(config, access_token, users, 'GET')
      expect(answer.status).toBe(200)
      expect(await client.tokenIntrospection(config, access_token)).toMatchObject({
        active: true,
        client_id,
        scope: 'read',
      })
    },
  )
})
