import { describe, expect, test } from 'vitest'

import type { Client } from '../../../src/clients/client.ts'
import {
  findFault as findFaultOf,
  requestedScope,
  type CheckedRequest,
} from '../../../src/oauth/authorize/request-checks.ts'
import { responseModes } from '../../../src/oauth/authorize/response-mode.ts'
import {
  authorizationRequestCharactersMax,
  nonceCharactersMax,
  scopeCharactersMax,
  stateCharactersMax,
} from '../../../src/platform/bounds.ts'
import { publicClient, redirect_uri } from '../../support/oauth/clients.ts'

const client = publicClient()

function findFault(
  parameters: CheckedRequest['parameters'],
  asker: Client,
  how: Partial<CheckedRequest> = {},
) {
  return findFaultOf({ parameters, carried: parameters, isSigned: false, isPushed: false, ...how }, asker)
}
const inOrder = {
  response_type: 'code',
  client_id: 'app',
  redirect_uri,
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}

function without(name: keyof typeof inOrder) {
  return Object.fromEntries(Object.entries(inOrder).filter(([key]) => key !== name))
}

describe('the checks of an authorization request', () => {
  test.each([
    ['nothing optional', {}],
    ['a scope in any order', { scope: 'email openid' }],
    ['a state of the longest', { state: '~'.repeat(stateCharactersMax) }],
    ['a nonce of 384 characters', { nonce: 'n'.repeat(384) }],
    ['claims', { claims: '{"userinfo":{"email":null,"name":{"essential":true}},"unknown":7}' }],
    ['levels of somebody else', { acr_values: '1 2' }],
    ['resources', { resource: ['https://api.example/', 'urn:example:api'] }],
    ['dpop_jkt', { dpop_jkt: 'a'.repeat(43) }],
    ['prompt=none', { prompt: 'none' }],
    ['prompts together', { prompt: 'login consent' }],
    ['max_age=0', { max_age: '0' }],
    ['max_age of years', { max_age: '999999999' }],
  ])('let through a request with %s', (_, extra) => {
    expect(findFault({ ...inOrder, ...extra }, client)).toBeUndefined()
  })

  test.each(responseModes)('let through the mode %s', (response_mode) => {
    expect(findFault({ ...inOrder, response_mode }, client)).toBeUndefined()
  })

  /** OpenID Connect Core §3.1.2.1 knows no PKCE, and a client that authenticates has a secret that its thief has not. */
  test('let through an OpenID request without PKCE from a client that authenticates, and nothing else without', () => {
    const secretive = { token_endpoint_auth_method: 'client_secret_basic' } as const
    const { code_challenge: _, code_challenge_method: __, ...plain } = { ...inOrder, scope: 'openid' }
    expect(findFault(plain, publicClient(secretive))).toBeUndefined()
    expect(findFault(plain, publicClient())).toBe('challenge_missing')
    expect(findFault(plain, publicClient({ ...secretive, application_type: 'native' }))).toBe(
      'challenge_missing',
    )
    expect(findFault({ ...plain, scope: 'read' }, publicClient(secretive))).toBe('challenge_missing')
    expect(findFault({ ...plain, code_challenge_method: 'S256' }, publicClient(secretive))).toBe(
      'challenge_missing',
    )
    const fapi = publicClient({ ...secretive, profile: 'fapi2' })
    expect(findFault(plain, fapi, { isPushed: true })).toBe('challenge_missing')
  })

  test.each([
    ['without response_type', without('response_type'), 'response_type_missing'],
    ['without code_challenge', without('code_challenge'), 'challenge_missing'],
    [
      'without code_challenge_method, which means plain',
      without('code_challenge_method'),
      'challenge_method_unsupported',
    ],
    ['with response_type=token', { ...inOrder, response_type: 'token' }, 'response_type_unsupported'],
    [
      'with response_type=code id_token',
      { ...inOrder, response_type: 'code id_token' },
      'response_type_unsupported',
    ],
    [
      'with an unknown response_mode',
      { ...inOrder, response_mode: 'web_message' },
      'response_mode_unsupported',
    ],
    ['with claims that are not JSON', { ...inOrder, claims: '{"userinfo":' }, 'claims_malformed'],
    ['with claims in a list', { ...inOrder, claims: '[]' }, 'claims_malformed'],
    [
      'with claims asked for by a text',
      { ...inOrder, claims: '{"userinfo":{"email":"yes"}}' },
      'claims_malformed',
    ],
    [
      'with an essential level of somebody else',
      { ...inOrder, claims: '{"id_token":{"acr":{"essential":true,"values":["urn:example:gold"]}}}' },
      'acr_unmet',
    ],
    ['with a relative resource', { ...inOrder, resource: ['/api'] }, 'resource_malformed'],
    [
      'with a fragment in a resource',
      { ...inOrder, resource: ['https://api.example/#x'] },
      'resource_malformed',
    ],
    [
      'with too many resources',
      { ...inOrder, resource: Array.from({ length: 9 }, (_, at) => `https://api.example/${at}`) },
      'resource_malformed',
    ],
    ['with a short dpop_jkt', { ...inOrder, dpop_jkt: 'a'.repeat(42) }, 'proof_key_malformed'],
    [
      'with code_challenge_method=plain',
      { ...inOrder, code_challenge_method: 'plain' },
      'challenge_method_unsupported',
    ],
    [
      'with code_challenge_method=s256',
      { ...inOrder, code_challenge_method: 's256' },
      'challenge_method_unsupported',
    ],
    [
      'with a challenge of 42 characters',
      { ...inOrder, code_challenge: 'a'.repeat(42) },
      'challenge_malformed',
    ],
    [
      'with a challenge of 44 characters',
      { ...inOrder, code_challenge: 'a'.repeat(44) },
      'challenge_malformed',
    ],
    ['with a padded challenge', { ...inOrder, code_challenge: `${'a'.repeat(42)}=` }, 'challenge_malformed'],
    [
      'with a line break after the challenge',
      { ...inOrder, code_challenge: `${'a'.repeat(43)}\n` },
      'challenge_malformed',
    ],
    ['with a quote in the scope', { ...inOrder, scope: 'read"' }, 'scope_malformed'],
    ['with two spaces in the scope', { ...inOrder, scope: 'openid  read' }, 'scope_malformed'],
    ['with a scope too long', { ...inOrder, scope: 'x'.repeat(scopeCharactersMax + 1) }, 'scope_malformed'],
    ['with a scope that is not the client’s', { ...inOrder, scope: 'openid write' }, 'scope_unregistered'],
    ['with a prefix of the client’s scope', { ...inOrder, scope: 'read:pro' }, 'scope_unregistered'],
    ['with an unknown prompt', { ...inOrder, prompt: 'create' }, 'prompt_unsupported'],
    ['with prompt=none and another', { ...inOrder, prompt: 'none login' }, 'prompt_contradictory'],
    ['with a negative max_age', { ...inOrder, max_age: '-1' }, 'max_age_malformed'],
    ['with a max_age in words', { ...inOrder, max_age: 'ten' }, 'max_age_malformed'],
    ['with a max_age beyond numbers', { ...inOrder, max_age: '1'.repeat(400) }, 'max_age_malformed'],
    ['with a nonce too long', { ...inOrder, nonce: 'n'.repeat(nonceCharactersMax + 1) }, 'nonce_too_long'],
    ['with a state too long', { ...inOrder, state: 's'.repeat(stateCharactersMax + 1) }, 'request_too_long'],
    [
      'too long as a whole',
      { ...inOrder, login_hint: 'h'.repeat(authorizationRequestCharactersMax) },
      'request_too_long',
    ],
  ])('refuse a request %s', (_, parameters, fault) => {
    expect(findFault(parameters, client)).toBe(fault)
  })

  test.each([
    ['the code grant', publicClient({ grant_types: ['client_credentials'] })],
    ['the response type', publicClient({ response_types: [] })],
  ])('refuse a client that did not register %s', (_, unregistered) => {
    expect(findFault(inOrder, unregistered)).toBe('code_unregistered')
  })

  /** Anybody may sign in. A person's consent would otherwise turn a client that lists `manage` into an operator. */
  test.each(['manage', 'authorize', 'introspect'])('refuse %s, which no person can give', (scope) => {
    const operator = publicClient({ scope: `openid ${scope}` })
    expect(findFault({ ...inOrder, scope: `openid ${scope}` }, operator)).toBe('scope_of_operators')
    expect(findFault(inOrder, operator)).toBeUndefined()
    expect(requestedScope(inOrder, operator)).toEqual(['openid'])
  })
})

describe('the length of a request', () => {
  const request = 'o'.repeat(authorizationRequestCharactersMax)

  /** The rest of the way would cut it off, and then it would be another request. */
  test('is that of what goes to sign-in and back, also where a short request is in a long object', () => {
    const carried = { client_id: 'app', request }
    expect(findFault(inOrder, client, { carried, isSigned: true })).toBe('request_too_long')
  })

  test('does not matter where it was pushed, because only its name goes along', () => {
    expect(findFault({ ...inOrder, login_hint: request }, client, { isPushed: true })).toBeUndefined()
  })
})

describe('what a client has registered', () => {
  const fapi = publicClient({ profile: 'fapi2' })

  test.each([
    [
      'an unpushed request',
      publicClient({ require_pushed_authorization_requests: true }),
      {},
      'request_unpushed',
    ],
    ['an unpushed request for FAPI', fapi, {}, 'request_unpushed'],
    ['an unsigned request', publicClient({ require_signed_request_object: true }), {}, 'request_unsigned'],
  ])('refuses %s', (_, asker, how, fault) => {
    expect(findFault(inOrder, asker, how)).toBe(fault)
  })

  test.each(['fragment', 'form_post', 'fragment.jwt', 'form_post.jwt'])(
    'refuses FAPI the mode %s',
    (response_mode) => {
      const how = { isPushed: true }
      expect(findFault({ ...inOrder, response_mode }, fapi, how)).toBe('response_mode_unsupported')
      expect(findFault({ ...inOrder, response_mode: 'jwt' }, fapi, how)).toBeUndefined()
    },
  )

  test('refuses FAPI a redirect without TLS', () => {
    const insecure = { ...inOrder, redirect_uri: 'http://127.0.0.1/cb' }
    expect(findFault(insecure, fapi, { isPushed: true })).toBe('redirect_uri_insecure')
  })
})

describe('the scope of an authorization request', () => {
  /** OpenID Connect Core §3.1.2.1: scope values that are not understood are ignored. */
  test('leaves out words of an OpenID request that mean nothing here, and refuses them elsewhere', () => {
    expect(requestedScope({ scope: 'openid banana read' }, client)).toEqual(['openid', 'read'])
    expect(findFault({ ...inOrder, scope: 'openid banana' }, client)).toBeUndefined()
    expect(findFault({ ...inOrder, scope: 'banana' }, client)).toBe('scope_unregistered')
  })

  test('is what it names', () => {
    expect(requestedScope({ scope: 'read openid' }, client)).toEqual(['read', 'openid'])
  })

  test('is everything registered when it names none', () => {
    expect(requestedScope({}, client)).toEqual(['openid', 'profile', 'email', 'read', 'read:profile'])
  })
})
