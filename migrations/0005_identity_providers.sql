-- Other OpenID providers that people may sign in through. The secret is sealed for its row.
CREATE TABLE identity_providers (
  provider_id TEXT PRIMARY KEY,
  issuer TEXT NOT NULL UNIQUE,
  client_id TEXT NOT NULL,
  client_secret_sealed TEXT NOT NULL,
  display_name TEXT NOT NULL,
  scope TEXT NOT NULL,
  makes_accounts INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT;

-- Who somebody is at such a provider. One person there is one account here, and an account may have several.
CREATE TABLE provider_identities (
  issuer TEXT NOT NULL,
  sub TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
  linked_at INTEGER NOT NULL,
  PRIMARY KEY (issuer, sub)
) STRICT;
CREATE INDEX provider_identities_by_account ON provider_identities (account_id);

-- Sign-ins that are on their way to a provider and back; each is used once, by the browser that began it.
CREATE TABLE pending_logins (
  state_digest TEXT PRIMARY KEY,
  provider_id TEXT NOT NULL,
  checks_sealed TEXT NOT NULL,
  browser_digest TEXT NOT NULL,
  return_path TEXT NOT NULL,
  link_to TEXT,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX pending_logins_by_expiry ON pending_logins (expires_at);
