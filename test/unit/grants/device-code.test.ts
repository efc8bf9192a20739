import { beforeEach, describe, expect, test } from 'vitest'

import { GrantsLedger } from '../../../src/grants/grants-ledger.ts'
import { sweep } from '../../../src/grants/ledger-sweep.ts'
import { NodeStorage } from '../../support/grants/node-storage.ts'

const NOW = 1_800_000_000
const MS = NOW * 1000

const approval = {
  grant_id: 'grant',
  device_digest: 'device',
  expires_at: NOW + 600,
  bindings: {
    client_id: 'tv',
    account_id: 'alice',
    sub: 'alice',
    sid: 'sid',
    scope: 'openid read',
    nonce: null,
    auth_time: NOW,
    amr: ['pwd'],
    resource: ['https://api.example'],
    claims: null,
    dpop_jkt: 'key',
  },
} as const

const redemption = {
  device_digest: 'device',
  client_id: 'tv',
  dpop_jkt: 'key',
  resource: null,
  refresh: { digest: 'refresh', dpop_jkt: 'key' },
} as const

const refused = (reason: string) => ({ ok: false, failure: { reason } })

let storage = new NodeStorage()
let ledger = new GrantsLedger(storage)

beforeEach(() => {
  storage = new NodeStorage()
  ledger = new GrantsLedger(storage)
  ledger.approveDevice(approval, MS)
})

describe('an approved device code', () => {
  test('is redeemed once, for the grant that was approved, and then lives as long as any', () => {
    const first = ledger.redeemDeviceCode(redemption, MS)
    expect(first).toMatchObject({ ok: true, value: { account_id: 'alice', scope: 'openid read' } })
    expect(ledger.redeemDeviceCode(redemption, MS)).toEqual(refused('device_code_spent'))
    expect(ledger.inspectRefreshToken('refresh', MS)).toMatchObject({ grant: { grant_id: 'grant' } })
  })

  test.each([
    [{ client_id: 'other' }, 'client_mismatch'],
    [{ dpop_jkt: null }, 'proof_key_mismatch'],
    [{ dpop_jkt: 'another key' }, 'proof_key_mismatch'],
    [{ resource: ['https://other.example'] }, 'resource_exceeded'],
    [{ device_digest: 'unknown' }, 'device_code_unknown'],
  ])('is refused with %j, and spends nothing by that', (flaw, reason) => {
    expect(ledger.redeemDeviceCode({ ...redemption, ...flaw }, MS)).toEqual(refused(reason))
    expect(ledger.redeemDeviceCode(redemption, MS)).toMatchObject({ ok: true })
  })

  test('expires when the device was told', () => {
    expect(ledger.redeemDeviceCode(redemption, MS + 599_999)).toMatchObject({ ok: true })
    storage.clear()
    ledger.approveDevice(approval, MS)
    expect(ledger.redeemDeviceCode(redemption, MS + 600_000)).toEqual(refused('device_code_expired'))
  })

  test('approved again by the same call is the same grant', () => {
    ledger.approveDevice(approval, MS + 5_000)
    expect(storage.all('SELECT grant_id FROM grants')).toHaveLength(1)
    expect(ledger.redeemDeviceCode(redemption, MS + 6_000)).toMatchObject({
      ok: true,
      value: { created_at: NOW },
    })
  })

  test('gives nothing after its grant was ended with the session', () => {
    ledger.endSession('sid', MS)
    expect(ledger.redeemDeviceCode(redemption, MS)).toEqual(refused('grant_ended'))
  })

  test('goes with its grant when that is swept', () => {
    sweep(storage, NOW + 600)
    expect(storage.all('SELECT digest FROM device_codes')).toEqual([])
  })
})
