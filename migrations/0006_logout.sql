-- Back-channel logout: clients that have yet to hear that a session has ended. Written in one batch with the end of the
-- session, removed when the client has heard it, when it refused it, or when the tries are used up.
CREATE TABLE logout_notices (
  notice_id TEXT PRIMARY KEY,
  client_id TEXT NOT NULL,
  sub TEXT NOT NULL,
  sid TEXT NOT NULL,
  ended_at INTEGER NOT NULL,
  tries INTEGER NOT NULL,
  due_at INTEGER NOT NULL
) STRICT;
CREATE INDEX logout_notices_by_due ON logout_notices (due_at);
