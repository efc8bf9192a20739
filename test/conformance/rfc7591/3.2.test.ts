import { describe, expect, test } from 'vitest'

import { clientsDoor, json } from '../../support/clients/door.ts'

const APP = {
  redirect_uris: ['https://app.example.com/cb', 'https://app.example.com/cb2'],
  client_name: 'My App',
  client_uri: 'https://app.example.com/',
  logo_uri: 'https://app.example.com/logo.png',
  policy_uri: 'https://app.example.com/policy',
  tos_uri: 'https://app.example.com/terms',
  contacts: ['ops@app.example.com'],
  software_id: '4NRB1-0XZABZI9E6-5SM3R',
  software_version: '2.1',
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_post',
  scope: 'openid email',
  jwks_uri: 'https://app.example.com/jwks',
}

async function register(requested: object) {
  const { call } = await clientsDoor({ registrationIsOpen: true })
  return call('POST', '/oauth/register', json(requested))
}

describe('RFC 7591 §3.2.1, what the server answers', () => {
  test('a success is 201 with application/json, and is not stored', async () => {
    const { status, headers } = await register(APP)
    expect(status).toBe(201)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('client_id is REQUIRED and SHOULD NOT be that of another client', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const ids = [
      (await call('POST', '/oauth/register', json(APP))).body.client_id,
      (await call('POST', '/oauth/register', json(APP))).body.client_id,
    ]
    expect(new Set(ids).size).toBe(2)
  })

  test('a client_secret MUST be unique to its client, and comes with client_secret_expires_at, 0 for never', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const { body: first } = await call('POST', '/oauth/register', json(APP))
    const { body: second } = await call('POST', '/oauth/register', json(APP))
    expect(first.client_secret).not.toBe(second.client_secret)
    expect(first.client_secret_expires_at).toBe(0)
  })

  test('a client that uses no secret gets none', async () => {
    for (const token_endpoint_auth_method of ['none', 'private_key_jwt']) {
      const { body } = await register({ ...APP, token_endpoint_auth_method })
      expect(body).not.toHaveProperty('client_secret')
      expect(body).not.toHaveProperty('client_secret_expires_at')
    }
  })

  test('the server MUST return all registered metadata about the client', async () => {
    expect((await register(APP)).body).toMatchObject(APP)
  })

  test('what has no value is left out', async () => {
    const { body } = await register({ redirect_uris: APP.redirect_uris })
    expect(Object.values(body)).not.toContain(null)
    expect(body).not.toHaveProperty('client_name')
  })
})

describe('RFC 7591 §3.2.2, errors of registration', () => {
  test('a redirect URI that is not valid is invalid_redirect_uri, with 400', async () => {
    const answer = await register({ ...APP, redirect_uris: ['https://app.example.com/cb#x'] })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } })
  })

  test('other metadata that is not valid is invalid_client_metadata, with 400', async () => {
    for (const wrong of [
      { response_types: ['code id_token'] },
      { grant_types: ['implicit'] },
      { contacts: 'a' },
    ]) {
      const answer = await register({ ...APP, ...wrong })
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    }
  })

  test('the answer is not stored', async () => {
    const { headers } = await register({})
    expect(headers.get('cache-control')).toBe('no-store')
  })
})
