import { drizzle, type DrizzleD1Database } from 'drizzle-orm/d1'

/** Typed queries over D1. Only `*.store.ts` files hold one. */
export type Db = DrizzleD1Database

export function openDb(database: D1Database): Db {
  return drizzle(database)
}
