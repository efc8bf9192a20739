-- What lets a client read, change and remove its own registration (RFC 7592). Clients that were registered before, or that
-- an operator wrote by hand, have none, and only an operator changes them.
ALTER TABLE clients ADD COLUMN registration_token_digest TEXT;
