import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { accessTokenTtlSeconds } from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { clientWith, confidentialClient, type ClientChanges } from '../../support/oauth/clients.ts'
import { amplePlan, basic, issuer, newWorld } from '../../support/oauth/world.ts'

const client_secret = 'sécret: with 100 % & more'

async function serviceWorld(changes: ClientChanges = {}) {
  const world = await newWorld()
  const client = await world.register({
    ...confidentialClient(sha256(client_secret), changes),
    plan: amplePlan,
  })
  return { ...world, client }
}

describe('POST /oauth/token 200, client_credentials', () => {
  test('gives the client an access token for itself, and nothing else', async () => {
    const { token } = await serviceWorld()
    const request = { grant_type: 'client_credentials', scope: 'read write' }
    const { status, headers, body } = await token(request, basic('service', client_secret))
    expect(status).toBe(200)
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: accessTokenTtlSeconds,
      scope: 'read write',
    })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(decodeJwt(String(body.access_token))).toEqual({
      iss: issuer,
      sub: 'service',
      aud: issuer,
      client_id: 'service',
      scope: 'read write',
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.stringMatching(/^[\w-]{22}$/),
    })
  })

  test('gives all that the client may have for itself when it names no scope', async () => {
    const { token } = await serviceWorld()
    const { body } = await token({ grant_type: 'client_credentials' }, basic('service', client_secret))
    expect(body.scope).toBe('read write introspect')
  })

  test('takes JSON, with the secret in the body, as client libraries send it', async () => {
    const { postJson } = await serviceWorld({ token_endpoint_auth_method: 'client_secret_post' })
    const request = {
      grant_type: 'client_credentials',
      client_id: 'service',
      client_secret,
      scope: 'read write',
    }
    expect(await postJson('/oauth/token', request)).toMatchObject({
      status: 200,
      body: { scope: 'read write' },
    })
  })
})

describe('POST /oauth/token 400, client_credentials', () => {
  test.each([
    ['that it is not registered for', 'read manage'],
    ['about a person', 'read openid'],
    ['to stay without a person', 'offline_access'],
    ['in capitals', 'READ'],
    ['with two spaces', 'read  write'],
    ['with a line break', 'read\nwrite'],
  ])('refuses a scope %s', async (_, scope) => {
    const { token } = await serviceWorld()
    const answer = await token({ grant_type: 'client_credentials', scope }, basic('service', client_secret))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    expect(answer.body).not.toHaveProperty('access_token')
  })

  test('refuses a scope beyond bounds', async () => {
    const { token } = await serviceWorld()
    const scope = 'x'.repeat(2_000)
    const answer = await token({ grant_type: 'client_credentials', scope }, basic('service', client_secret))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  /** Even one that somehow came to be registered for it: a name alone is no credential. */
  test('refuses a client that cannot authenticate', async () => {
    const { token, register } = await serviceWorld()
    const metadata = { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] } as const
    await register(clientWith({ client_id: 'app' }, { ...metadata, grant_types: [...metadata.grant_types] }))
    const answer = await token({ grant_type: 'client_credentials', client_id: 'app', scope: 'read' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
  })

  test('refuses a client that is not registered for it', async () => {
    const { token } = await serviceWorld({ grant_types: ['authorization_code'] })
    const answer = await token({ grant_type: 'client_credentials' }, basic('service', client_secret))
    expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
  })
})
