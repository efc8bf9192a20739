import { describe, expect, test } from 'vitest'

import { mintToken } from '../../../src/grants/opaque-token.ts'
import { readClientScope, readGrantRequest, readGrantType } from '../../../src/oauth/token/grant-request.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { clientWith, confidentialClient, publicClient, redirect_uri } from '../../support/oauth/clients.ts'

const keys = { mac: new Uint8Array(32).fill(1), vaultSeal: new Uint8Array(32).fill(2) }
const vault_id = 'A'.repeat(22)
const code = mintToken('code', vault_id, keys, systemRandom).reveal()
const refresh_token = mintToken('refresh_token', vault_id, keys, systemRandom).reveal()
const code_verifier = 'v'.repeat(43)

/** Alters the last character of a token so that it stays well-formed. */
function forge(token: string): string {
  return token.slice(0, -1) + (token.endsWith('A') ? 'Q' : 'A')
}

describe('the grant type of a token request', () => {
  test.each(['authorization_code', 'refresh_token', 'client_credentials'])('may be %s', (grant_type) => {
    expect(readGrantType(grant_type)).toEqual({ ok: true, value: grant_type })
  })

  test('must be there, and known', () => {
    expect(readGrantType(undefined)).toMatchObject({
      failure: { reason: 'parameter_missing', name: 'grant_type' },
    })
    for (const unknown of ['password', 'implicit', 'Authorization_Code', 'api_key', 'constructor', '']) {
      expect(readGrantType(unknown)).toMatchObject({ failure: { reason: 'grant_type_unsupported' } })
    }
  })

  test('must be registered by the client', () => {
    const client = publicClient({ grant_types: ['refresh_token'] })
    const request = readGrantRequest(
      'authorization_code',
      { code, redirect_uri, code_verifier },
      client,
      keys,
    )
    expect(request).toMatchObject({ failure: { reason: 'grant_type_unregistered' } })
  })
})

describe('a token request with a code', () => {
  const client = publicClient()
  const parameters = { code, redirect_uri, code_verifier }

  function read(changed: Readonly<Record<string, string>>) {
    return readGrantRequest('authorization_code', changed, client, keys)
  }

  test('leads to the vault that the code names, with the challenge of its verifier', () => {
    expect(read(parameters)).toEqual({
      ok: true,
      value: {
        grant_type: 'authorization_code',
        vault_id,
        code_digest: sha256(code),
        redirect_uri,
        code_challenge: sha256(code_verifier),
        resource: null,
      },
    })
  })

  test.each(['code', 'redirect_uri', 'code_verifier'])('is refused without %s', (name) => {
    const rest = Object.fromEntries(Object.entries(parameters).filter(([key]) => key !== name))
    expect(read(rest)).toMatchObject({ failure: { reason: 'parameter_missing', name } })
  })

  test.each([
    ['of 42 characters', 'v'.repeat(42)],
    ['of 129 characters', 'v'.repeat(129)],
    ['with a character that is reserved', `${'v'.repeat(43)}+`],
    ['with a line break at its end', `${'v'.repeat(43)}\n`],
    ['with a letter beyond ASCII', `${'v'.repeat(43)}é`],
  ])('is refused with a verifier %s', (_, verifier) => {
    expect(read({ ...parameters, code_verifier: verifier })).toMatchObject({
      failure: { reason: 'verifier_malformed' },
    })
  })

  test.each([
    ['forged', forge(code)],
    ['truncated', code.slice(0, -1)],
    ['lengthened', `${code}A`],
    ['that is a refresh token', refresh_token],
    ['made up', 'abc123'],
    ['that is empty', ''],
  ])('is refused on the MAC of a code %s', (_, presented) => {
    expect(read({ ...parameters, code: presented })).toMatchObject({ failure: { reason: 'code_forged' } })
  })
})

describe('a token request with a refresh token', () => {
  const client = publicClient()

  test('leads to its vault, and asks for no less than was granted', () => {
    expect(readGrantRequest('refresh_token', { refresh_token }, client, keys)).toMatchObject({
      ok: true,
      value: { vault_id, token_digest: sha256(refresh_token), scope: null },
    })
  })

  test('may ask for less', () => {
    const request = readGrantRequest('refresh_token', { refresh_token, scope: 'openid' }, client, keys)
    expect(request).toMatchObject({ ok: true, value: { scope: ['openid'] } })
  })

  test.each([
    ['without one', {}, 'parameter_missing'],
    ['with a forged one', { refresh_token: forge(refresh_token) }, 'token_forged'],
    ['with a code in its place', { refresh_token: code }, 'token_forged'],
    ['with a broken scope', { refresh_token, scope: ' openid' }, 'scope_malformed'],
  ])('is refused %s', (_, parameters, reason) => {
    expect(readGrantRequest('refresh_token', parameters, client, keys)).toMatchObject({
      failure: { reason },
    })
  })
})

describe('a token request of a client for itself', () => {
  const client = confidentialClient('digest')

  test('gets what the client is registered for, but nothing about a person', () => {
    expect(readGrantRequest('client_credentials', {}, client, keys)).toMatchObject({
      value: { scope: ['read', 'write', 'introspect'] },
    })
  })

  test('gets the scope that it names', () => {
    expect(readGrantRequest('client_credentials', { scope: 'read write' }, client, keys)).toMatchObject({
      value: { scope: ['read', 'write'] },
    })
  })

  test('is refused to a client that cannot authenticate, whatever it registered', () => {
    const impostor = clientWith(
      {},
      { token_endpoint_auth_method: 'none', grant_types: ['client_credentials'] },
    )
    expect(readGrantRequest('client_credentials', {}, impostor, keys)).toMatchObject({
      failure: { reason: 'client_public' },
    })
  })

  test.each([
    ['malformed', 'read  write', 'scope_malformed'],
    ['not registered', 'read manage', 'scope_unregistered'],
    ['about a person', 'read openid', 'scope_of_people'],
  ])('is refused with a scope that is %s', (_, scope, reason) => {
    expect(readClientScope(scope, client.metadata.scope)).toMatchObject({ failure: { reason } })
  })
})
