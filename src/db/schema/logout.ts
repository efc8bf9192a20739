import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const logoutNotices = sqliteTable('logout_notices', {
  notice_id: text().primaryKey(),
  client_id: text().notNull(),
  sub: text().notNull(),
  sid: text().notNull(),
  ended_at: integer().notNull(),
  tries: integer().notNull(),
  due_at: integer().notNull(),
})
