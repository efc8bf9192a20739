import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const plans = sqliteTable('plans', {
  name: text().primaryKey(),
  requests_per_second: integer().notNull(),
  token_requests_per_minute: integer().notNull(),
})

export const snapshots = sqliteTable('snapshots', {
  version: integer().primaryKey(),
  document: text().notNull(),
  created_at: integer().notNull(),
})
