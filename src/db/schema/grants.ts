import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const revocations = sqliteTable('revocations', {
  seq: integer().primaryKey({ autoIncrement: true }),
  kind: text({ enum: ['grant', 'token', 'client'] }).notNull(),
  id: text().notNull(),
  expires_at: integer().notNull(),
})
