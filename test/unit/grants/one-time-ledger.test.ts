import { beforeEach, describe, expect, test } from 'vitest'

import { OneTimeLedger } from '../../../src/grants/one-time-ledger.ts'
import { NodeStorage } from '../../support/grants/node-storage.ts'

const MS = 1_800_000_000_000
const request = { digest: 'request', client_id: 'app', parameters: { state: 's' }, dpop_jkt: 'key' }
const mine = { digest: 'request', client_id: 'app' }
const device = {
  digest: 'user code',
  device_digest: 'device',
  client_id: 'tv',
  dpop_jkt: null,
  grant_id: 'grant',
  scope: 'read',
  resource: [],
  expires_at: MS / 1000 + 600,
  interval: 5,
}
const poll = { device_digest: 'device', client_id: 'tv', dpop_jkt: null }
const decision = { digest: 'user code', client_id: 'tv' }

let ledger = new OneTimeLedger(new NodeStorage())

beforeEach(() => {
  ledger = new OneTimeLedger(new NodeStorage())
  ledger.pushRequest(request, MS)
  ledger.beginDevice(device, MS)
})

describe('a pushed request', () => {
  test('is found by its client as often as it likes, and spent once', () => {
    const found = { parameters: { state: 's' }, dpop_jkt: 'key' }
    expect(ledger.openRequest(mine, MS)).toEqual(found)
    expect(ledger.openRequest(mine, MS)).toEqual(found)
    expect(ledger.spendRequest({ ...mine, call_id: 'one' }, MS)).toBe(true)
    expect(ledger.spendRequest({ ...mine, call_id: 'two' }, MS)).toBe(false)
    expect(ledger.spendRequest({ ...mine, call_id: 'one' }, MS)).toBe(true)
    expect(ledger.openRequest(mine, MS)).toBeNull()
  })

  test('is nothing to another client, and not spent by it', () => {
    const theirs = { digest: 'request', client_id: 'other' }
    expect(ledger.openRequest(theirs, MS)).toBeNull()
    expect(ledger.spendRequest({ ...theirs, call_id: 'one' }, MS)).toBe(false)
    expect(ledger.spendRequest({ ...mine, call_id: 'one' }, MS)).toBe(true)
  })

  test('waits a minute for the first visit, then ten minutes, however often it is visited', () => {
    expect(ledger.openRequest(mine, MS + 59_999)).not.toBeNull()
    expect(ledger.openRequest(mine, MS + 300_000)).not.toBeNull()
    expect(ledger.openRequest(mine, MS + 658_999)).not.toBeNull()
    expect(ledger.openRequest(mine, MS + 659_000)).toBeNull()
  })

  test('that nobody visits in a minute is over', () => {
    expect(ledger.openRequest(mine, MS + 60_000)).toBeNull()
    expect(ledger.spendRequest({ ...mine, call_id: 'one' }, MS + 60_000)).toBe(false)
  })
})

describe('a device that waits', () => {
  test('has its user code alone', () => {
    expect(ledger.beginDevice(device, MS)).toBe(true)
    expect(ledger.beginDevice({ ...device, device_digest: 'another' }, MS)).toBe(false)
  })

  test('is decided once, and the same decision may be repeated', () => {
    expect(ledger.decideDevice({ ...decision, vault_id: 'alice' }, MS)).toBe(true)
    expect(ledger.decideDevice({ ...decision, vault_id: 'alice' }, MS)).toBe(true)
    expect(ledger.decideDevice({ ...decision, vault_id: 'mallory' }, MS)).toBe(false)
    expect(ledger.decideDevice({ ...decision, vault_id: null }, MS)).toBe(false)
    expect(ledger.inspectDevice('user code', MS)).toBeNull()
    expect(ledger.pollDevice(poll, MS)).toEqual({ state: 'approved', vault_id: 'alice' })
  })

  test('hears nothing while it asks too soon, and the pace grows to its bound', () => {
    expect(ledger.pollDevice(poll, MS).state).toBe('pending')
    for (let turn = 1; turn <= 20; turn += 1)
      expect(ledger.pollDevice(poll, MS + turn * 1000).state).toBe('slow_down')
    expect(ledger.pollDevice(poll, MS + 20_000 + 73_000).state).toBe('slow_down')
    expect(ledger.pollDevice(poll, MS + 20_000 + 73_000 + 74_000).state).toBe('pending')
  })

  test.each([
    [{ device_digest: 'unknown' }, 'unknown'],
    [{ client_id: 'other' }, 'client_mismatch'],
  ])('that polls with %j hears %s, and nobody is slowed down by that', (flaw, state) => {
    expect(ledger.pollDevice({ ...poll, ...flaw }, MS).state).toBe(state)
    expect(ledger.pollDevice(poll, MS).state).toBe('pending')
  })

  test('is refused when it is denied, and when it is too late', () => {
    ledger.decideDevice({ ...decision, vault_id: null }, MS)
    expect(ledger.pollDevice(poll, MS).state).toBe('denied')
    expect(ledger.pollDevice(poll, MS + 600_000).state).toBe('expired')
    expect(ledger.decideDevice({ ...decision, vault_id: 'alice' }, MS + 600_000)).toBe(false)
  })
})
