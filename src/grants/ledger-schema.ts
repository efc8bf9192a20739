import { assert } from '../platform/assert.ts'
import { integer } from './ledger-row.ts'
import type { LedgerStorage } from './ledger-tables.ts'

/**
 * Every version of the schema as the statements that lead to it. Objects live for years and wake at different versions, so
 * a version that was released never changes; the next one is added behind it.
 *
 * No table has an index beside its key: what is looked up is a digest or an identifier, and only the sweep reads
 * whole tables, at most once an hour, while an index would be written at each refresh.
 */
const VERSIONS: readonly (readonly string[])[] = [
  [
    `CREATE TABLE grants (
      grant_id TEXT PRIMARY KEY,
      client_id TEXT NOT NULL,
      account_id TEXT NOT NULL,
      sid TEXT NOT NULL,
      scope TEXT NOT NULL,
      nonce TEXT,
      auth_time INTEGER NOT NULL,
      amr TEXT NOT NULL,
      resource TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      ended_at INTEGER
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE codes (
      digest TEXT PRIMARY KEY,
      grant_id TEXT NOT NULL,
      redirect_uri TEXT NOT NULL,
      code_challenge TEXT NOT NULL,
      issued_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      spent_at INTEGER
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE refresh_tokens (
      digest TEXT PRIMARY KEY,
      grant_id TEXT NOT NULL,
      issued_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      spent_at INTEGER,
      rotations INTEGER NOT NULL,
      successor_digest TEXT,
      successor_sealed TEXT
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE consents (
      client_id TEXT NOT NULL,
      resource TEXT NOT NULL,
      scope TEXT NOT NULL,
      given_at INTEGER NOT NULL,
      PRIMARY KEY (client_id, resource)
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE unsent_revocations (
      grant_id TEXT PRIMARY KEY,
      expires_at INTEGER NOT NULL,
      tries INTEGER NOT NULL,
      due_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
  ],
  [
    // Grants of the first version were told to clients by the account's own identifier.
    `ALTER TABLE grants ADD COLUMN sub TEXT NOT NULL DEFAULT ''`,
    `UPDATE grants SET sub = account_id`,
    `ALTER TABLE grants ADD COLUMN claims TEXT`,
    `ALTER TABLE codes ADD COLUMN dpop_jkt TEXT`,
    `ALTER TABLE refresh_tokens ADD COLUMN dpop_jkt TEXT`,
  ],
  [
    `CREATE TABLE participants (
      sid TEXT NOT NULL,
      client_id TEXT NOT NULL,
      sub TEXT NOT NULL,
      expires_at INTEGER NOT NULL,
      PRIMARY KEY (sid, client_id)
    ) STRICT, WITHOUT ROWID`,
  ],
  [
    `CREATE TABLE device_codes (
      digest TEXT PRIMARY KEY,
      grant_id TEXT NOT NULL,
      dpop_jkt TEXT,
      issued_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      spent_at INTEGER
    ) STRICT, WITHOUT ROWID`,
  ],
  [
    // A column cannot be freed of NOT NULL, so the table is written anew.
    `CREATE TABLE codes_without_not_null (
      digest TEXT PRIMARY KEY,
      grant_id TEXT NOT NULL,
      redirect_uri TEXT NOT NULL,
      code_challenge TEXT,
      dpop_jkt TEXT,
      issued_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      spent_at INTEGER
    ) STRICT, WITHOUT ROWID`,
    `INSERT INTO codes_without_not_null
     SELECT digest, grant_id, redirect_uri, code_challenge, dpop_jkt, issued_at, expires_at, spent_at FROM codes`,
    `DROP TABLE codes`,
    `ALTER TABLE codes_without_not_null RENAME TO codes`,
  ],
]

/** The tables of one account's grants. */
export function migrate(storage: LedgerStorage): void {
  migrateTo(VERSIONS, storage)
}

/** Brings the tables of one object to the newest version; when they are there it only reads. */
export function migrateTo(versions: readonly (readonly string[])[], storage: LedgerStorage): void {
  storage.transactionSync(() => {
    const { sql } = storage
    sql.exec('CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL) STRICT')
    const row = sql.exec('SELECT version FROM schema_version').toArray()[0]
    const version = row === undefined ? 0 : integer(row, 'version')
    assert(version <= versions.length, `schema no newer than the program, got version ${version}`)
    if (version === versions.length) return
    for (const statement of versions.slice(version).flat()) sql.exec(statement)
    sql.exec('DELETE FROM schema_version')
    sql.exec('INSERT INTO schema_version (version) VALUES (?)', versions.length)
  })
}
