import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const signingKeys = sqliteTable('signing_keys', {
  kid: text().primaryKey(),
  alg: text({ enum: ['ES256', 'RS256', 'PS256', 'EdDSA'] }).notNull(),
  generation: integer().notNull(),
  private_jwk_sealed: text().notNull(),
  created_at: integer().notNull(),
  activates_at: integer().notNull(),
})
