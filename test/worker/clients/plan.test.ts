import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { ClientMetadataSchema } from '../../../src/clients/metadata.contract.ts'
import { oauthBodyBytesMax } from '../../../src/platform/bounds.ts'
import { clientRows, clientsDoor, json } from '../../support/clients/door.ts'
import { NOW, tokenWith, withBearer } from '../../support/signing/door.ts'

/** A deployment with the plan `races` and the client `app`, and an operator's token. */
async function withClient() {
  const door = await clientsDoor()
  await env.DB.prepare(
    "INSERT INTO plans (name, requests_per_second, token_requests_per_minute) VALUES ('races', 500, 5000)",
  ).run()
  await door.clients.insert({
    client_id: 'app',
    client_secret_digest: null,
    metadata: ClientMetadataSchema.parse({
      redirect_uris: ['https://app.example/cb'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      scope: 'openid',
      id_token_signed_response_alg: 'RS256',
      application_type: 'web',
      post_logout_redirect_uris: [],
    }),
    first_party: false,
    plan: null,
    created_at: NOW - 100,
    updated_at: NOW - 100,
  })
  return { ...door, operator: withBearer(await tokenWith(door.keyRing, {})) }
}

describe('PUT /v1/clients/{client_id}/plan 200', () => {
  test('puts a client on a plan and back on the defaults', async () => {
    const { call, clients, operator } = await withClient()
    const set = await call('PUT', '/v1/clients/app/plan', json({ plan: 'races' }, operator))
    expect(set).toMatchObject({ status: 200, body: { client_id: 'app', plan: 'races' } })
    expect(await clients.find('app')).toMatchObject({ plan: 'races', updated_at: NOW, created_at: NOW - 100 })
    const unset = await call('PUT', '/v1/clients/app/plan', json({ plan: null }, operator))
    expect(unset).toMatchObject({ status: 200, body: { plan: null } })
    expect(await clients.find('app')).toMatchObject({ plan: null })
  })
})

describe('PUT /v1/clients/{client_id}/plan 400', () => {
  test.each<[string, object]>([
    ['no plan', {}],
    ['a number', { plan: 7 }],
    ['an empty name', { plan: '' }],
    ['a name that is too long', { plan: 'x'.repeat(201) }],
  ])('for %s, points at it, and changes nothing', async (_name, body) => {
    const { call, operator } = await withClient()
    const before = await clientRows()
    const answer = await call('PUT', '/v1/clients/app/plan', json(body, operator))
    expect(answer).toMatchObject({
      status: 400,
      body: { error: { code: 'request_malformed', details: { faults: [{ pointer: '/body/plan' }] } } },
    })
    expect(await clientRows()).toEqual(before)
  })
})

describe('PUT /v1/clients/{client_id}/plan 401', () => {
  test('for nobody, and changes nothing', async () => {
    const { call } = await withClient()
    const before = await clientRows()
    const answer = await call('PUT', '/v1/clients/app/plan', json({ plan: 'races' }))
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'credentials_missing' } } })
    expect(await clientRows()).toEqual(before)
  })
})

describe('PUT /v1/clients/{client_id}/plan 403', () => {
  test('for a token without the scope manage, and changes nothing', async () => {
    const { call, keyRing } = await withClient()
    const before = await clientRows()
    const headers = withBearer(await tokenWith(keyRing, { scope: 'read write' }))
    const answer = await call('PUT', '/v1/clients/app/plan', json({ plan: 'races' }, headers))
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'scope_insufficient' } } })
    expect(await clientRows()).toEqual(before)
  })
})

describe('PUT /v1/clients/{client_id}/plan 404', () => {
  test('for a client that nobody registered, and makes none', async () => {
    const { call, operator } = await withClient()
    const before = await clientRows()
    const answer = await call('PUT', '/v1/clients/nobody/plan', json({ plan: 'races' }, operator))
    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } })
    expect(await clientRows()).toEqual(before)
  })
})

describe('PUT /v1/clients/{client_id}/plan 413', () => {
  test('for a body over its bound, and changes nothing', async () => {
    const { call, operator } = await withClient()
    const before = await clientRows()
    const body = { plan: 'races', padding: 'x'.repeat(oauthBodyBytesMax) }
    const answer = await call('PUT', '/v1/clients/app/plan', json(body, operator))
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } })
    expect(await clientRows()).toEqual(before)
  })
})

describe('PUT /v1/clients/{client_id}/plan 415', () => {
  test('for a form, and changes nothing', async () => {
    const { call, operator } = await withClient()
    const before = await clientRows()
    const headers = { ...operator, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await call('PUT', '/v1/clients/app/plan', { body: 'plan=races', headers })
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'media_type_unsupported' } } })
    expect(await clientRows()).toEqual(before)
  })
})

describe('PUT /v1/clients/{client_id}/plan 422', () => {
  /** A client on a plan that does not exist would be limited by whatever that comes to mean. */
  test('for a plan that does not exist, and changes nothing', async () => {
    const { call, operator } = await withClient()
    const before = await clientRows()
    const answer = await call('PUT', '/v1/clients/app/plan', json({ plan: 'unlimited' }, operator))
    expect(answer).toMatchObject({
      status: 422,
      body: { error: { code: 'document_invalid', details: { faults: [{ pointer: '/body/plan' }] } } },
    })
    expect(await clientRows()).toEqual(before)
  })
})
