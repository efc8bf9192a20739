import { and, eq, gt, inArray } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { signingKeys } from '../db/schema/signing.ts'
import type { SealedSigningKey } from './signing-key.ts'

/** The signing keys in D1, sealed. Every write may be made twice, or by two at once, with the same outcome. */
export function keyRingStore(db: Db) {
  return {
    async list(): Promise<readonly SealedSigningKey[]> {
      return db.select().from(signingKeys).orderBy(signingKeys.alg, signingKeys.generation)
    },

    /** Adds keys whose place in the chain is still free; whoever came second adds nothing. */
    async insert(keys: readonly SealedSigningKey[]): Promise<void> {
      if (keys.length === 0) return
      await db
        .insert(signingKeys)
        .values([...keys])
        .onConflictDoNothing()
    },

    /** Brings a key forward. It never puts one back, so of two commands the earlier instant stays. */
    async activateAt(kid: string, activates_at: number): Promise<void> {
      await db
        .update(signingKeys)
        .set({ activates_at })
        .where(and(eq(signingKeys.kid, kid), gt(signingKeys.activates_at, activates_at)))
    },

    async remove(kids: readonly string[]): Promise<void> {
      if (kids.length === 0) return
      await db.delete(signingKeys).where(inArray(signingKeys.kid, [...kids]))
    },
  }
}
