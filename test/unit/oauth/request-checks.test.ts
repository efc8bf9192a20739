import { describe, expect, test } from 'vitest'

import { findFault, requestedScope } from '../../../src/oauth/authorize/request-checks.ts'
import {
  authorizationRequestCharactersMax,
  nonceCharactersMax,
  scopeCharactersMax,
  stateCharactersMax,
} from '../../../src/platform/bounds.ts'
import { publicClient, redirect_uri } from '../../support/oauth/clients.ts'

const client = publicClient()
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
    ['response_mode=query', { response_mode: 'query' }],
    ['prompt=none', { prompt: 'none' }],
    ['prompts together', { prompt: 'login consent' }],
    ['max_age=0', { max_age: '0' }],
    ['max_age of years', { max_age: '999999999' }],
  ])('let through a request with %s', (_, extra) => {
    expect(findFault({ ...inOrder, ...extra }, client)).toBeUndefined()
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
    ['with response_mode=fragment', { ...inOrder, response_mode: 'fragment' }, 'response_mode_unsupported'],
    ['with response_mode=form_post', { ...inOrder, response_mode: 'form_post' }, 'response_mode_unsupported'],
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
    ['with a request object', { ...inOrder, request: 'eyJhbGciOiJub25lIn0.e30.' }, 'request_object'],
    ['with a request_uri', { ...inOrder, request_uri: 'https://app.example/r' }, 'request_uri'],
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

describe('the scope of an authorization request', () => {
  test('is what it names', () => {
    expect(requestedScope({ scope: 'read openid' }, client)).toEqual(['read', 'openid'])
  })

  test('is everything registered when it names none', () => {
    expect(requestedScope({}, client)).toEqual(['openid', 'profile', 'email', 'read', 'read:profile'])
  })
})
