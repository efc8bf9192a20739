import { accessTokenTtlSeconds } from '../platform/bounds.ts'
import { integerOrNull } from './ledger-row.ts'
import type { LedgerStorage } from './ledger-tables.ts'

/**
 * How long an ended grant is remembered: while access tokens of it are still around, people ask why they were refused.
 */
const endedGrantSeconds = accessTokenTtlSeconds

/**
 * Deletes what can no longer make a difference: expired grants, grants that ended a while ago, and all that they issued.
 *
 * Spent codes and tokens stay as long as their grant does, or a replay could not be told from nonsense and would
 * end nothing.
 */
export function sweep(storage: LedgerStorage, now: number): void {
  storage.transactionSync(() => {
    const { sql } = storage
    sql.exec('DELETE FROM grants WHERE expires_at <= ? OR ended_at <= ?', now, now - endedGrantSeconds)
    sql.exec('DELETE FROM codes WHERE grant_id NOT IN (SELECT grant_id FROM grants)')
    sql.exec('DELETE FROM device_codes WHERE grant_id NOT IN (SELECT grant_id FROM grants)')
    sql.exec('DELETE FROM refresh_tokens WHERE grant_id NOT IN (SELECT grant_id FROM grants)')
    sql.exec('DELETE FROM unsent_revocations WHERE expires_at <= ?', now)
    sql.exec('DELETE FROM participants WHERE expires_at <= ?', now)
  })
}

/** The instant from which a sweep would find something, or null if there is nothing to wait for. */
export function nextSweepDue(storage: LedgerStorage): number | null {
  const query = `SELECT MIN(due_at) AS due_at FROM (
    SELECT MIN(expires_at, COALESCE(ended_at + ?, expires_at)) AS due_at FROM grants
    UNION ALL SELECT expires_at FROM participants)`
  const row = storage.sql.exec(query, endedGrantSeconds).toArray()[0]
  return row === undefined ? null : integerOrNull(row, 'due_at')
}
