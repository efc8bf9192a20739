import { describe, expect, test } from 'vitest'

import { rotatesRefreshTokens } from '../../../src/clients/client.ts'
import { RequestedMetadataSchema } from '../../../src/clients/metadata.contract.ts'
import { registerClient, toClientMetadata } from '../../../src/clients/registration.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { systemRandom } from '../../../src/platform/random.ts'

const CALLBACK = 'https://app.example/cb'

function register(requested: object, isAnonymous = true) {
  const body = RequestedMetadataSchema.parse({ redirect_uris: [CALLBACK], ...requested })
  return toClientMetadata(body, { isAnonymous, loopbackIsAllowed: false })
}

describe('registered metadata', () => {
  test('has the defaults of RFC 7591 and OpenID Connect where nothing was asked for', () => {
    expect(register({})).toEqual({
      ok: true,
      value: {
        redirect_uris: [CALLBACK],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        token_endpoint_auth_method: 'client_secret_basic',
        scope: 'openid profile email address phone offline_access',
        id_token_signed_response_alg: 'RS256',
        introspection_signed_response_alg: 'RS256',
        require_signed_request_object: false,
        require_pushed_authorization_requests: false,
        dpop_bound_access_tokens: false,
        subject_type: 'public',
        require_auth_time: false,
        application_type: 'web',
        post_logout_redirect_uris: [],
        backchannel_logout_session_required: false,
        frontchannel_logout_session_required: false,
        profile: 'oidc',
      },
    })
  })

  /** RFC 9700 §2.2.2: a client that cannot authenticate shows a stolen refresh token by rotation alone. */
  test('a client without a secret cannot do without rotation', () => {
    const grant_types = ['authorization_code', 'refresh_token']
    const asked = { grant_types, refresh_token_rotation: false }
    expect(register({ ...asked, token_endpoint_auth_method: 'none' })).toMatchObject({
      ok: false,
      failure: { reason: 'metadata_invalid' },
    })
    expect(register({ ...asked, token_endpoint_auth_method: 'client_secret_basic' })).toMatchObject({
      ok: true,
    })
  })

  test.each([' ', '\u3164', '\u2800\u00a0', 'Acme\u2028Verified', 'Acme\u202etxt', 'a\u0000b'])(
    'a name that shows nothing, or something else than it is, is refused: %j',
    (client_name) => {
      expect(RequestedMetadataSchema.safeParse({ client_name }).success).toBe(false)
    },
  )

  /** RFC 7591 §2: what is not understood is ignored, and a client must not make itself one of ours. */
  test('drops members that are not known, also those that our own records have', () => {
    const registered = register({ first_party: true, plan: 'races', client_secret: 'mine', plan_name: 'x' })
    expect(registered).toMatchObject({ ok: true })
    expect(JSON.stringify(registered)).not.toMatch(/first_party|races|mine|plan_name/)
  })

  test.each(['manage', 'authorize', 'introspect', 'read manage', 'anything:else'])(
    'never gives an anonymous client the scope %s',
    (scope) => {
      expect(register({ scope })).toMatchObject({ ok: false, failure: { reason: 'metadata_invalid' } })
    },
  )

  test('gives an operator whatever scope is asked for', () => {
    expect(register({ scope: 'manage orders:read' }, false)).toMatchObject({
      value: { scope: 'manage orders:read' },
    })
  })

  test('lets no anonymous client act without a person who consents', () => {
    const requested = { grant_types: ['client_credentials'] }
    expect(register(requested)).toMatchObject({ failure: { reason: 'metadata_invalid' } })
    expect(register(requested, false)).toMatchObject({ ok: true, value: { response_types: [] } })
  })

  test.each([
    [
      'client credentials without a secret',
      { grant_types: ['client_credentials'], token_endpoint_auth_method: 'none' },
    ],
    ['a code without its grant type', { grant_types: ['client_credentials'], response_types: ['code'] }],
    ['a grant type without its response type', { grant_types: ['authorization_code'], response_types: [] }],
    ['refreshing without the grant that refresh tokens come from', { grant_types: ['refresh_token'] }],
  ])('is refused for %s', (_name, requested) => {
    expect(register(requested, false)).toMatchObject({ ok: false, failure: { reason: 'metadata_invalid' } })
  })

  test.each([
    ['none at all', { redirect_uris: [] }],
    ['one that is not allowed', { redirect_uris: [CALLBACK, 'javascript:alert(1)'] }],
    ['one after logout that is not allowed', { post_logout_redirect_uris: ['data:text/html,x'] }],
  ])('is refused for its redirect URIs with %s', (_name, requested) => {
    expect(register(requested)).toMatchObject({ ok: false, failure: { reason: 'redirect_uri_invalid' } })
  })
})

describe('requested metadata', () => {
  test.each([
    ['a name with a right-to-left override', { client_name: 'App \u202e knaB' }],
    ['a name with a line break', { client_name: 'App\nBank' }],
    ['a logo that is a script', { logo_uri: 'javascript:alert(1)' }],
    ['terms that are not https', { tos_uri: 'http://app.example/terms' }],
    ['a scope with a quote', { scope: 'read "write"' }],
    ['a scope with two spaces', { scope: 'read  write' }],
    ['an unsupported authentication method', { token_endpoint_auth_method: 'tls_client_auth' }],
    [
      'the authentication method that only operators give',
      { token_endpoint_auth_method: 'client_secret_any' },
    ],
    ['the implicit grant', { grant_types: ['implicit'] }],
    ['an unsigned ID token', { id_token_signed_response_alg: 'none' }],
    ['redirect URIs that are not a list', { redirect_uris: CALLBACK }],
    [
      'more redirect URIs than are kept',
      { redirect_uris: Array.from({ length: 33 }, (_, at) => `${CALLBACK}/${at}`) },
    ],
    ['a redirect URI that is too long', { redirect_uris: [`${CALLBACK}?${'x'.repeat(2048)}`] }],
  ])('is refused for %s', (_name, requested) => {
    expect(RequestedMetadataSchema.safeParse(requested).success).toBe(false)
  })
})

describe('a new client', () => {
  const metadata = (method: 'client_secret_basic' | 'none') => {
    const made = register({ token_endpoint_auth_method: method })
    if (!made.ok) throw new Error(made.failure.message)
    return made.value
  }

  test('keeps the digest of its secret and never the secret', () => {
    const { client, client_secret } = registerClient(metadata('client_secret_basic'), systemRandom, 1)
    const secret = client_secret?.reveal() ?? ''
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(client.client_secret_digest).toBe(sha256(secret))
    expect(JSON.stringify(client)).not.toContain(secret)
  })

  test('has no secret when it cannot keep one', () => {
    const { client, client_secret } = registerClient(metadata('none'), systemRandom, 1)
    expect(client.client_secret_digest).toBeNull()
    expect(client_secret).toBeUndefined()
  })

  test('rotates refresh tokens when it is public and not when it authenticates, unless it says otherwise', () => {
    expect(rotatesRefreshTokens({ metadata: metadata('none') })).toBe(true)
    expect(rotatesRefreshTokens({ metadata: metadata('client_secret_basic') })).toBe(false)
    const override = { ...metadata('client_secret_basic'), refresh_token_rotation: true }
    expect(rotatesRefreshTokens({ metadata: override })).toBe(true)
  })
})
