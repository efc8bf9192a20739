import { describe, expect, test } from 'vitest'

import { accessTokenTtlSeconds, clockSkewSeconds, grantTtlSeconds } from '../../../src/platform/bounds.ts'
import { authorization, ledgerAfter, NOW, redemption, refreshOf } from './ledger.ts'

const MS = 1000
const unsent = 'SELECT grant_id, expires_at FROM unsent_revocations'

describe('a code', () => {
  test('gives the grant with everything it was bound to', () => {
    const { ledger } = ledgerAfter('authorize')
    const {
      redirect_uri: _uri,
      code_challenge: _challenge,
      dpop_jkt: _key,
      ...granted
    } = authorization.bindings
    expect(ledger.redeemCode(redemption, NOW * MS)).toEqual({
      ok: true,
      value: { ...granted, grant_id: 'grant', created_at: NOW, expires_at: NOW + grantTtlSeconds },
    })
  })

  /** RFC 6749 §4.1.2: deny, and revoke what the first redemption obtained. */
  test('presented again ends the grant, and its refresh token stops working', () => {
    const { ledger, storage } = ledgerAfter('authorize', 'redeem')
    const again = { ...redemption, refresh: { digest: 'second', dpop_jkt: null } }
    expect(ledger.redeemCode(again, (NOW + 3_000) * MS)).toEqual({
      ok: false,
      failure: { reason: 'code_spent', grant_id: 'grant' },
    })
    expect(ledger.refresh(refreshOf('first', 'next'), (NOW + 3_000) * MS)).toMatchObject({
      failure: { reason: 'grant_ended' },
    })
    expect(ledger.refresh(refreshOf('second', 'next'), (NOW + 3_000) * MS)).toMatchObject({
      failure: { reason: 'token_unknown' },
    })
    const expires_at = NOW + 3_000 + accessTokenTtlSeconds + clockSkewSeconds
    expect(storage.all(unsent)).toMatchObject([{ grant_id: 'grant', expires_at }])
  })

  test.each([
    ['client_mismatch', { client_id: 'other' }],
    ['redirect_uri_mismatch', { redirect_uri: 'https://app.example/other' }],
    ['verifier_mismatch', { code_challenge: 'another' }],
  ])('presented with a wrong binding (%s) is not spent', (reason, flaw) => {
    const { ledger } = ledgerAfter('authorize')
    expect(ledger.redeemCode({ ...redemption, ...flaw }, NOW * MS)).toEqual({
      ok: false,
      failure: { reason },
    })
    expect(ledger.redeemCode(redemption, NOW * MS)).toMatchObject({ ok: true })
  })

  /** A code in a log or a Referer header must not be a way to sign somebody out. */
  test.each([
    { client_id: 'other' },
    { redirect_uri: 'https://app.example/other' },
    { code_challenge: 'another' },
  ])('spent, and presented with a wrong binding (%o), ends nothing', (flaw) => {
    const { ledger, storage } = ledgerAfter('authorize', 'redeem')
    expect(ledger.redeemCode({ ...redemption, ...flaw }, NOW * MS)).toMatchObject({ ok: false })
    expect(storage.all(unsent)).toEqual([])
    expect(ledger.refresh(refreshOf('first', 'next'), NOW * MS)).toMatchObject({ ok: true })
  })

  test('expires after 60 seconds and leaves no refresh token', () => {
    const { ledger, storage } = ledgerAfter('authorize')
    expect(ledger.redeemCode(redemption, (NOW + 60) * MS)).toEqual({
      ok: false,
      failure: { reason: 'code_expired' },
    })
    expect(storage.all('SELECT * FROM refresh_tokens')).toEqual([])
    expect(ledgerAfter('authorize').ledger.redeemCode(redemption, (NOW + 59) * MS)).toMatchObject({
      ok: true,
    })
  })

  test('does not work when its grant was ended before', () => {
    const { storage, ledger } = ledgerAfter('authorize')
    storage.sql.exec('UPDATE grants SET ended_at = ?', NOW)
    expect(ledger.redeemCode(redemption, NOW * MS)).toEqual({ ok: false, failure: { reason: 'grant_ended' } })
  })

  test('without a refresh token, its grant is kept as long as the access token may live', () => {
    const { ledger } = ledgerAfter('authorize')
    const expires_at = NOW + 10 + accessTokenTtlSeconds + clockSkewSeconds
    expect(ledger.redeemCode({ ...redemption, refresh: null }, (NOW + 10) * MS)).toMatchObject({
      value: { expires_at },
    })
  })

  test('that was never issued is unknown', () => {
    expect(ledgerAfter().ledger.redeemCode(redemption, NOW * MS)).toEqual({
      ok: false,
      failure: { reason: 'code_unknown' },
    })
  })
})

describe('authorize', () => {
  /** A deployment cuts calls off after they were committed; the caller then asks again. */
  test('the same command again issues nothing new and does not revive a spent code', () => {
    const { ledger, storage } = ledgerAfter('authorize', 'redeem')
    expect(ledger.authorize(authorization, (NOW + 1) * MS)).toEqual({ outcome: 'issued' })
    expect(storage.all('SELECT spent_at FROM codes')).toMatchObject([{ spent_at: NOW }])
    expect(ledger.refresh(refreshOf('first', 'next'), (NOW + 100) * MS)).toMatchObject({ ok: true })
  })
})
