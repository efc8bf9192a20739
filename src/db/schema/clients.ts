import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const clients = sqliteTable('clients', {
  client_id: text().primaryKey(),
  client_secret_digest: text(),
  metadata: text().notNull(),
  first_party: integer({ mode: 'boolean' }).notNull(),
  plan: text(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
  registration_token_digest: text(),
})
