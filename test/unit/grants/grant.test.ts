import { describe, expect, test } from 'vitest'

import { findMismatch } from '../../../src/grants/grant.ts'

const bound = {
  client_id: 'spa',
  redirect_uri: 'https://app.example/cb',
  code_challenge: 'challenge',
  dpop_jkt: null,
}
const presented = { kind: 'code' as const, ...bound }

describe('findMismatch', () => {
  test('a code matches its client, redirect URI and challenge', () => {
    expect(findMismatch(bound, presented)).toBeUndefined()
  })

  test('another client is named first, then another redirect URI, then another verifier', () => {
    const wrong = { redirect_uri: 'https://app.example/', code_challenge: 'another' }
    expect(findMismatch(bound, { ...presented, ...wrong, client_id: 'other' })).toEqual({
      reason: 'client_mismatch',
    })
    expect(findMismatch(bound, { ...presented, ...wrong })).toEqual({ reason: 'redirect_uri_mismatch' })
    expect(findMismatch(bound, { ...presented, code_challenge: 'another' })).toEqual({
      reason: 'verifier_mismatch',
    })
  })

  test.each(['https://app.example/cb/', 'https://APP.example/cb', 'https://app.example/cb?x=1', ''])(
    'the redirect URI is compared as text: not %j',
    (redirect_uri) => {
      expect(findMismatch(bound, { ...presented, redirect_uri })).toEqual({ reason: 'redirect_uri_mismatch' })
    },
  )

  /** PKCE that is skipped when one side is missing is no PKCE (CVE-2025-4144). */
  test('a code without a challenge matches no verifier', () => {
    const unbound = { ...bound, code_challenge: null }
    for (const code_challenge of ['', 'challenge']) {
      expect(findMismatch(unbound, { ...presented, code_challenge })).toEqual({ reason: 'verifier_mismatch' })
    }
    expect(findMismatch(unbound, { ...presented, code_challenge: null })).toBeUndefined()
  })

  test('a code with a challenge does not match where no verifier is presented', () => {
    expect(findMismatch(bound, { ...presented, code_challenge: null })).toEqual({
      reason: 'verifier_mismatch',
    })
  })

  test('what is bound to no redirect URI matches none', () => {
    const unbound = { ...bound, redirect_uri: null }
    expect(findMismatch(unbound, { ...presented, redirect_uri: '' })).toEqual({
      reason: 'redirect_uri_mismatch',
    })
  })

  /** RFC 9449 §5, §10. */
  test.each([null, 'another key'])('what is bound to a key does not come with %j', (dpop_jkt) => {
    const mismatch = { reason: 'proof_key_mismatch' }
    expect(findMismatch({ ...bound, dpop_jkt: 'key' }, { ...presented, dpop_jkt })).toEqual(mismatch)
    const token = { client_id: 'spa', redirect_uri: null, code_challenge: null, dpop_jkt: 'key' }
    expect(findMismatch(token, { kind: 'refresh_token', client_id: 'spa', dpop_jkt })).toEqual(mismatch)
  })

  test('what is bound to no key may come with a proof of any', () => {
    expect(findMismatch(bound, { ...presented, dpop_jkt: 'key' })).toBeUndefined()
  })

  test('a refresh token is bound to its client', () => {
    const token = { client_id: 'spa', redirect_uri: null, code_challenge: null, dpop_jkt: null }
    expect(findMismatch(token, { kind: 'refresh_token', client_id: 'spa', dpop_jkt: null })).toBeUndefined()
    expect(findMismatch(token, { kind: 'refresh_token', client_id: 'other', dpop_jkt: null })).toEqual({
      reason: 'client_mismatch',
    })
  })
})
