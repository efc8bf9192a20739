-- Sign-ups that wait for their link to be followed. Nothing of the account exists before that, and nobody's address is
-- taken by somebody else's having typed it. `browser_digest` names the browser that began, which alone is signed in.
CREATE TABLE sign_ups (
  link_digest TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  return_path TEXT NOT NULL,
  browser_digest TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_ups_by_email ON sign_ups (email);
CREATE INDEX sign_ups_by_expiry ON sign_ups (expires_at);

-- Links that were mailed to the address of an account, and what each is for. `email` is the address that it went to:
-- a link does nothing once the account has another.
CREATE TABLE account_links (
  link_digest TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  account_id TEXT NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE,
  email TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX account_links_by_account ON account_links (account_id, purpose);
CREATE INDEX account_links_by_expiry ON account_links (expires_at);

-- Development only: what would have been sent.
CREATE TABLE mailbox (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  recipient TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  sent_at INTEGER NOT NULL
) STRICT;
