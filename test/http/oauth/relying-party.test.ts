import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { assert } from '../../../src/platform/assert.ts'
import { arriveAtClient } from '../../support/oauth/demo-visitor.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

/** An https issuer, so that the libraries check everything; requests are carried to the local socket. */
const ISSUER = 'https://gatewright.example'

let started: TestServer | undefined

beforeAll(async () => {
  started = await startTestServer({ ISSUER })
})

afterAll(async () => {
  await started?.close()
})

function serverOf(): TestServer {
  assert(started !== undefined, 'the server has started')
  return started
}

/** Changes where a request is sent, and nothing about it or its answer. */
async function carry(url: string, init?: RequestInit): Promise<Response> {
  return fetch(url.replace(ISSUER, serverOf().url), init)
}

describe('openid-client', () => {
  test('signs a person in, refreshes, reads claims and revokes', async () => {
    const { demo } = serverOf()
    const { client_id, redirect_uri } = demo.spa
    const config = await client.discovery(new URL(ISSUER), client_id, undefined, client.None(), {
      [client.customFetch]: carry,
    })
    const pkceCodeVerifier = client.randomPKCECodeVerifier()
    const expectedState = client.randomState()
    const expectedNonce = client.randomNonce()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri,
      scope: 'openid profile email',
      code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: 'S256',
      state: expectedState,
      nonce: expectedNonce,
      max_age: '600',
    })
    const arrival = await arriveAtClient(serverOf(), url)
    const checks = { pkceCodeVerifier, expectedState, expectedNonce, maxAge: 600, idTokenExpected: true }
    const tokens = await client.authorizationCodeGrant(config, arrival, checks)
    expect(tokens.claims()).toMatchObject({ sub: 'alice', aud: client_id, amr: ['pwd'] })
    expect(await client.fetchUserInfo(config, tokens.access_token, 'alice')).toMatchObject({
      email: 'alice@example.com',
    })

    assert(tokens.refresh_token !== undefined, 'a refresh token was issued')
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token)
    expect(refreshed.claims()).toMatchObject({ sub: 'alice', sid: tokens.claims()?.sid })
    assert(refreshed.refresh_token !== undefined, 'the refresh token was rotated')
    await client.tokenRevocation(config, refreshed.refresh_token)
    await expect(client.refreshTokenGrant(config, refreshed.refresh_token)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  test('gets a token for a service and introspects it', async () => {
    const { client_id, client_secret } = serverOf().demo.service
    const config = await client.discovery(
      new URL(ISSUER),
      client_id,
      undefined,
      client.ClientSecretBasic(client_secret),
      { [client.customFetch]: carry, algorithm: 'oauth2' },
    )
    const { access_token } = await client.clientCredentialsGrant(config, { scope: 'read' })
    expect(await client.tokenIntrospection(config, access_token)).toMatchObject({
      active: true,
      scope: 'read',
    })
  })
})

describe('oauth4webapi', () => {
  const carried = { [oauth.customFetch]: carry }

  async function discover(algorithm: 'oidc' | 'oauth2'): Promise<oauth.AuthorizationServer> {
    const issuer = new URL(ISSUER)
    return oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { ...carried, algorithm }),
    )
  }

  test('signs a person in, with signatures verified against the published keys', async () => {
    const { client_id, redirect_uri } = serverOf().demo.spa
    const as = await discover('oidc')
    const app = { client_id }
    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const nonce = oauth.generateRandomNonce()
    const url = new URL(as.authorization_endpoint ?? '')
    url.search = new URLSearchParams({
      response_type: 'code',
      client_id,
      redirect_uri,
      scope: 'openid email',
      state,
      nonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }).toString()
    const parameters = oauth.validateAuthResponse(as, app, await arriveAtClient(serverOf(), url), state)
    const answer = await oauth.authorizationCodeGrantRequest(
      as,
      app,
      oauth.None(),
      parameters,
      redirect_uri,
      verifier,
      carried,
    )
    const tokens = await oauth.processAuthorizationCodeResponse(as, app, answer, {
      expectedNonce: nonce,
      requireIdToken: true,
    })
    await oauth.validateApplicationLevelSignature(as, answer, carried)
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice', aud: client_id })
    const userinfo = await oauth.userInfoRequest(as, app, tokens.access_token, carried)
    expect(await oauth.processUserInfoResponse(as, app, 'alice', userinfo)).toMatchObject({
      email_verified: true,
    })

    const revocation = await oauth.revocationRequest(as, app, oauth.None(), tokens.access_token, carried)
    expect(await oauth.processRevocationResponse(revocation)).toBeUndefined()
  })

  /** RFC 9068, as a resource server of somebody else checks our access tokens. */
  test('verifies an access token as a resource server', async () => {
    const as = await discover('oauth2')
    const { client_id, client_secret } = serverOf().demo.service
    const authentication = oauth.ClientSecretPost(client_secret)
    const parameters = new URLSearchParams({ scope: 'read write' })
    const answer = await oauth.clientCredentialsGrantRequest(
      as,
      { client_id },
      authentication,
      parameters,
      carried,
    )
    const { access_token } = await oauth.processClientCredentialsResponse(as, { client_id }, answer)
    const request = new Request('https://api.example/users', {
      headers: { authorization: `Bearer ${access_token}` },
    })
    const claims = await oauth.validateJwtAccessToken(as, request, ISSUER, carried)
    expect(claims).toMatchObject({ iss: ISSUER, sub: client_id, client_id, scope: 'read write' })
  })
})
