import { describe, expect, test } from 'vitest'

import { judgeAsker } from '../../../src/policy/asker.ts'

const alice = { type: 'User', id: 'alice' }
const mallory = { type: 'User', id: 'mallory' }
const ofUser = { sub: 'alice', client_id: 'spa', grant_id: 'grant-1', scope: 'openid read' }
const ofClient = { sub: 'service', client_id: 'service', scope: 'read authorize' }

describe('judgeAsker', () => {
  test('a person may ask about themselves and nobody else', () => {
    expect(judgeAsker(ofUser, alice)).toBe('permitted')
    expect(judgeAsker(ofUser, mallory)).toBe('principal_forbidden')
    expect(judgeAsker(ofUser, { type: 'user', id: 'alice' })).toBe('principal_forbidden')
    expect(judgeAsker(ofUser, { type: 'Group', id: 'alice' })).toBe('principal_forbidden')
  })

  /** Otherwise an application with one user's token could map out everybody's rights. */
  test('a person may not ask about others by way of the scope authorize', () => {
    expect(judgeAsker({ ...ofUser, scope: 'authorize' }, mallory)).toBe('principal_forbidden')
    expect(judgeAsker({ ...ofUser, grant_id: undefined, scope: 'authorize' }, mallory)).toBe(
      'principal_forbidden',
    )
  })

  test('a client with the scope authorize may ask about anyone, and without it about nobody', () => {
    expect(judgeAsker(ofClient, mallory)).toBe('permitted')
    expect(judgeAsker({ ...ofClient, scope: 'read authorize:read' }, alice)).toBe('scope_insufficient')
    expect(judgeAsker({ ...ofClient, scope: '' }, { type: 'User', id: 'service' })).toBe('scope_insufficient')
  })

  /** An account that is named like a client stays a person, since a grant stands behind its token. */
  test('a person whose identifier is that of the client asks as a person', () => {
    const namesake = { ...ofUser, sub: 'spa', scope: 'authorize' }
    expect(judgeAsker(namesake, mallory)).toBe('principal_forbidden')
  })
})
