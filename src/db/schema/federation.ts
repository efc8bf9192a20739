import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const identityProviders = sqliteTable('identity_providers', {
  provider_id: text().primaryKey(),
  issuer: text().notNull(),
  client_id: text().notNull(),
  client_secret_sealed: text().notNull(),
  display_name: text().notNull(),
  scope: text().notNull(),
  makes_accounts: integer({ mode: 'boolean' }).notNull(),
  created_at: integer().notNull(),
  updated_at: integer().notNull(),
})

export const providerIdentities = sqliteTable(
  'provider_identities',
  {
    issuer: text().notNull(),
    sub: text().notNull(),
    account_id: text().notNull(),
    linked_at: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.issuer, table.sub] })],
)

export const pendingLogins = sqliteTable('pending_logins', {
  state_digest: text().primaryKey(),
  provider_id: text().notNull(),
  checks_sealed: text().notNull(),
  browser_digest: text().notNull(),
  return_path: text().notNull(),
  link_to: text(),
  expires_at: integer().notNull(),
})
