-- Signing keys. `private_jwk_sealed` is AES-256-GCM under a key derived from GATEWRIGHT_SECRET, and the public part is
-- read from it too. What a key is now (next, active, retired, expired) follows from the instants of its chain, so no job
-- has to change a state in time. `generation` is its place in the chain: of two simultaneous rotations one does nothing.
CREATE TABLE signing_keys (
  kid TEXT PRIMARY KEY,
  alg TEXT NOT NULL,
  generation INTEGER NOT NULL,
  private_jwk_sealed TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  activates_at INTEGER NOT NULL,
  UNIQUE (alg, generation)
) STRICT;

-- OAuth clients. `metadata` holds the registered metadata of RFC 7591 under its registered names.
CREATE TABLE clients (
  client_id TEXT PRIMARY KEY,
  client_secret_digest TEXT,
  metadata TEXT NOT NULL,
  first_party INTEGER NOT NULL DEFAULT 0,
  plan TEXT,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- People. `account_id` is the `sub`; `vault_id` names the object that holds the account's grants and appears in
-- its tokens, so that a token leads there without a lookup and does not tell whose it is.
CREATE TABLE accounts (
  account_id TEXT PRIMARY KEY,
  vault_id TEXT NOT NULL UNIQUE,
  email TEXT NOT NULL UNIQUE,
  email_verified INTEGER NOT NULL DEFAULT 0,
  password_phc TEXT NOT NULL,
  claims TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  session_digest TEXT PRIMARY KEY,
  sid TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
  auth_time INTEGER NOT NULL,
  amr TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE api_keys (
  key_id TEXT PRIMARY KEY,
  secret_digest TEXT NOT NULL,
  environment TEXT NOT NULL,
  name TEXT NOT NULL,
  client_id TEXT NOT NULL,
  scope TEXT NOT NULL,
  plan TEXT,
  created_at INTEGER NOT NULL,
  expires_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX api_keys_by_age ON api_keys (created_at, key_id);

-- What was revoked while tokens that name it may still be unexpired. Isolates follow `seq`.
CREATE TABLE revocations (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  UNIQUE (kind, id)
) STRICT;
CREATE INDEX revocations_by_expiry ON revocations (expires_at);

-- The catalogue: what is published, and behind which limits. A version is one row with the whole document, so
-- that isolates read it in one piece and an earlier one can be looked at. `plans` repeats its plans for those who
-- look one up by name; both are written in one batch.
CREATE TABLE plans (
  name TEXT PRIMARY KEY,
  requests_per_second INTEGER NOT NULL,
  token_requests_per_minute INTEGER NOT NULL
) STRICT;

CREATE TABLE snapshots (
  version INTEGER PRIMARY KEY,
  document TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
