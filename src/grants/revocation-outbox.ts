import {
  revocationRetryMaxSeconds,
  revocationRetryMinSeconds,
  revocationsSentMax,
} from '../platform/bounds.ts'
import type { UnsentRevocation } from './decision.ts'
import { integer, integerOrNull, text } from './ledger-row.ts'
import type { LedgerStorage } from './ledger-tables.ts'

export interface DueRevocation extends UnsentRevocation {
  /** Whether the call that takes it must not answer before it was sent. The others were tried before. */
  readonly isAwaited: boolean
}

/**
 * Takes the revocations that are due, and makes each due again later in the same transaction.
 *
 * So a sender that dies, or D1 that does not answer, needs nobody to notice: what was not confirmed comes back. Two
 * senders do not take the same one, and a second row in D1 would say nothing new anyway.
 *
 * Those that somebody waits for come first: new ones, and the one of `grant_id`, due or not.
 */
export function takeDueRevocations(
  storage: LedgerStorage,
  now: number,
  grant_id: string | null,
): readonly DueRevocation[] {
  return storage.transactionSync(() => {
    const { sql } = storage
    const query = `SELECT *, (tries = 0 OR grant_id IS ?1) AS is_awaited FROM unsent_revocations
      WHERE due_at <= ?2 OR grant_id IS ?1 ORDER BY is_awaited DESC, due_at LIMIT ?3`
    return sql
      .exec(query, grant_id, now, revocationsSentMax)
      .toArray()
      .map((row) => {
        const revocation = {
          grant_id: text(row, 'grant_id'),
          expires_at: integer(row, 'expires_at'),
          isAwaited: integer(row, 'is_awaited') === 1,
        }
        const tries = integer(row, 'tries')
        sql.exec(
          'UPDATE unsent_revocations SET tries = ?, due_at = ? WHERE grant_id = ?',
          tries + 1,
          now + retryDelay(tries),
          revocation.grant_id,
        )
        return revocation
      })
  })
}

/** Forgets a revocation that D1 has confirmed. */
export function confirmRevocation(storage: LedgerStorage, grant_id: string): void {
  storage.sql.exec('DELETE FROM unsent_revocations WHERE grant_id = ?', grant_id)
}

/** When the next unconfirmed revocation is to be sent, or null if there is none. */
export function nextRevocationDue(storage: LedgerStorage): number | null {
  const row = storage.sql.exec('SELECT MIN(due_at) AS due_at FROM unsent_revocations').toArray()[0]
  return row === undefined ? null : integerOrNull(row, 'due_at')
}

/** Doubles from one try to the next, so that a D1 in trouble is not asked the harder for it. */
function retryDelay(tries: number): number {
  return Math.min(revocationRetryMinSeconds * 2 ** tries, revocationRetryMaxSeconds)
}
