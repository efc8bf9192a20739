import { exportJWK } from 'jose'
import * as client from 'openid-client'
import * as z from 'zod'

import { assert } from '../../../src/platform/assert.ts'
import type { Fields } from '../oauth/answer.ts'
import type { NamedServer } from './named-server.ts'

export const redirect_uri = 'https://client.example/callback'

/** How an application asks, where the answer arrives, and which key its tokens are bound to. */
export interface Way {
  readonly ask: (parameters: Fields) => URL | Promise<URL>
  readonly arrive: (url: URL) => Promise<URL | Request>
  readonly DPoP?: client.DPoPHandle
}

/** Registers an application by the library, with metadata that it chooses. */
export async function register(
  { carry, demo }: NamedServer,
  metadata: Partial<client.ClientMetadata>,
  authentication: client.ClientAuth | undefined,
  initialAccessToken?: string,
): Promise<client.Configuration> {
  return client.dynamicClientRegistration(
    new URL(demo.issuer),
    {
      client_name: 'Relying party',
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code', 'refresh_token'],
      ...metadata,
    },
    authentication,
    { [client.customFetch]: carry, initialAccessToken },
  )
}

/** Code with PKCE, and every check that the library has: state, issuer, nonce and ID token signature. */
export async function signInBy(config: client.Configuration, { ask, arrive, DPoP }: Way, more: Fields = {}) {
  client.enableNonRepudiationChecks(config)
  const pkceCodeVerifier = client.randomPKCECodeVerifier()
  const expectedState = client.randomState()
  const expectedNonce = client.randomNonce()
  const url = await ask({
    redirect_uri,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...more,
  })
  const arrival = await arrive(url)
  const checks = { pkceCodeVerifier, expectedState, expectedNonce, idTokenExpected: true }
  const { resource } = more
  const parameters: Fields = resource === undefined ? {} : { resource }
  return client.authorizationCodeGrant(config, arrival, checks, parameters, { DPoP })
}

export function refreshTokenOf({ refresh_token }: client.TokenEndpointResponse): string {
  assert(refresh_token !== undefined, 'a refresh token comes with the answer')
  return refresh_token
}

/** A key of an application, and what it registers of it. */
export async function newKey(alg: 'RS256' | 'PS256' | 'ES256' = 'ES256') {
  const { privateKey, publicKey } = await client.randomDPoPKeyPair(alg)
  const jwk = z.record(z.string(), z.string()).parse(await exportJWK(publicKey))
  const kid = client.randomNonce()
  return { privateKey: { key: privateKey, kid }, jwks: { keys: [{ ...jwk, kid, alg, use: 'sig' }] } }
}
