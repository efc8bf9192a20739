import { describe, expect, test } from 'vitest'

import { clientsDoor, json } from '../../support/clients/door.ts'

const APP = { redirect_uris: ['https://app.example.com/cb'] }
const KEYS = { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y', kid: '1', use: 'sig' }] }

async function register(requested: object) {
  const { call } = await clientsDoor({ registrationIsOpen: true })
  return call('POST', '/oauth/register', json({ ...APP, ...requested }))
}

const REFUSED = { status: 400, body: { error: 'invalid_client_metadata' } }

describe('OpenID Connect Registration §2, client metadata', () => {
  test('redirect_uris is REQUIRED', async () => {
    expect(await register({ redirect_uris: undefined })).toMatchObject({ status: 400 })
  })

  test('application_type is web where it is omitted', async () => {
    expect((await register({})).body).toMatchObject({ application_type: 'web' })
  })

  test('web clients MUST use https, and native ones may use http on a loopback address', async () => {
    const redirect_uris = ['http://127.0.0.1/cb']
    expect(await register({ redirect_uris })).toMatchObject({ status: 400 })
    expect(await register({ redirect_uris, application_type: 'native' })).toMatchObject({ status: 201 })
  })

  test('the server may reject redirect URIs that it does not take, such as http of a native client elsewhere', async () => {
    const redirect_uris = ['http://app.example.com/cb']
    expect(await register({ redirect_uris, application_type: 'native' })).toMatchObject({ status: 400 })
  })

  test('jwks_uri MUST use https, and MUST NOT be used together with jwks', async () => {
    expect(await register({ jwks_uri: 'http://app.example.com/jwks' })).toMatchObject(REFUSED)
    expect(await register({ jwks_uri: 'https://app.example.com/jwks', jwks: KEYS })).toMatchObject(REFUSED)
    expect(await register({ jwks_uri: 'https://app.example.com/jwks' })).toMatchObject({ status: 201 })
  })

  test('id_token_signed_response_alg is RS256 where it is omitted', async () => {
    expect((await register({})).body).toMatchObject({ id_token_signed_response_alg: 'RS256' })
  })

  test('userinfo_signed_response_alg is left out where it is omitted, and userinfo is plain JSON', async () => {
    expect((await register({})).body).not.toHaveProperty('userinfo_signed_response_alg')
  })

  test('token_endpoint_auth_method is client_secret_basic where it is omitted', async () => {
    expect((await register({})).body).toMatchObject({ token_endpoint_auth_method: 'client_secret_basic' })
  })

  test('token_endpoint_auth_signing_alg MUST NOT be none', async () => {
    const keys = { token_endpoint_auth_method: 'private_key_jwt', jwks: KEYS }
    expect(await register({ ...keys, token_endpoint_auth_signing_alg: 'none' })).toMatchObject(REFUSED)
    expect(await register({ ...keys, token_endpoint_auth_signing_alg: 'ES256' })).toMatchObject({
      status: 201,
    })
  })

  test('require_auth_time is false where it is omitted', async () => {
    expect((await register({})).body).toMatchObject({ require_auth_time: false })
  })

  test('initiate_login_uri MUST use https', async () => {
    expect(await register({ initiate_login_uri: 'http://app.example.com/login' })).toMatchObject(REFUSED)
    const uri = { initiate_login_uri: 'https://app.example.com/login' }
    expect(await register(uri)).toMatchObject({ status: 201, body: uri })
  })

  test('request_uris use https, and may have a fragment that is a digest of what is there', async () => {
    expect(await register({ request_uris: ['http://app.example.com/r'] })).toMatchObject(REFUSED)
    const uris = { request_uris: ['https://app.example.com/r#GkurKxf5T0Y-mnPFCHqWOMiZi4VS138cQO_V7PZHAdM'] }
    expect(await register(uris)).toMatchObject({ status: 201, body: uris })
  })

  test('default_max_age, default_acr_values and contacts are registered as they come', async () => {
    const asked = { default_max_age: 3600, default_acr_values: ['a'], contacts: ['ops@app.example.com'] }
    expect(await register(asked)).toMatchObject({ status: 201, body: asked })
  })
})
