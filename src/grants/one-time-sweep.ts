import { integerOrNull } from './ledger-row.ts'
import type { LedgerStorage } from './ledger-tables.ts'

const TABLES = ['used_ids', 'pushed_requests', 'device_authorizations'] as const

/** Deletes what has expired: by then all of it is refused, whether it is still known or not. */
export function sweepOneTime(storage: LedgerStorage, now: number): void {
  storage.transactionSync(() => {
    for (const table of TABLES) storage.sql.exec(`DELETE FROM ${table} WHERE expires_at <= ?`, now)
  })
}

/** The instant from which a sweep would find something, or null if there is nothing to wait for. */
export function nextOneTimeSweepDue(storage: LedgerStorage): number | null {
  const instants = TABLES.flatMap((table) => {
    const row = storage.sql.exec(`SELECT MIN(expires_at) AS due_at FROM ${table}`).toArray()[0]
    const due_at = row === undefined ? null : integerOrNull(row, 'due_at')
    return due_at === null ? [] : [due_at]
  })
  return instants.length === 0 ? null : Math.min(...instants)
}
