import { sql } from 'drizzle-orm'

import type { Db } from './db/client.ts'

export function healthStore(db: Db) {
  return {
    /** Names of the tables that D1 holds now. */
    async tables(): Promise<readonly string[]> {
      const rows = await db.all<{ name: string }>(sql`SELECT name FROM sqlite_master WHERE type = 'table'`)
      return rows.map(({ name }) => name)
    },
  }
}
