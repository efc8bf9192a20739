import { describe, expect, test } from 'vitest'

import { judgeAsker } from '../../../src/policy/asker.ts'

const alice = { type: 'User', id: 'alice' }
const mallory = { type: 'User', id: 'mallory' }
const signedIn = { auth_time: 1_800_000_000, sid: 'session-1' }
const ofUser = { sub: 'alice', client_id: 'spa', scope: 'openid read', ...signedIn }
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
    expect(judgeAsker({ sub: 'alice', client_id: 'spa', scope: 'authorize' }, mallory)).toBe(
      'principal_forbidden',
    )
  })

  test('a client with the scope authorize may ask about anyone, and without it about nobody', () => {
    expect(judgeAsker(ofClient, mallory)).toBe('permitted')
    expect(judgeAsker({ ...ofClient, scope: 'read authorize:read' }, alice)).toBe('scope_insufficient')
    expect(judgeAsker({ ...ofClient, scope: '' }, { type: 'User', id: 'service' })).toBe('scope_insufficient')
  })

  /** The token of an API key names the key as its grant, so that it ends with it; no person stands behind it. */
  test('a client with the token of an API key asks as a client', () => {
    const ofKey = { ...ofClient, grant_id: 'key-1' }
    expect(judgeAsker(ofKey, mallory)).toBe('permitted')
    expect(judgeAsker({ ...ofKey, scope: 'read' }, mallory)).toBe('scope_insufficient')
  })

  /** An account that is named like a client stays a person, since somebody signed in for its token. */
  test.each([
    ['a session and the time', signedIn],
    ['a session', { sid: signedIn.sid }],
    ['the time', { auth_time: signedIn.auth_time }],
  ])('a person whose identifier is that of the client asks as a person, by %s of the sign-in', (_, trace) => {
    const namesake = { sub: 'spa', client_id: 'spa', scope: 'authorize', ...trace }
    expect(judgeAsker(namesake, mallory)).toBe('principal_forbidden')
  })
})
