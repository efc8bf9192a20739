import { describe, expect, test } from 'vitest'

import { disconnect, listConnections } from '../../../src/grants/connection.ts'
import { authorization, ledgerAfter, NOW, redemption } from './ledger.ts'

const LATER = NOW + 10

/** Somebody who has allowed `spa` twice, for different things, and `other` once. */
function connected() {
  const { ledger, storage } = ledgerAfter('authorize', 'redeem')
  const again = { ...authorization.bindings, scope: 'openid write', resource: [] }
  ledger.authorize(
    { ...authorization, grant_id: 'second', code_digest: 'second', bindings: again },
    LATER * 1000,
  )
  const bindings = { ...authorization.bindings, client_id: 'other' }
  ledger.authorize({ ...authorization, grant_id: 'third', code_digest: 'third', bindings }, LATER * 1000)
  return { ledger, storage }
}

describe('the connections of an account', () => {
  test('name each client once, with all that it may do and since when', () => {
    expect(connected().ledger.listConnections(LATER * 1000)).toEqual([
      {
        client_id: 'spa',
        scope: ['openid', 'read', 'write'],
        resource: ['https://api.example'],
        connected_at: NOW,
      },
      {
        client_id: 'other',
        scope: ['openid', 'read'],
        resource: ['https://api.example'],
        connected_at: LATER,
      },
    ])
  })

  test('hold clients that would not be asked about, although no grant of theirs is left', () => {
    const { ledger } = ledgerAfter('authorize')
    expect(ledger.listConnections((NOW + 3_600) * 1000)).toMatchObject([{ client_id: 'spa' }])
  })

  test('hold clients that never had to ask, for as long as their grant lives', () => {
    const { ledger } = ledgerAfter()
    ledger.authorize({ ...authorization, consent: 'waived' }, NOW * 1000)
    expect(ledger.listConnections(NOW * 1000)).toMatchObject([{ client_id: 'spa' }])
    expect(ledger.listConnections((NOW + 60) * 1000)).toEqual([])
  })
})

describe('disconnecting a client', () => {
  test('ends all of its grants and none of another’s, and it must ask again', () => {
    const { ledger, storage } = connected()
    expect(ledger.disconnect('spa', LATER * 1000).toSorted()).toEqual(['grant', 'second'])
    expect(ledger.listConnections(LATER * 1000)).toMatchObject([{ client_id: 'other' }])
    expect(storage.all('SELECT grant_id FROM unsent_revocations ORDER BY grant_id')).toEqual([
      { grant_id: 'grant' },
      { grant_id: 'second' },
    ])
    const asked = { ...authorization, grant_id: 'new', code_digest: 'new', consent: 'remembered' } as const
    expect(ledger.authorize(asked, LATER * 1000)).toEqual({ outcome: 'consent_required' })
  })

  test('makes a code that was not redeemed yet worth nothing', () => {
    const { ledger } = ledgerAfter('authorize')
    ledger.disconnect('spa', NOW * 1000)
    expect(ledger.redeemCode(redemption, NOW * 1000)).toEqual({
      ok: false,
      failure: { reason: 'grant_ended' },
    })
  })

  test('a second time changes nothing', () => {
    const { ledger, storage } = connected()
    ledger.disconnect('spa', LATER * 1000)
    const before = storage.all('SELECT * FROM grants')
    expect(ledger.disconnect('spa', (LATER + 5) * 1000)).toEqual([])
    expect(storage.all('SELECT * FROM grants')).toEqual(before)
  })
})

test('nothing is held, nothing is listed or ended', () => {
  const nothing = { grants: [], consents: [] }
  expect(listConnections(nothing, NOW)).toEqual([])
  expect(disconnect(nothing, NOW)).toEqual({ answer: [], changes: [] })
})
