import { describe, expect, test } from 'vitest'

import { GrantsLedger } from '../../../src/grants/grants-ledger.ts'
import { authorization, ledgerAfter, NOW, refreshOf } from './ledger.ts'

const MS = 1000

/** The session `sid` with the grant of `ledgerAfter`, and one of the same account that was made elsewhere. */
function withAnotherSession(scope: string) {
  const { ledger, storage } = ledgerAfter('authorize', 'redeem')
  const bindings = { ...authorization.bindings, client_id: 'other', sid: 'elsewhere', scope }
  ledger.authorize({ ...authorization, grant_id: 'g2', code_digest: 'c2', bindings }, NOW * MS)
  return { ledger, storage }
}

describe('the end of a session', () => {
  test('ends the grants of its clients, and names those who are to be told', () => {
    const { ledger } = withAnotherSession('openid')
    expect(ledger.endSession('sid', (NOW + 10) * MS)).toEqual({
      participants: [{ client_id: 'spa', sub: 'alice' }],
      grant_ids: ['grant'],
    })
    expect(ledger.refresh(refreshOf('first', 'next'), (NOW + 11) * MS)).toMatchObject({
      failure: { reason: 'grant_ended' },
    })
  })

  test('leaves other sessions of the same person alone', () => {
    const { ledger, storage } = withAnotherSession('openid')
    ledger.endSession('sid', (NOW + 10) * MS)
    expect(storage.all("SELECT ended_at FROM grants WHERE grant_id = 'g2'")).toEqual([{ ended_at: null }])
  })

  /** OpenID Connect Back-Channel Logout 1.0 §2.7. */
  test('leaves what was granted for the time after it', () => {
    const { ledger, storage } = withAnotherSession('openid offline_access')
    expect(ledger.endSession('elsewhere', (NOW + 10) * MS)).toEqual({
      participants: [{ client_id: 'other', sub: 'alice' }],
      grant_ids: [],
    })
    expect(storage.all('SELECT grant_id FROM unsent_revocations')).toEqual([])
  })

  /** The caller writes down whom to tell after this, and may have died before. */
  test('names the same clients when it is asked for again, and ends nothing twice', () => {
    const { ledger, storage } = withAnotherSession('openid')
    ledger.endSession('sid', (NOW + 10) * MS)
    const again = new GrantsLedger(storage).endSession('sid', (NOW + 20) * MS)
    expect(again).toEqual({ participants: [{ client_id: 'spa', sub: 'alice' }], grant_ids: [] })
    expect(storage.all('SELECT grant_id FROM unsent_revocations')).toHaveLength(1)
  })

  test('of a session that nobody knows says nothing', () => {
    expect(ledgerAfter('authorize').ledger.endSession('unknown', NOW * MS)).toEqual({
      participants: [],
      grant_ids: [],
    })
  })
})
