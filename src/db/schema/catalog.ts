import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'

export const upstreams = sqliteTable('upstreams', {
  name: text().primaryKey(),
  origin: text().notNull(),
  timeout_ms: integer().notNull(),
})

export const routes = sqliteTable('routes', {
  route_id: text().primaryKey(),
  method: text().notNull(),
  path: text().notNull(),
  definition: text().notNull(),
})

export const trustedIssuers = sqliteTable('trusted_issuers', {
  issuer: text().primaryKey(),
  definition: text().notNull(),
})

export const plans = sqliteTable('plans', {
  name: text().primaryKey(),
  requests_per_second: integer().notNull(),
  token_requests_per_minute: integer().notNull(),
})

export const snapshots = sqliteTable('snapshots', {
  version: integer().primaryKey({ autoIncrement: true }),
  document: text().notNull(),
  created_at: integer().notNull(),
})
