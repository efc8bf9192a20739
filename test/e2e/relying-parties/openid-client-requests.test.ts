import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { startNamedServer, type NamedServer } from '../../support/flows/named-server.ts'
import { newKey, redirect_uri, register, signInBy, type Way } from '../../support/flows/openid-client.ts'
import type { Fields } from '../../support/oauth/answer.ts'

const issuer = new URL('https://gatewright.example')

let server: NamedServer

beforeAll(async () => {
  server = await startNamedServer(issuer.origin)
})

afterAll(() => server.close())

const basic = { token_endpoint_auth_method: 'client_secret_basic' } as const

function registered(metadata: Partial<client.ClientMetadata> = {}) {
  return register(server, { ...basic, ...metadata }, client.ClientSecretBasic())
}

const alice = { iss: issuer.origin, sub: 'alice' }

describe('openid-client asks', () => {
  test('in the query, and hears the answer in a form', async () => {
    const config = await registered()
    const way: Way = {
      ask: (parameters) => client.buildAuthorizationUrl(config, parameters),
      arrive: (url) => server.postToClient(url),
    }
    const tokens = await signInBy(config, way, { response_mode: 'form_post' })
    expect(tokens.claims()).toMatchObject(alice)
  })

  test('by a pushed request', async () => {
    const config = await registered({ require_pushed_authorization_requests: true })
    const way: Way = {
      ask: (parameters) => client.buildAuthorizationUrlWithPAR(config, parameters),
      arrive: (url) => server.arriveAtClient(url),
    }
    expect((await signInBy(config, way)).claims()).toMatchObject(alice)
  })

  test.each(['RS256', 'PS256', 'ES256'] as const)('by an object that it signs with %s', async (alg) => {
    const { jwks, privateKey } = await newKey(alg)
    const config = await registered({ jwks, require_signed_request_object: true })
    const way: Way = {
      ask: (parameters) => client.buildAuthorizationUrlWithJAR(config, parameters, privateKey),
      arrive: (url) => server.arriveAtClient(url),
    }
    expect((await signInBy(config, way)).claims()).toMatchObject(alice)
  })

  test('by a signed object that it pushes', async () => {
    const { jwks, privateKey } = await newKey()
    const config = await registered({ jwks, require_signed_request_object: true })
    const pushSigned = async (parameters: Fields) => {
      const { searchParams } = await client.buildAuthorizationUrlWithJAR(config, parameters, privateKey)
      return client.buildAuthorizationUrlWithPAR(config, searchParams)
    }
    const way: Way = { ask: pushSigned, arrive: (url) => server.arriveAtClient(url) }
    expect((await signInBy(config, way)).claims()).toMatchObject(alice)
  })

  test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])(
    'for a signed answer, and verifies it and the ID token by %s',
    async (alg) => {
      const algs = { authorization_signed_response_alg: alg, id_token_signed_response_alg: alg }
      const config = await registered(algs)
      client.useJwtResponseMode(config)
      const way: Way = {
        ask: (parameters) => client.buildAuthorizationUrl(config, parameters),
        arrive: (url) => server.arriveAtClient(url),
      }
      const tokens = await signInBy(config, way)
      expect(tokens.claims()).toMatchObject({ ...alice, aud: config.clientMetadata().client_id })
    },
  )

  test('hears in a signed answer that nobody was asked', async () => {
    const config = await registered()
    client.useJwtResponseMode(config)
    const state = client.randomState()
    const url = client.buildAuthorizationUrl(config, { redirect_uri, scope: 'openid', prompt: 'none', state })
    const checks = { expectedState: state }
    const arrival = await server.arriveAtClient(url)
    expect(arrival.searchParams.has('error')).toBe(false)
    await expect(client.authorizationCodeGrant(config, arrival, checks)).rejects.toMatchObject({
      error: 'login_required',
    })
  })

  test('for userinfo that is signed, and reads it', async () => {
    const config = await registered({ userinfo_signed_response_alg: 'ES256' })
    const way: Way = {
      ask: (parameters) => client.buildAuthorizationUrl(config, parameters),
      arrive: (url) => server.arriveAtClient(url),
    }
    const { access_token } = await signInBy(config, way)
    expect(await client.fetchUserInfo(config, access_token, 'alice')).toMatchObject({
      email: 'alice@example.com',
    })
  })
})

const management = z.looseObject({
  client_id: z.string(),
  client_secret: z.string(),
  redirect_uris: z.array(z.string()),
  registration_client_uri: z.string(),
  registration_access_token: z.string(),
})

describe('openid-client that registered itself', () => {
  test('reads its registration where the answer says, changes it, and takes it away', async () => {
    const config = await registered()
    const { registration_client_uri, registration_access_token, ...kept } = management.parse(
      config.clientMetadata(),
    )
    const headers = { authorization: `Bearer ${registration_access_token}` }
    const call = (init: RequestInit) => server.carry(registration_client_uri, { headers, ...init })
    expect(await (await call({ method: 'GET' })).json()).toMatchObject({ client_id: kept.client_id })
    const { client_id, client_secret, redirect_uris } = kept
    const changed = await call({
      method: 'PUT',
      headers: { ...headers, 'content-type': 'application/json' },
      body: JSON.stringify({ client_id, client_secret, redirect_uris, client_name: 'Renamed' }),
    })
    expect(await changed.json()).toMatchObject({ client_id, client_name: 'Renamed' })
    expect((await call({ method: 'DELETE' })).status).toBe(204)
    expect((await call({ method: 'GET' })).status).toBe(401)
  })
})
