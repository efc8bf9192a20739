import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const signingKeys = sqliteTable('signing_keys', {
  kid: text().primaryKey(),
  alg: text().notNull(),
  public_jwk: text().notNull(),
  private_jwk_sealed: text().notNull(),
  created_at: integer().notNull(),
  activates_at: integer().notNull(),
  expires_at: integer(),
})
