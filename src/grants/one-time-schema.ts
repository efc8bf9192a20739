/**
 * The tables of a one-time object, as versions like those of the grants: one that was released never changes.
 *
 * Nothing is in clear that somebody could present: identifiers, request handles, device codes are kept as digests, and a
 * user code, which is short enough to be tried out, as a MAC.
 */
export const oneTimeVersions: readonly (readonly string[])[] = [
  [
    `CREATE TABLE used_ids (
      digest TEXT PRIMARY KEY,
      spent_by TEXT NOT NULL,
      spent_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE pushed_requests (
      digest TEXT PRIMARY KEY,
      client_id TEXT NOT NULL,
      parameters TEXT NOT NULL,
      dpop_jkt TEXT,
      issued_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      opened_at INTEGER,
      spent_at INTEGER,
      spent_by TEXT
    ) STRICT, WITHOUT ROWID`,
    `CREATE TABLE device_authorizations (
      digest TEXT PRIMARY KEY,
      device_digest TEXT NOT NULL UNIQUE,
      client_id TEXT NOT NULL,
      dpop_jkt TEXT,
      grant_id TEXT NOT NULL,
      scope TEXT NOT NULL,
      resource TEXT NOT NULL,
      issued_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      spent_at INTEGER,
      outcome TEXT,
      vault_id TEXT,
      interval INTEGER NOT NULL,
      polled_at INTEGER
    ) STRICT, WITHOUT ROWID`,
  ],
]
