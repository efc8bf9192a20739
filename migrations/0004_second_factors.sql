-- Authenticator apps, one for each account. `secret_sealed` is AES-256-GCM under a key derived from GATEWRIGHT_SECRET and
-- tied to its account and factor. `last_step` is the newest time step whose code was used: no code counts twice. A row
-- is there only once a code has confirmed it.
CREATE TABLE totp_factors (
  account_id TEXT PRIMARY KEY REFERENCES accounts (account_id) ON DELETE CASCADE,
  factor_id TEXT NOT NULL UNIQUE,
  secret_sealed TEXT NOT NULL,
  last_step INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

-- Passkeys. `public_key` is a COSE key in base64url; `counter` is the newest that its authenticator has told.
CREATE TABLE passkeys (
  credential_id TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  public_key TEXT NOT NULL,
  counter INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX passkeys_by_account ON passkeys (account_id, created_at);

-- Recovery codes that have not been used, by digest.
CREATE TABLE recovery_codes (
  code_digest TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id);

-- Challenges that a passkey has answered, until they have expired by themselves.
CREATE TABLE answered_challenges (
  challenge_digest TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX answered_challenges_by_expiry ON answered_challenges (expires_at);

-- Sign-ins that wait for a second factor, by digest of their cookie. `browser_digest` is of the browser's form cookie,
-- `password_digest` of the stored hash that was right: a new password ends what was begun with the old one.
CREATE TABLE pending_sign_ins (
  pending_digest TEXT PRIMARY KEY,
  account_id TEXT NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
  amr TEXT NOT NULL,
  browser_digest TEXT NOT NULL,
  password_digest TEXT NOT NULL,
  tries INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pending_sign_ins_by_account ON pending_sign_ins (account_id);
CREATE INDEX pending_sign_ins_by_expiry ON pending_sign_ins (expires_at);
