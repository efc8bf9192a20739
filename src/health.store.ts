import { sql } from 'drizzle-orm'

import type { Db } from './db/client.ts'
import { errorText, log } from './platform/log.ts'
import { fail, ok, type Result } from './platform/result.ts'

export function healthStore(db: Db) {
  return {
    /** Names of the tables that D1 holds now. */
    async tables(): Promise<Result<readonly string[], { readonly reason: 'database_unreachable' }>> {
      try {
        const rows = await db.all<{ name: string }>(sql`SELECT name FROM sqlite_master WHERE type = 'table'`)
        return ok(rows.map(({ name }) => name))
      } catch (error) {
        log('error', 'database_unreachable', { error: errorText(error) })
        return fail({ reason: 'database_unreachable' })
      }
    },
  }
}
