import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const totpFactors = sqliteTable('totp_factors', {
  account_id: text().primaryKey(),
  factor_id: text().notNull(),
  secret_sealed: text().notNull(),
  last_step: integer().notNull(),
  created_at: integer().notNull(),
})

export const passkeys = sqliteTable('passkeys', {
  credential_id: text().primaryKey(),
  account_id: text().notNull(),
  name: text().notNull(),
  public_key: text().notNull(),
  counter: integer().notNull(),
  created_at: integer().notNull(),
  used_at: integer(),
})

export const recoveryCodes = sqliteTable('recovery_codes', {
  code_digest: text().primaryKey(),
  account_id: text().notNull(),
  created_at: integer().notNull(),
})

export const answeredChallenges = sqliteTable('answered_challenges', {
  challenge_digest: text().primaryKey(),
  expires_at: integer().notNull(),
})

export const pendingSignIns = sqliteTable('pending_sign_ins', {
  pending_digest: text().primaryKey(),
  account_id: text().notNull(),
  amr: text().notNull(),
  browser_digest: text().notNull(),
  password_digest: text().notNull(),
  tries: integer().notNull(),
  created_at: integer().notNull(),
  expires_at: integer().notNull(),
})
