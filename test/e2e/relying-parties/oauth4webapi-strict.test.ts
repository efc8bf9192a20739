import { exportJWK } from 'jose'
import * as oauth from 'oauth4webapi'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { assert } from '../../../src/platform/assert.ts'
import { decideOnDevice } from '../../support/flows/device.ts'
import { startNamedServer, type NamedServer } from '../../support/flows/named-server.ts'

const issuer = new URL('https://gatewright.example')
const redirect_uri = 'https://client.example/callback'
const scope = 'openid email read'

let server: NamedServer
let as: oauth.AuthorizationServer

beforeAll(async () => {
  server = await startNamedServer(issuer.origin)
  const response = await oauth.discoveryRequest(issuer, { ...carried(), algorithm: 'oauth2' })
  as = await oauth.processDiscoveryResponse(issuer, response)
})

afterAll(() => server.close())

function carried() {
  return { [oauth.customFetch]: server.carry }
}

async function register(metadata: object): Promise<oauth.Client> {
  const response = await oauth.dynamicClientRegistrationRequest(
    as,
    {
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      scope,
      ...metadata,
    },
    carried(),
  )
  return oauth.processDynamicClientRegistrationResponse(response)
}

async function newKey(alg: string) {
  const { privateKey, publicKey } = await oauth.generateKeyPair(alg)
  const jwk = z.record(z.string(), z.string()).parse(await exportJWK(publicKey))
  return { privateKey: { key: privateKey, kid: alg }, jwks: { keys: [{ ...jwk, kid: alg }] } }
}

/** What the library does not do by itself: the one further try, with the nonce that came with the refusal. */
async function withNonce<T>(attempt: () => Promise<T>): Promise<T> {
  return attempt().catch((error: unknown) => {
    if (oauth.isDPoPNonceError(error)) return attempt()
    throw error
  })
}

describe('oauth4webapi in the strict profile', () => {
  test('pushes a signed object, hears a signed answer, and has everything bound to its key', async () => {
    const { privateKey, jwks } = await newKey('PS256')
    const client = await register({
      jwks,
      profile: 'fapi2',
      token_endpoint_auth_method: 'private_key_jwt',
      require_pushed_authorization_requests: true,
      require_signed_request_object: true,
      dpop_bound_access_tokens: true,
      id_token_signed_response_alg: 'PS256',
      authorization_signed_response_alg: 'PS256',
      introspection_signed_response_alg: 'PS256',
    })
    const authentication = oauth.PrivateKeyJwt(privateKey)
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'))
    const options = { ...carried(), DPoP }
    const verifier = oauth.generateRandomCodeVerifier()
    const state = oauth.generateRandomState()
    const expectedNonce = oauth.generateRandomNonce()
    const parameters = {
      response_type: 'code',
      response_mode: 'jwt',
      redirect_uri,
      scope,
      state,
      nonce: expectedNonce,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    }
    const { request_uri } = await withNonce(async () => {
      const request = await oauth.issueRequestObject(as, client, parameters, privateKey, {
        [oauth.modifyAssertion]: (_header, payload) => void (payload['nbf'] = payload['iat'] ?? 0),
      })
      const pushed = new URLSearchParams({ request })
      const response = await oauth.pushedAuthorizationRequest(as, client, authentication, pushed, options)
      return oauth.processPushedAuthorizationResponse(as, client, response)
    })
    const arrival = await server.arriveAtClient(authorizationUrl(client, request_uri))
    const answer = await oauth.validateJwtAuthResponse(as, client, arrival, state, carried())
    const tokens = await withNonce(async () => {
      const response = await oauth.authorizationCodeGrantRequest(
        as,
        client,
        authentication,
        answer,
        redirect_uri,
        verifier,
        options,
      )
      const checks = { expectedNonce, requireIdToken: true }
      return oauth.processAuthorizationCodeResponse(as, client, response, checks)
    })
    expect(tokens.token_type).toBe('dpop')
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice' })
    await callWith(client, tokens, DPoP)
    const { refresh_token = '' } = tokens
    const renewed = await withNonce(async () =>
      oauth.processRefreshTokenResponse(
        as,
        client,
        await oauth.refreshTokenGrantRequest(as, client, authentication, refresh_token, options),
      ),
    )
    const { access_token } = renewed
    const inquiry = await oauth.introspectionRequest(as, client, authentication, access_token, carried())
    expect(await oauth.processIntrospectionResponse(as, client, inquiry)).toMatchObject({
      active: true,
      cnf: { jkt: await DPoP.calculateThumbprint() },
    })
    await oauth.validateApplicationLevelSignature(as, inquiry, carried())
  })
})

function authorizationUrl({ client_id }: oauth.Client, request_uri: string): URL {
  assert(as.authorization_endpoint !== undefined, 'discovery names the authorization endpoint')
  const url = new URL(as.authorization_endpoint)
  url.search = new URLSearchParams({ client_id, request_uri }).toString()
  return url
}

/** Userinfo, and the check that an API of somebody else's would make of the token and the proof. */
async function callWith(
  client: oauth.Client,
  { access_token }: oauth.TokenEndpointResponse,
  DPoP: oauth.DPoPHandle,
): Promise<void> {
  const userinfo = await withNonce(async () => {
    const response = await oauth.userInfoRequest(as, client, access_token, { ...carried(), DPoP })
    return oauth.processUserInfoResponse(as, client, 'alice', response)
  })
  expect(userinfo).toMatchObject({ email: 'alice@example.com' })
  let seen: Request | undefined
  const noteRequest = async (url: string, init: RequestInit): Promise<Response> => {
    seen = new Request(url, init)
    return new Response()
  }
  const api = new URL('https://api.example/orders')
  const noting = { DPoP, [oauth.customFetch]: noteRequest }
  await oauth.protectedResourceRequest(access_token, 'GET', api, undefined, null, noting)
  assert(seen !== undefined, 'the API is called')
  expect(await oauth.validateJwtAccessToken(as, seen, issuer.origin, carried())).toMatchObject({
    cnf: { jkt: await DPoP.calculateThumbprint() },
  })
}

describe('oauth4webapi on a device', () => {
  test('asks once the person has allowed it, and gets its tokens', async () => {
    const client = await register({
      redirect_uris: [],
      response_types: [],
      grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
      token_endpoint_auth_method: 'none',
    })
    const none = oauth.None()
    const begun = await oauth.processDeviceAuthorizationResponse(
      as,
      client,
      await oauth.deviceAuthorizationRequest(as, client, none, { scope }, carried()),
    )
    await decideOnDevice(server.send, begun.verification_uri_complete ?? '', server.demo.user, 'allow')
    const answer = await oauth.deviceCodeGrantRequest(as, client, none, begun.device_code, carried())
    const tokens = await oauth.processDeviceCodeResponse(as, client, answer)
    expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: 'alice', aud: client.client_id })
  })
})
