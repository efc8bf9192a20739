import { describe, expect, test } from 'vitest'

import type { AuthorizeCommand } from '../../../src/grants/grants-vault.ts'
import { scopeCharactersMax } from '../../../src/platform/bounds.ts'
import { authorization, ledgerAfter, NOW } from './ledger.ts'

function asking() {
  const { ledger, storage } = ledgerAfter()
  let asked = 0
  const ask = (consent: AuthorizeCommand['consent'], scope: string, rest = {}) => {
    asked += 1
    const bindings = { ...authorization.bindings, scope, resource: [], ...rest }
    const command = { grant_id: `grant ${asked}`, code_digest: `code ${asked}`, consent, bindings }
    return ledger.authorize(command, NOW * 1000).outcome
  }
  return { ask, storage }
}

describe('consent', () => {
  test('nobody is granted anything before they were asked, and no code is left behind', () => {
    const { ask, storage } = asking()
    expect(ask('remembered', 'openid')).toBe('consent_required')
    expect(storage.all('SELECT digest FROM codes UNION ALL SELECT grant_id FROM grants')).toEqual([])
  })

  test('once given, it covers the same scope and any part of it', () => {
    const { ask } = asking()
    ask('given', 'openid read')
    expect([ask('remembered', 'openid read'), ask('remembered', 'read')]).toEqual(['issued', 'issued'])
  })

  test('more scope, another client or another resource is another question', () => {
    const { ask } = asking()
    ask('given', 'openid read')
    expect(ask('remembered', 'openid read write')).toBe('consent_required')
    expect(ask('remembered', 'openid', { client_id: 'other' })).toBe('consent_required')
    expect(ask('remembered', 'openid', { resource: ['https://api.example'] })).toBe('consent_required')
  })

  test('resources are a set: their order does not matter, a part of them does', () => {
    const { ask } = asking()
    ask('given', 'openid', { resource: ['https://b.example', 'https://a.example'] })
    expect(ask('remembered', 'openid', { resource: ['https://a.example', 'https://b.example'] })).toBe(
      'issued',
    )
    expect(ask('remembered', 'openid', { resource: ['https://a.example'] })).toBe('consent_required')
  })

  test('given twice, it covers both', () => {
    const { ask } = asking()
    ask('given', 'openid read')
    ask('given', 'openid write')
    expect(ask('remembered', 'openid read write')).toBe('issued')
  })

  /** A bound on what one request asks for says nothing about what many have been allowed together. */
  test('given for more and more, it goes on covering all of it', () => {
    const { ask } = asking()
    const scopes = ['a', 'b', 'c'].map((letter) => letter.repeat(scopeCharactersMax))
    for (const scope of scopes) expect(ask('given', scope)).toBe('issued')
    expect(scopes.map((scope) => ask('remembered', scope))).toEqual(['issued', 'issued', 'issued'])
  })

  test('waived for a first-party client, it is not remembered for anything', () => {
    const { ask } = asking()
    expect([ask('waived', 'openid'), ask('remembered', 'openid')]).toEqual(['issued', 'consent_required'])
  })
})
