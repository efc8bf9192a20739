import { DrizzleQueryError } from 'drizzle-orm'
import { drizzle, type DrizzleD1Database } from 'drizzle-orm/d1'

/** Typed queries over D1. Only `*.store.ts` files hold one. */
export type Db = DrizzleD1Database

export function openDb(database: D1Database): Db {
  return drizzle(database)
}

/** Whether an error is D1's: it could not be reached, or did not do what it was asked. */
export function isDatabaseFailure(error: Error): boolean {
  if (error instanceof DrizzleQueryError) return true
  return (
    error.message.startsWith('D1_') || (error.cause instanceof Error && error.cause.message.startsWith('D1_'))
  )
}
