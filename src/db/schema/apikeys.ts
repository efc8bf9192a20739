import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const apiKeys = sqliteTable('api_keys', {
  key_id: text().primaryKey(),
  secret_digest: text().notNull(),
  environment: text({ enum: ['live', 'test'] }).notNull(),
  name: text().notNull(),
  client_id: text().notNull(),
  scope: text().notNull(),
  plan: text(),
  created_at: integer().notNull(),
  expires_at: integer(),
  revoked_at: integer(),
})
