import { describe, expect, test } from 'vitest'

import { authorization, ledgerAfter, NOW, refreshOf } from './ledger.ts'

const MULTI_FACTOR = 'urn:gatewright:acr:multi-factor'

describe('grants below a level', () => {
  test('end, and those at the level go on', () => {
    const { ledger } = ledgerAfter('authorize', 'redeem')
    const bindings = { ...authorization.bindings, amr: ['pwd', 'otp', 'mfa'] }
    ledger.authorize({ ...authorization, grant_id: 'strong', code_digest: 'c2', bindings }, NOW * 1000)
    expect(ledger.endGrantsBelow(MULTI_FACTOR, NOW * 1000)).toEqual(['grant'])
    expect(ledger.refresh(refreshOf('first', 'next'), NOW * 1000)).toMatchObject({
      failure: { reason: 'grant_ended' },
    })
    expect(ledger.isGrantAlive('strong', NOW * 1000)).toBe(true)
  })

  test('end once: a repeated call ends nothing more, and what was allowed is remembered', () => {
    const { ledger, storage } = ledgerAfter('authorize', 'redeem')
    ledger.endGrantsBelow(MULTI_FACTOR, NOW * 1000)
    expect(ledger.endGrantsBelow(MULTI_FACTOR, NOW * 1000)).toEqual([])
    expect(storage.all('SELECT client_id FROM consents')).toEqual([{ client_id: 'spa' }])
  })

  test('are none where one factor is all that is asked for', () => {
    const { ledger } = ledgerAfter('authorize', 'redeem')
    expect(ledger.endGrantsBelow('urn:gatewright:acr:single-factor', NOW * 1000)).toEqual([])
  })
})
