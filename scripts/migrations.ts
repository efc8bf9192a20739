import type { Miniflare } from 'miniflare'

import { ok, fail, type Result } from '../src/platform/result.ts'
import type { Migration } from './bundle.ts'

export type Database = Awaited<ReturnType<Miniflare['getD1Database']>>

export interface MigrationFailure {
  readonly reason: 'migration_failed'
  readonly name: string
  readonly cause: string
}

/** The table that `wrangler d1 migrations apply` keeps, so that either tool sees what the other has applied. */
const ledger = `CREATE TABLE IF NOT EXISTS d1_migrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT UNIQUE,
  applied_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP NOT NULL
)`

/** Applies what is missing, each migration with its ledger entry in one batch; answers how many there were. */
export async function applyMigrations(
  database: Database,
  migrations: readonly Migration[],
): Promise<Result<number, MigrationFailure>> {
  await database.prepare(ledger).run()
  const { results } = await database.prepare('SELECT name FROM d1_migrations').all<{ name: string }>()
  const applied = new Set(results.map((row) => row.name))
  const missing = migrations.filter((migration) => !applied.has(migration.name))
  for (const { name, queries } of missing) {
    const record = database.prepare('INSERT INTO d1_migrations (name) VALUES (?)').bind(name)
    try {
      await database.batch([...queries.map((query) => database.prepare(query)), record])
    } catch (error) {
      return fail({
        reason: 'migration_failed',
        name,
        cause: error instanceof Error ? error.message : String(error),
      })
    }
  }
  return ok(missing.length)
}
