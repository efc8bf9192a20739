import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { assert } from '../../../src/platform/assert.ts'
import { startNamedServer, type NamedServer } from '../../support/flows/named-server.ts'

const issuer = new URL('https://gatewright.example')
const scope = 'openid email read'
const maxAge = 600

let server: NamedServer
let as: oauth.AuthorizationServer

beforeAll(async () => {
  server = await startNamedServer(issuer.origin)
  as = await discover('oidc')
})

afterAll(() => server.close())

function carried() {
  return { [oauth.customFetch]: server.carry }
}

async function discover(algorithm: 'oidc' | 'oauth2'): Promise<oauth.AuthorizationServer> {
  const response = await oauth.discoveryRequest(issuer, { ...carried(), algorithm })
  return oauth.processDiscoveryResponse(issuer, response)
}

interface Party {
  readonly client: oauth.Client
  readonly authentication: oauth.ClientAuth
  readonly redirect_uri: string
}

function publicParty(): Party {
  const { client_id, redirect_uri } = server.demo.spa
  return { client: { client_id, require_auth_time: true }, authentication: oauth.None(), redirect_uri }
}

async function registeredParty(): Promise<Party> {
  const redirect_uri = 'https://client.example/callback'
  const metadata = {
    client_name: 'Relying party',
    redirect_uris: [redirect_uri],
    grant_types: ['authorization_code', 'refresh_token'],
    id_token_signed_response_alg: 'ES256',
    scope,
  }
  const response = await oauth.dynamicClientRegistrationRequest(as, metadata, carried())
  const { client_id, client_secret } = await oauth.processDynamicClientRegistrationResponse(response)
  assert(typeof client_secret === 'string', 'a confidential client is given a secret')
  const client = { client_id, id_token_signed_response_alg: 'ES256', require_auth_time: true }
  return { client, authentication: oauth.ClientSecretBasic(client_secret), redirect_uri }
}

/** Code with PKCE; state, issuer, nonce, age of the sign-in and the ID token's signature are all checked. */
async function signIn({ client, authentication, redirect_uri }: Party): Promise<oauth.TokenEndpointResponse> {
  const verifier = oauth.generateRandomCodeVerifier()
  const state = oauth.generateRandomState()
  const expectedNonce = oauth.generateRandomNonce()
  assert(as.authorization_endpoint !== undefined, 'discovery names the authorization endpoint')
  const url = new URL(as.authorization_endpoint)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri,
    scope,
    state,
    nonce: expectedNonce,
    max_age: String(maxAge),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString()
  const parameters = oauth.validateAuthResponse(as, client, await server.arriveAtClient(url), state)
  const response = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    authentication,
    parameters,
    redirect_uri,
    verifier,
    carried(),
  )
  const checks = { expectedNonce, maxAge, requireIdToken: true }
  const tokens = await oauth.processAuthorizationCodeResponse(as, client, response, checks)
  await oauth.validateApplicationLevelSignature(as, response, carried())
  return tokens
}

async function refresh({ client, authentication }: Party, { refresh_token }: oauth.TokenEndpointResponse) {
  assert(refresh_token !== undefined, 'a refresh token comes with the answer')
  const response = await oauth.refreshTokenGrantRequest(as, client, authentication, refresh_token, carried())
  return oauth.processRefreshTokenResponse(as, client, response)
}

async function readUserinfo({ client }: Party, { access_token }: oauth.TokenEndpointResponse) {
  const response = await oauth.userInfoRequest(as, client, access_token, carried())
  return oauth.processUserInfoResponse(as, client, 'alice', response)
}

async function introspect({ client, authentication }: Omit<Party, 'redirect_uri'>, token: string) {
  const response = await oauth.introspectionRequest(as, client, authentication, token, carried())
  return oauth.processIntrospectionResponse(as, client, response)
}

async function revoke({ client, authentication }: Party, token: string | undefined): Promise<void> {
  assert(token !== undefined, 'there is a token to revoke')
  const response = await oauth.revocationRequest(as, client, authentication, token, carried())
  await oauth.processRevocationResponse(response)
}

describe('oauth4webapi', () => {
  test('finds the same server by both ways of discovery', async () => {
    expect(await discover('oauth2')).toEqual(as)
    expect(as.issuer).toBe(issuer.origin)
  })

  test('as a public client completes code, userinfo, refresh and revocation', async () => {
    const party = publicParty()
    const tokens = await signIn(party)
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice', aud: 'spa' })
    expect(await readUserinfo(party, tokens)).toMatchObject({ email: 'alice@example.com' })
    const renewed = await refresh(party, tokens)
    expect(renewed.refresh_token).not.toBe(tokens.refresh_token)
    expect(await readUserinfo(party, renewed)).toMatchObject({ email: 'alice@example.com' })
    await revoke(party, renewed.refresh_token)
    await expect(refresh(party, renewed)).rejects.toMatchObject({ status: 400, error: 'invalid_grant' })
    await expect(readUserinfo(party, renewed)).rejects.toMatchObject({ status: 401 })
  })

  test('as a client that registered itself completes code, refresh, introspection and revocation', async () => {
    const party = await registeredParty()
    const tokens = await signIn(party)
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice' })
    const renewed = await refresh(party, tokens)
    expect(await introspect(party, renewed.access_token)).toMatchObject({
      active: true,
      client_id: party.client.client_id,
      sub: 'alice',
      scope,
    })
    await revoke(party, renewed.access_token)
    expect(await introspect(party, renewed.access_token)).toEqual({ active: false })
    await revoke(party, tokens.refresh_token)
    expect(await introspect(party, tokens.access_token)).toEqual({ active: false })
  })

  test('as a service gets a token by client credentials, and introspects it', async () => {
    const { client_id, client_secret } = server.demo.service
    const client = { client_id }
    const authentication = oauth.ClientSecretPost(client_secret)
    const parameters = { scope: 'read write' }
    const response = await oauth.clientCredentialsGrantRequest(
      as,
      client,
      authentication,
      parameters,
      carried(),
    )
    const { access_token } = await oauth.processClientCredentialsResponse(as, client, response)
    expect(await introspect({ client, authentication }, access_token)).toMatchObject({
      active: true,
      client_id,
      scope: 'read write',
    })
  })

  /** RFC 9068 §4. */
  test('as somebody’s resource server verifies our access tokens, and whom they are for', async () => {
    const { access_token } = await signIn(publicParty())
    const request = new Request('https://api.example/users', {
      headers: { authorization: `Bearer ${access_token}` },
    })
    expect(await oauth.validateJwtAccessToken(as, request, issuer.origin, carried())).toMatchObject({
      sub: 'alice',
      client_id: 'spa',
      scope,
    })
    await expect(
      oauth.validateJwtAccessToken(as, request, 'https://api.example', carried()),
    ).rejects.toMatchObject({ code: oauth.JWT_CLAIM_COMPARISON })
  })
})
