import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'

import { orders, ordersClient } from '../../support/oauth/resources.ts'
import { tokenWorld } from '../../support/oauth/token-world.ts'
import { issuer } from '../../support/oauth/world.ts'

/** RFC 7662 §2 and §4, token introspection. */
describe('RFC 7662', () => {
  test('2.1: token is REQUIRED', async () => {
    const { introspect } = await tokenWorld()
    expect(await introspect('service', '')).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('2.1: the endpoint MUST require some form of authorization', async () => {
    const { app, post, tokensOf } = await tokenWorld()
    const { access_token: token } = await tokensOf(app)
    expect(await post('/oauth/introspect', { token })).toMatchObject({ status: 401 })
  })

  test('2.1: the endpoint MUST be protected against GET, which would log tokens', async () => {
    const { send } = await tokenWorld()
    expect(await send('/oauth/introspect?token=x')).toMatchObject({ status: 405 })
  })

  test('2.2: active is REQUIRED, and what is told of a live access token is right', async () => {
    const { app, tokensOf, introspect } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [orders] })
    expect((await introspect(ordersClient, access_token)).body).toEqual({
      active: true,
      scope: 'openid profile email read write',
      client_id: 'app',
      token_type: 'Bearer',
      exp: expect.any(Number),
      iat: expect.any(Number),
      sub: 'alice',
      aud: orders,
      iss: issuer,
      jti: expect.any(String),
      acr: 'urn:gatewright:acr:single-factor',
      auth_time: expect.any(Number),
    })
  })

  test('2.2: an inactive token is answered with 200 and nothing but active: false', async () => {
    const { introspect } = await tokenWorld()
    const answer = await introspect('service', 'unknown')
    expect([answer.status, answer.body]).toEqual([200, { active: false }])
  })

  test('2.2: a hint about the type is of help only: the server extends its search', async () => {
    const { tokensOf, introspect } = await tokenWorld()
    const { refresh_token } = await tokensOf({ client_id: 'service' })
    const answer = await introspect('service', refresh_token, { token_type_hint: 'access_token' })
    expect(answer.body).toMatchObject({ active: true })
    expect(answer.body).not.toHaveProperty('token_type')
  })

  test('4: an access token is answered from memory; no object is asked and no row is read for it', async () => {
    const { app, account, tokensOf, introspect } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [orders] })
    await introspect(ordersClient, access_token)
    const objects = vi.spyOn(env.GRANTS, 'getByName')
    const rows = vi.spyOn(env.DB, 'prepare')
    expect((await introspect(ordersClient, access_token)).body).toMatchObject({ active: true })
    expect([objects.mock.calls.length, rows.mock.calls.length]).toEqual([0, 0])
    expect((await introspect(ordersClient, access_token, { strict: 'true' })).body).toMatchObject({
      active: true,
    })
    expect(objects).toHaveBeenCalledExactlyOnceWith(account.vault_id)
    vi.restoreAllMocks()
  })
})
