import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const accounts = sqliteTable('accounts', {
  account_id: text().primaryKey(),
  vault_id: text().notNull(),
  email: text().notNull(),
  email_verified: integer({ mode: 'boolean' }).notNull(),
  password_phc: text().notNull(),
  claims: text().notNull(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
})

export const sessions = sqliteTable('sessions', {
  session_digest: text().primaryKey(),
  sid: text().notNull(),
  account_id: text().notNull(),
  auth_time: integer().notNull(),
  amr: text().notNull(),
  created_at: integer().notNull(),
  expires_at: integer().notNull(),
})

export const signUps = sqliteTable('sign_ups', {
  link_digest: text().primaryKey(),
  email: text().notNull(),
  return_path: text().notNull(),
  browser_digest: text().notNull(),
  created_at: integer().notNull(),
  expires_at: integer().notNull(),
})

export const accountLinks = sqliteTable('account_links', {
  link_digest: text().primaryKey(),
  purpose: text().notNull(),
  account_id: text().notNull(),
  email: text().notNull(),
  created_at: integer().notNull(),
  expires_at: integer().notNull(),
})
