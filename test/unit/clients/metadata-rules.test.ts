import { describe, expect, test } from 'vitest'

import { RequestedMetadataSchema } from '../../../src/clients/metadata.contract.ts'
import { toClientMetadata } from '../../../src/clients/registration.ts'

const CALLBACK = 'https://app.example.com/cb'
const KEYS = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'x', kid: '1' }] }
const DEVICE = 'urn:ietf:params:oauth:grant-type:device_code'
const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange'

function register(requested: object, policy: { isAnonymous?: boolean; loopbackIsAllowed?: boolean } = {}) {
  const body = RequestedMetadataSchema.parse({ redirect_uris: [CALLBACK], ...requested })
  return toClientMetadata(body, { isAnonymous: false, loopbackIsAllowed: false, ...policy })
}

describe('metadata is refused', () => {
  test.each<[string, object]>([
    ['for keys by value and by reference', { jwks: KEYS, jwks_uri: 'https://app.example.com/jwks' }],
    ['for key assertions without keys', { token_endpoint_auth_method: 'private_key_jwt' }],
    ['for signed requests without keys', { require_signed_request_object: true }],
    ['for a private key among the public ones', { jwks: { keys: [{ ...KEYS.keys[0], d: 'd' }] } }],
    ['for a shared key', { jwks: { keys: [{ kty: 'oct', k: 'k' }] } }],
    [
      'for token exchange by anybody',
      { grant_types: ['authorization_code', EXCHANGE], token_endpoint_auth_method: 'none' },
    ],
    ['for keys on this machine', { jwks_uri: 'https://127.0.0.1/jwks' }],
    ['for keys in the clear', { jwks_uri: 'http://app.example.com/jwks' }],
    ['for keys in a private network', { jwks_uri: 'https://10.0.0.1/jwks' }],
    ['for a sector in a private network', { sector_identifier_uri: 'https://[fd00::1]/sector' }],
    ['for logout messages in the clear', { backchannel_logout_uri: 'http://app.example.com/logout' }],
    [
      'for logout messages to the metadata of a cloud',
      { backchannel_logout_uri: 'https://169.254.169.254/' },
    ],
    ['for request objects in the clear', { request_uris: ['http://app.example.com/request'] }],
    ['for request objects that are data', { request_uris: ['data:application/jwt,x'] }],
    ['for frames in the clear', { frontchannel_logout_uri: 'http://app.example.com/logout' }],
    ['for frames of another host', { frontchannel_logout_uri: 'https://other.example.com/logout' }],
    ['for frames on another port', { frontchannel_logout_uri: 'https://app.example.com:444/logout' }],
    ['for a sign-in that begins in the clear', { initiate_login_uri: 'http://app.example.com/login' }],
    ['for a sign-in that begins on this machine', { initiate_login_uri: 'http://localhost/login' }],
  ])('%s', (_name, requested) => {
    expect(register(requested)).toMatchObject({ ok: false, failure: { reason: 'metadata_invalid' } })
  })
})

describe('metadata is taken', () => {
  test.each<[string, object]>([
    ['with keys by value', { token_endpoint_auth_method: 'private_key_jwt', jwks: KEYS }],
    [
      'with keys by reference',
      { token_endpoint_auth_method: 'private_key_jwt', jwks_uri: 'https://app.example.com/jwks' },
    ],
    ['with the digest of a request object', { request_uris: ['https://app.example.com/request#digest'] }],
    ['with frames of its own', { frontchannel_logout_uri: 'https://app.example.com/logout?a=1' }],
    ['for a device that refreshes', { redirect_uris: [], grant_types: [DEVICE, 'refresh_token'] }],
    ['for a public device', { redirect_uris: [], grant_types: [DEVICE], token_endpoint_auth_method: 'none' }],
    ['for token exchange', { grant_types: ['authorization_code', EXCHANGE] }],
  ])('%s', (_name, requested) => {
    expect(register(requested)).toMatchObject({ ok: true, value: requested })
  })

  test('on this machine while developing', () => {
    const requested = {
      redirect_uris: ['http://localhost:8789/cb'],
      jwks_uri: 'http://localhost:8789/jwks',
      initiate_login_uri: 'http://localhost:8789/login',
      frontchannel_logout_uri: 'http://localhost:8789/logout',
      backchannel_logout_uri: 'http://127.0.0.1:8789/logout',
    }
    expect(register(requested, { loopbackIsAllowed: true })).toMatchObject({ ok: true, value: requested })
    expect(register(requested)).toMatchObject({ ok: false })
  })

  test('from an anonymous device, but never for token exchange', () => {
    const anyone = { isAnonymous: true }
    expect(register({ redirect_uris: [], grant_types: [DEVICE] }, anyone)).toMatchObject({ ok: true })
    const exchange = { grant_types: ['authorization_code', EXCHANGE] }
    expect(register(exchange, anyone)).toMatchObject({ ok: false, failure: { reason: 'metadata_invalid' } })
  })

  /** Nobody signs in to a client that acts for itself, so there is nobody whose name and address it could be given. */
  test('without a scope of people where no people are', () => {
    const requested = { redirect_uris: [], grant_types: ['client_credentials'] }
    expect(register(requested)).toMatchObject({ ok: true, value: { scope: '', response_types: [] } })
  })
})

describe('the profile fapi2', () => {
  const strict = { profile: 'fapi2', jwks: KEYS }

  test('sets what it needs where nothing was asked for', () => {
    expect(register(strict)).toMatchObject({
      ok: true,
      value: {
        token_endpoint_auth_method: 'private_key_jwt',
        require_pushed_authorization_requests: true,
        dpop_bound_access_tokens: true,
        id_token_signed_response_alg: 'ES256',
        introspection_signed_response_alg: 'ES256',
        refresh_token_rotation: false,
      },
    })
  })

  test.each<[string, object]>([
    ['secrets', { token_endpoint_auth_method: 'client_secret_basic' }],
    ['nothing to prove', { token_endpoint_auth_method: 'none' }],
    ['requests that are not pushed', { require_pushed_authorization_requests: false }],
    ['tokens for whoever holds them', { dpop_bound_access_tokens: false }],
    ['rotation', { refresh_token_rotation: true }],
    ['RS256 for ID tokens', { id_token_signed_response_alg: 'RS256' }],
    ['RS256 for assertions', { token_endpoint_auth_signing_alg: 'RS256' }],
    ['RS256 for request objects', { request_object_signing_alg: 'RS256' }],
    ['RS256 for userinfo', { userinfo_signed_response_alg: 'RS256' }],
    ['RS256 for introspection', { introspection_signed_response_alg: 'RS256' }],
    ['a redirect in the clear', { application_type: 'native', redirect_uris: ['http://127.0.0.1/cb'] }],
    ['a private-use scheme', { redirect_uris: ['com.example.app:/cb'] }],
    ['no keys', { jwks: undefined }],
  ])('refuses %s', (_name, requested) => {
    expect(register({ ...strict, ...requested })).toMatchObject({
      ok: false,
      failure: { reason: 'metadata_invalid' },
    })
  })

  test.each(['PS256', 'ES256', 'EdDSA'])('takes %s', (alg) => {
    const algs = { id_token_signed_response_alg: alg, token_endpoint_auth_signing_alg: alg }
    expect(register({ ...strict, ...algs })).toMatchObject({ ok: true, value: algs })
  })
})
