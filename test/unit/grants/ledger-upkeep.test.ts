import { describe, expect, test } from 'vitest'

import { GrantsLedger } from '../../../src/grants/grants-ledger.ts'
import { nextSweepDue, sweep } from '../../../src/grants/ledger-sweep.ts'
import {
  confirmRevocation,
  nextRevocationDue,
  takeDueRevocations,
} from '../../../src/grants/revocation-outbox.ts'
import {
  accessTokenTtlSeconds,
  grantTtlSeconds,
  revocationRetryMaxSeconds,
  revocationsSentMax,
  sessionTtlSeconds,
} from '../../../src/platform/bounds.ts'
import { ledgerAfter, NOW, redemption, refreshOf } from './ledger.ts'

const MS = 1000

describe('the tables', () => {
  test('are made once: an object that wakes again finds what it wrote', () => {
    const { storage } = ledgerAfter('authorize')
    const woken = new GrantsLedger(storage)
    expect(woken.redeemCode(redemption, NOW * MS)).toMatchObject({ ok: true })
    expect(storage.all('SELECT version FROM schema_version')).toMatchObject([{ version: 5 }])
  })

  /** After a roll-back of a deployment, an older program must not write what it does not understand. */
  test('of a later version are not touched', () => {
    const { storage } = ledgerAfter('authorize')
    storage.sql.exec('UPDATE schema_version SET version = 99')
    expect(() => new GrantsLedger(storage)).toThrow('schema no newer than the program, got version 99')
  })
})

describe('sweep', () => {
  const counts =
    'SELECT (SELECT COUNT(*) FROM grants) AS grants, (SELECT COUNT(*) FROM codes) AS codes, (SELECT COUNT(*) FROM refresh_tokens) AS tokens'

  test('a code that nobody redeemed goes with its grant when it has expired, and not before', () => {
    const { storage } = ledgerAfter('authorize')
    expect(nextSweepDue(storage)).toBe(NOW + 60)
    sweep(storage, NOW + 59)
    expect(storage.all(counts)).toMatchObject([{ grants: 1, codes: 1 }])
    sweep(storage, NOW + 60)
    expect(storage.all(counts)).toMatchObject([{ grants: 0, codes: 0 }])
  })

  test('who took part in a session is known until the session is over by itself', () => {
    const { storage } = ledgerAfter('authorize')
    const over_at = NOW - 5 + sessionTtlSeconds
    sweep(storage, over_at - 1)
    expect(storage.all('SELECT client_id FROM participants')).toEqual([{ client_id: 'spa' }])
    expect(nextSweepDue(storage)).toBe(over_at)
    sweep(storage, over_at)
    expect(nextSweepDue(storage)).toBeNull()
  })

  /** Without them a replay would be nonsense that ends nothing. */
  test('spent codes and tokens stay as long as their grant', () => {
    const { storage, ledger } = ledgerAfter('authorize', 'redeem')
    ledger.refresh(refreshOf('first', 'second'), NOW * MS)
    sweep(storage, NOW + grantTtlSeconds - 1)
    expect(storage.all(counts)).toMatchObject([{ grants: 1, codes: 1, tokens: 2 }])
    sweep(storage, NOW + grantTtlSeconds)
    expect(storage.all(counts)).toMatchObject([{ grants: 0, codes: 0, tokens: 0 }])
  })

  test('a grant that ended is remembered while its access tokens may be presented', () => {
    const { storage, ledger } = ledgerAfter('authorize', 'redeem')
    ledger.revokeRefreshToken({ token_digest: 'first', client_id: 'spa' }, NOW * MS)
    expect(nextSweepDue(storage)).toBe(NOW + accessTokenTtlSeconds)
    sweep(storage, NOW + accessTokenTtlSeconds - 1)
    expect(storage.all(counts)).toMatchObject([{ grants: 1, tokens: 1 }])
    sweep(storage, NOW + accessTokenTtlSeconds)
    expect(storage.all(counts)).toMatchObject([{ grants: 0, tokens: 0 }])
  })
})

describe('the revocations that D1 has not confirmed', () => {
  function ended() {
    const { storage, ledger } = ledgerAfter('authorize', 'redeem')
    ledger.revokeRefreshToken({ token_digest: 'first', client_id: 'spa' }, NOW * MS)
    return { storage, ledger }
  }

  test('are taken once, and come back later if nobody confirms them', () => {
    const { storage } = ended()
    expect(takeDueRevocations(storage, NOW, null)).toMatchObject([{ grant_id: 'grant' }])
    expect(takeDueRevocations(storage, NOW, null)).toEqual([])
    expect(takeDueRevocations(storage, NOW + 1, null)).toMatchObject([{ grant_id: 'grant' }])
  })

  test('come back after twice the time at each try, up to the bound', () => {
    const { storage } = ended()
    const waits: number[] = []
    for (let now = NOW, tries = 0; tries < 12; tries += 1) {
      takeDueRevocations(storage, now, null)
      const due = nextRevocationDue(storage) ?? 0
      waits.push(due - now)
      now = due
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300])
    expect(waits.at(-1)).toBe(revocationRetryMaxSeconds)
  })

  test('are gone when confirmed, and the grant is not revoked a second time', () => {
    const { storage, ledger } = ended()
    confirmRevocation(storage, 'grant')
    ledger.revokeRefreshToken({ token_digest: 'first', client_id: 'spa' }, NOW * MS)
    expect(nextRevocationDue(storage)).toBeNull()
  })

  test('are taken first when they are new or somebody waits for them, due or not', () => {
    const { storage } = ended()
    const insert = 'INSERT INTO unsent_revocations VALUES (?, ?, 1, ?)'
    for (let id = 0; id < revocationsSentMax; id += 1) storage.sql.exec(insert, `old ${id}`, NOW + 9, NOW - 9)
    storage.sql.exec(insert, 'not due', NOW + 9, NOW + 9)
    const [one, two, ...others] = takeDueRevocations(storage, NOW, 'not due')
    expect(new Set([one?.grant_id, two?.grant_id])).toEqual(new Set(['grant', 'not due']))
    expect([one?.isAwaited, two?.isAwaited, others.some(({ isAwaited }) => isAwaited)]).toEqual([
      true,
      true,
      false,
    ])
  })

  test('are taken so many at once, the longest due first', () => {
    const { storage } = ledgerAfter()
    for (let id = 0; id <= revocationsSentMax; id += 1)
      storage.sql.exec(
        'INSERT INTO unsent_revocations VALUES (?, ?, 0, ?)',
        `grant ${id}`,
        NOW + 9_999,
        NOW - id,
      )
    expect(takeDueRevocations(storage, NOW, null)).toHaveLength(revocationsSentMax)
    expect(takeDueRevocations(storage, NOW, null)).toMatchObject([{ grant_id: 'grant 0' }])
  })
})
