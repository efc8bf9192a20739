import { createRemoteJWKSet, customFetch, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { catalogStore } from '../../../src/catalog/catalog.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { assert } from '../../../src/platform/assert.ts'
import { startNamedServer, type NamedServer } from '../../support/flows/named-server.ts'
import { refreshTokenOf, register, signInBy } from '../../support/flows/openid-client.ts'

const issuer = new URL('https://gatewright.example')
const orders = `${issuer.origin}/orders`
const invoices = `${issuer.origin}/invoices`
const scope = 'openid profile read write'
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

let server: NamedServer

beforeAll(async () => {
  server = await startNamedServer(issuer.origin)
  const catalog = catalogStore(openDb(server.database))
  const { version, document } = await catalog.newest()
  const resources = [
    { resource: orders, name: 'Orders', scopes: ['read', 'write'] },
    { resource: invoices, name: 'Invoices', scopes: [] },
  ]
  const replaced = await catalog.replace(version, { ...document, resources }, Date.now())
  assert(replaced.ok, 'the APIs are published')
})

afterAll(() => server.close())

/** The operator lets a client have what nobody gets by asking. */
async function manageToken(): Promise<string> {
  const { client_id, client_secret } = server.demo.operator
  const options = { [client.customFetch]: server.carry }
  const config = await client.discovery(issuer, client_id, client_secret, undefined, options)
  return (await client.clientCredentialsGrant(config, { scope: 'manage' })).access_token
}

async function signedIn() {
  const grant_types = ['authorization_code', 'refresh_token', exchangeGrant]
  const metadata = {
    token_endpoint_auth_method: 'client_secret_post',
    introspection_signed_response_alg: 'ES256',
    post_logout_redirect_uris: ['https://client.example/signed-out'],
    grant_types,
    scope,
  }
  const config = await register(server, metadata, undefined, await manageToken())
  const way = {
    ask: (parameters: Record<string, string>) => client.buildAuthorizationUrl(config, parameters),
    arrive: (url: URL) => server.arriveAtClient(url),
  }
  return { config, tokens: await signInBy(config, way, { scope, resource: orders }) }
}

/** What an API finds in a token that is for it, by the keys that discovery names. */
async function claimsAt(config: client.Configuration, audience: string, token: string) {
  const { jwks_uri = '' } = config.serverMetadata()
  const keys = createRemoteJWKSet(new URL(jwks_uri), { [customFetch]: server.carry })
  const expected = { issuer: issuer.origin, audience, typ: 'at+jwt' }
  return (await jwtVerify(token, keys, expected)).payload
}

describe('openid-client with APIs', () => {
  test('gets tokens for the API that it names, and after a refresh too', async () => {
    const { config, tokens } = await signedIn()
    expect(await claimsAt(config, orders, tokens.access_token)).toMatchObject({ sub: 'alice' })
    const renewed = await client.refreshTokenGrant(config, refreshTokenOf(tokens), { resource: orders })
    const claims = await claimsAt(config, orders, renewed.access_token)
    expect([claims.aud].flat()).not.toContain(invoices)
    const beyond = client.refreshTokenGrant(config, refreshTokenOf(tokens), { resource: invoices })
    await expect(beyond).rejects.toMatchObject({ status: 400, error: 'invalid_target' })
  })

  test('exchanges its token for one that may do less', async () => {
    const { config, tokens } = await signedIn()
    const exchanged = await client.genericGrantRequest(config, exchangeGrant, {
      subject_token: tokens.access_token,
      subject_token_type: accessTokenType,
      resource: orders,
      scope: 'read',
    })
    expect(exchanged).toMatchObject({ issued_token_type: accessTokenType, scope: 'read' })
    expect(await claimsAt(config, orders, exchanged.access_token)).toMatchObject({
      sub: 'alice',
      scope: 'read',
    })
  })

  test('reads an introspection that is signed, and verifies it', async () => {
    const { config, tokens } = await signedIn()
    client.enableNonRepudiationChecks(config)
    expect(await client.tokenIntrospection(config, tokens.access_token)).toMatchObject({
      active: true,
      sub: 'alice',
      scope,
    })
    await client.tokenRevocation(config, refreshTokenOf(tokens))
    expect(await client.tokenIntrospection(config, tokens.access_token)).toEqual({ active: false })
  })

  test('signs the person out, with the ID token as its hint', async () => {
    const { config, tokens } = await signedIn()
    const post_logout_redirect_uri = 'https://client.example/signed-out'
    const id_token_hint = tokens.id_token ?? ''
    const url = client.buildEndSessionUrl(config, { post_logout_redirect_uri, id_token_hint, state: 'out' })
    const { status, location } = await server.send(`${url.pathname}${url.search}`)
    expect({ status, to: location.href }).toEqual({
      status: 303,
      to: 'https://client.example/signed-out?state=out',
    })
  })
})
