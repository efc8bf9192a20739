import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const mailbox = sqliteTable('mailbox', {
  seq: integer().primaryKey({ autoIncrement: true }),
  recipient: text().notNull(),
  subject: text().notNull(),
  body: text().notNull(),
  sent_at: integer().notNull(),
})
