import { describe, expect, test } from 'vitest'

import {
  grantTtlSeconds,
  refreshExtensionSeconds,
  refreshRetrySeconds,
  refreshTokenIdleSeconds,
  rotationsMax,
} from '../../../src/platform/bounds.ts'
import { ledgerAfter, NOW, refreshOf } from './ledger.ts'

const MS = 1000
const IDLE = refreshTokenIdleSeconds

function rotated() {
  const { ledger, storage } = ledgerAfter('authorize', 'redeem')
  const refresh = (token: string, successor: string | null, at: number, rest = {}) =>
    ledger.refresh({ ...refreshOf(token, successor), ...rest }, (NOW + at) * MS)
  const isEnded = () => storage.all('SELECT 1 FROM grants WHERE ended_at IS NOT NULL').length > 0
  return { ledger, storage, refresh, isEnded }
}

describe('the refresh token of a client that rotates', () => {
  test('is spent for the successor that the client brought', () => {
    const { refresh } = rotated()
    expect(refresh('first', 'second', 0)).toMatchObject({ ok: true, value: { successor: 'taken' } })
    expect(refresh('second', 'third', 0)).toMatchObject({ ok: true, value: { successor: 'taken' } })
  })

  test('presented again within the window gives the same successor, however often', () => {
    const { refresh, storage } = rotated()
    refresh('first', 'second', 0)
    for (const [at, candidate] of [
      [0, 'a'],
      [15, 'b'],
      [refreshRetrySeconds, 'c'],
    ] as const)
      expect(refresh('first', candidate, at)).toMatchObject({
        value: { successor: { sealed: 'second sealed' } },
      })
    expect(storage.all('SELECT digest FROM refresh_tokens ORDER BY digest')).toMatchObject([
      { digest: 'first' },
      { digest: 'second' },
    ])
  })

  /** RFC 9700 §4.14.2. The thief and the owner look alike, so both lose. */
  test('presented after the window ends the grant, and the newest token stops working too', () => {
    const { refresh, isEnded } = rotated()
    refresh('first', 'second', 0)
    expect(refresh('first', 'a', refreshRetrySeconds + 1)).toEqual({
      ok: false,
      failure: { reason: 'token_reused', grant_id: 'grant' },
    })
    expect(isEnded()).toBe(true)
    expect(refresh('second', 'b', refreshRetrySeconds + 1)).toMatchObject({
      failure: { reason: 'grant_ended' },
    })
  })

  test('retries do not prolong the window', () => {
    const { refresh } = rotated()
    refresh('first', 'second', 0)
    refresh('first', 'a', refreshRetrySeconds)
    expect(refresh('first', 'b', refreshRetrySeconds + 1)).toMatchObject({
      failure: { reason: 'token_reused' },
    })
  })

  test('ends the grant however long ago it was spent', () => {
    const { refresh, isEnded } = rotated()
    refresh('first', 'second', 0)
    refresh('second', 'third', IDLE - 1)
    refresh('third', 'fourth', 2 * IDLE - 2)
    expect(refresh('first', 'a', 2 * IDLE)).toMatchObject({ failure: { reason: 'token_reused' } })
    expect(isEnded()).toBe(true)
  })

  /** A duplicate that was late on the network must not end the grant, and must not bring back a spent token either. */
  test('overtaken by its own successor within the window is refused, and nothing ends', () => {
    const { refresh, isEnded } = rotated()
    refresh('first', 'second', 0)
    refresh('second', 'third', 1)
    expect(refresh('first', 'a', 2)).toEqual({ ok: false, failure: { reason: 'token_superseded' } })
    expect(isEnded()).toBe(false)
    expect(refresh('third', 'fourth', 2)).toMatchObject({ ok: true })
  })

  test('presented by another client is refused, live or spent, and nothing ends', () => {
    const { refresh, isEnded } = rotated()
    const stranger = { client_id: 'other' }
    expect(refresh('first', 'a', 0, stranger)).toEqual({ ok: false, failure: { reason: 'client_mismatch' } })
    expect(refresh('first', 'second', 0)).toMatchObject({ value: { successor: 'taken' } })
    expect(refresh('first', 'b', 100, stranger)).toEqual({
      ok: false,
      failure: { reason: 'client_mismatch' },
    })
    expect(isEnded()).toBe(false)
  })

  test('is bounded in how often it is rotated', () => {
    const { refresh, storage } = rotated()
    storage.sql.exec('UPDATE refresh_tokens SET rotations = ?', rotationsMax - 1)
    expect(refresh('first', 'second', 0)).toMatchObject({ ok: true })
    expect(refresh('second', 'third', 0)).toEqual({ ok: false, failure: { reason: 'token_expired' } })
  })
})

describe('the scope of a refresh', () => {
  test('asking for more than was granted spends nothing', () => {
    const { refresh } = rotated()
    expect(refresh('first', 'a', 0, { scope: ['openid', 'write'] })).toEqual({
      ok: false,
      failure: { reason: 'scope_exceeded' },
    })
    expect(refresh('first', 'second', 0)).toMatchObject({ value: { successor: 'taken' } })
  })

  test('asking for more does not hide a replay', () => {
    const { refresh, isEnded } = rotated()
    refresh('first', 'second', 0)
    expect(refresh('first', 'a', 100, { scope: ['write'] })).toMatchObject({
      failure: { reason: 'token_reused' },
    })
    expect(isEnded()).toBe(true)
  })

  test('asking for less narrows the answer and not the grant', () => {
    const { refresh } = rotated()
    expect(refresh('first', 'second', 0, { scope: ['read'] })).toMatchObject({
      value: { grant: { scope: 'openid read' } },
    })
    expect(refresh('second', 'third', 0, { scope: ['openid', 'read'] })).toMatchObject({ ok: true })
  })
})

describe('expiry', () => {
  test('a token that nobody uses for 30 days is over, and using it counts from then', () => {
    const { refresh } = rotated()
    expect(refresh('first', 'second', IDLE - 1)).toMatchObject({ ok: true })
    expect(refresh('second', 'third', 2 * IDLE - 2)).toMatchObject({ ok: true })
    expect(refresh('third', 'fourth', 3 * IDLE - 2)).toEqual({
      ok: false,
      failure: { reason: 'token_expired' },
    })
  })

  test('a grant is over after 90 days, however much it is used', () => {
    const { refresh, isEnded } = rotated()
    for (const [index, at] of [20, 40, 60, 80].entries())
      refresh(index === 0 ? 'first' : `t${index - 1}`, `t${index}`, at * 86_400)
    expect(refresh('t3', 'last', grantTtlSeconds)).toEqual({
      ok: false,
      failure: { reason: 'token_expired' },
    })
    expect(refresh('t2', 'last', grantTtlSeconds)).toEqual({
      ok: false,
      failure: { reason: 'token_expired' },
    })
    expect(isEnded()).toBe(false)
  })
})

describe('the refresh token of a client that does not rotate', () => {
  test('stays the same and works again', () => {
    const { refresh } = rotated()
    for (const at of [0, 1, 100])
      expect(refresh('first', null, at)).toMatchObject({ value: { successor: 'kept' } })
  })

  /** A row that is written at each refresh is paid for at each refresh. */
  test('has its idle expiry written once an hour at most', () => {
    const { refresh, storage } = rotated()
    const expiry = () => storage.all('SELECT expires_at FROM refresh_tokens')[0]?.['expires_at']
    refresh('first', null, refreshExtensionSeconds - 1)
    expect(expiry()).toBe(NOW + IDLE)
    refresh('first', null, refreshExtensionSeconds)
    expect(expiry()).toBe(NOW + refreshExtensionSeconds + IDLE)
  })

  test('never outlives its grant', () => {
    const { refresh, storage } = rotated()
    for (const day of [25, 50, 75]) refresh('first', null, day * 86_400)
    expect(storage.all('SELECT expires_at FROM refresh_tokens')).toMatchObject([
      { expires_at: NOW + grantTtlSeconds },
    ])
    expect(refresh('first', null, grantTtlSeconds)).toMatchObject({ failure: { reason: 'token_expired' } })
  })
})

describe('inspectRefreshToken', () => {
  test('tells of a token that works, and of no other', () => {
    const { ledger, refresh } = rotated()
    const inspect = (token: string, at: number) => ledger.inspectRefreshToken(token, (NOW + at) * MS)
    expect(inspect('first', 0)).toMatchObject({ grant: { grant_id: 'grant' }, iat: NOW, exp: NOW + IDLE })
    expect([inspect('first', IDLE), inspect('unheard of', 0)]).toEqual([undefined, undefined])
    refresh('first', 'second', 0)
    expect([inspect('first', 0), inspect('second', 0)?.grant.grant_id]).toEqual([undefined, 'grant'])
    ledger.revokeRefreshToken({ token_digest: 'first', client_id: 'spa' }, NOW * MS)
    expect(inspect('second', 0)).toBeUndefined()
  })
})

describe('revokeRefreshToken', () => {
  const revoke = (token_digest: string, client_id = 'spa') => ({ token_digest, client_id })

  test('ends the grant, and says so again when it is repeated', () => {
    const { ledger, isEnded } = rotated()
    expect(ledger.revokeRefreshToken(revoke('first'), NOW * MS)).toEqual({ grant_id: 'grant' })
    expect(isEnded()).toBe(true)
    expect(ledger.revokeRefreshToken(revoke('first'), NOW * MS)).toEqual({ grant_id: 'grant' })
  })

  test('a spent token of the client ends the grant as well', () => {
    const { ledger, refresh, isEnded } = rotated()
    refresh('first', 'second', 0)
    expect(ledger.revokeRefreshToken(revoke('first'), NOW * MS)).toEqual({ grant_id: 'grant' })
    expect(isEnded()).toBe(true)
  })

  test('an unknown token and the token of another client end nothing', () => {
    const { ledger, isEnded } = rotated()
    expect(ledger.revokeRefreshToken(revoke('first', 'other'), NOW * MS)).toBeUndefined()
    expect(ledger.revokeRefreshToken(revoke('unheard of'), NOW * MS)).toBeUndefined()
    expect(isEnded()).toBe(false)
  })
})
