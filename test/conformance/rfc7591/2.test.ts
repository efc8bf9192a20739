import { describe, expect, test } from 'vitest'

import { clientRows, clientsDoor, json } from '../../support/clients/door.ts'

const APP = { redirect_uris: ['https://app.example.com/cb'] }

async function register(requested: object) {
  const { call } = await clientsDoor({ registrationIsOpen: true })
  return call('POST', '/oauth/register', json(requested))
}

describe('RFC 7591 §2, client metadata', () => {
  test('clients that use redirects MUST register their redirect URIs', async () => {
    expect(await register({})).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } })
    expect(await clientRows()).toEqual([])
  })

  test('token_endpoint_auth_method is client_secret_basic where it is omitted', async () => {
    expect((await register(APP)).body).toMatchObject({ token_endpoint_auth_method: 'client_secret_basic' })
  })

  test('grant_types is authorization_code where it is omitted', async () => {
    expect((await register(APP)).body).toMatchObject({ grant_types: ['authorization_code'] })
  })

  test('response_types is code where it is omitted', async () => {
    expect((await register(APP)).body).toMatchObject({ response_types: ['code'] })
  })

  test('a server may register a default set of scopes where scope is omitted', async () => {
    expect((await register(APP)).body).toMatchObject({
      scope: 'openid profile email address phone offline_access',
    })
  })

  test('jwks_uri and jwks MUST NOT both be present in one request', async () => {
    const keys = { jwks_uri: 'https://app.example.com/jwks', jwks: { keys: [{ kty: 'EC' }] } }
    expect(await register({ ...APP, ...keys })).toMatchObject({
      status: 400,
      body: { error: 'invalid_client_metadata' },
    })
  })

  test('a member that is null counts as omitted', async () => {
    const { status, body } = await register({ ...APP, logo_uri: null, token_endpoint_auth_method: null })
    expect(status).toBe(201)
    expect(body).toMatchObject({ token_endpoint_auth_method: 'client_secret_basic' })
    expect(body).not.toHaveProperty('logo_uri')
  })

  test('the server MUST ignore metadata that it does not understand', async () => {
    const { status, body } = await register({
      ...APP,
      favourite_colour: 'blue',
      'client_name#de': 'Anwendung',
    })
    expect(status).toBe(201)
    expect(body).not.toHaveProperty('favourite_colour')
  })
})

describe('RFC 7591 §2.1, grant types and response types', () => {
  test('a server SHOULD NOT let a client register grant and response types that do not agree', async () => {
    const disagreeing = [
      { grant_types: ['refresh_token'], response_types: ['code'] },
      { grant_types: ['authorization_code'], response_types: [] },
    ]
    for (const types of disagreeing) {
      expect(await register({ ...APP, ...types })).toMatchObject({
        status: 400,
        body: { error: 'invalid_client_metadata' },
      })
    }
  })
})
