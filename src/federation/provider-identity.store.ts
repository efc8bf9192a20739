import { and, eq } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { providerIdentities } from '../db/schema/federation.ts'
import type { ProviderIdentity } from './identity-provider.ts'

type IdentityName = Pick<ProviderIdentity, 'issuer' | 'sub'>

/** Which account somebody at a provider has here. */
export function providerIdentityStore(db: Db) {
  return {
    async findAccount(identity: IdentityName): Promise<string | undefined> {
      const row = await db.select().from(providerIdentities).where(isThis(identity)).get()
      return row?.account_id
    },

    /** Links an identity to an account, unless it is linked already; in one statement, so that the first of two holds. */
    async link({ issuer, sub }: IdentityName, account_id: string, now: number): Promise<boolean> {
      const added = await db
        .insert(providerIdentities)
        .values({ issuer, sub, account_id, linked_at: now })
        .onConflictDoNothing()
        .returning({ sub: providerIdentities.sub })
      return added.length > 0
    },

    async listOf(account_id: string) {
      return db.select().from(providerIdentities).where(eq(providerIdentities.account_id, account_id))
    },

    /** Ends the link of one's own account only. */
    async unlink(issuer: string, account_id: string): Promise<boolean> {
      const removed = await db
        .delete(providerIdentities)
        .where(and(eq(providerIdentities.issuer, issuer), eq(providerIdentities.account_id, account_id)))
        .returning({ sub: providerIdentities.sub })
      return removed.length > 0
    },
  }
}

function isThis({ issuer, sub }: IdentityName) {
  return and(eq(providerIdentities.issuer, issuer), eq(providerIdentities.sub, sub))
}
