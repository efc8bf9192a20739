import { and, desc, eq, lt, or, sql } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { apiKeys } from '../db/schema/apikeys.ts'
import { plans } from '../db/schema/catalog.ts'
import { revocations } from '../db/schema/grants.ts'
import type { ApiKey, ApiKeyCursor } from './api-key.contract.ts'

export function apiKeyStore(db: Db) {
  return {
    async insert(key: ApiKey, secret_digest: string): Promise<void> {
      await db.insert(apiKeys).values({ ...key, secret_digest })
    },

    /** Newest first; the cursor is the last one of the page before. */
    async page(after: ApiKeyCursor | undefined, itemsMax: number): Promise<readonly ApiKey[]> {
      const isOlder =
        after &&
        or(
          lt(apiKeys.created_at, after.created_at),
          and(eq(apiKeys.created_at, after.created_at), lt(apiKeys.key_id, after.key_id)),
        )
      return db
        .select(withoutDigest)
        .from(apiKeys)
        .where(isOlder)
        .orderBy(desc(apiKeys.created_at), desc(apiKeys.key_id))
        .limit(itemsMax)
    },

    /**
     * Revokes a key, and in the same batch the tokens that were obtained with it: they carry its id as their grant.
     *
     * Says whether there is such a key. The first revocation stands, so a repeated one is harmless.
     */
    async revoke(key_id: string, revoked_at: number, tokensExpireAt: number): Promise<boolean> {
      const [found] = await db.batch([
        db
          .update(apiKeys)
          .set({ revoked_at: sql`coalesce(${apiKeys.revoked_at}, ${revoked_at})` })
          .where(eq(apiKeys.key_id, key_id))
          .returning({ key_id: apiKeys.key_id }),
        db
          .insert(revocations)
          .select(
            sql`SELECT NULL, 'grant', key_id, ${tokensExpireAt} FROM ${apiKeys} WHERE key_id = ${key_id}`,
          )
          .onConflictDoNothing(),
      ])
      return found.length > 0
    },

    async exists(key_id: string): Promise<boolean> {
      const rows = await db.select({ key_id: apiKeys.key_id }).from(apiKeys).where(eq(apiKeys.key_id, key_id))
      return rows.length > 0
    },

    async planExists(name: string): Promise<boolean> {
      const rows = await db.select({ name: plans.name }).from(plans).where(eq(plans.name, name))
      return rows.length > 0
    },
  }
}

const withoutDigest = {
  key_id: apiKeys.key_id,
  environment: apiKeys.environment,
  name: apiKeys.name,
  client_id: apiKeys.client_id,
  scope: apiKeys.scope,
  plan: apiKeys.plan,
  created_at: apiKeys.created_at,
  expires_at: apiKeys.expires_at,
  revoked_at: apiKeys.revoked_at,
}
