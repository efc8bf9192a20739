import { and, count, eq, lt, notExists, sql } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { passkeys, recoveryCodes, totpFactors } from '../db/schema/factors.ts'
import type { TotpFactor } from './totp.ts'

/**
 * Whether an account of the `accounts` table has a second factor, to be read along with it: whoever reads an account to
 * let somebody in learns in the same query what more has to be asked.
 */
export const hasSecondFactor = sql<boolean>`(
  EXISTS (SELECT 1 FROM totp_factors WHERE totp_factors.account_id = accounts.account_id)
  OR EXISTS (SELECT 1 FROM passkeys WHERE passkeys.account_id = accounts.account_id)
)`.mapWith(Boolean)

/** Authenticator apps and recovery codes in D1; passkeys have a store of their own. */
export function factorStore(db: Db) {
  return {
    async findTotp(account_id: string): Promise<TotpFactor | undefined> {
      return db.select().from(totpFactors).where(eq(totpFactors.account_id, account_id)).get()
    },

    /** Adds an app unless the account has one; in one statement, so that two at once cannot both. */
    async addTotp(factor: TotpFactor): Promise<boolean> {
      const added = await db
        .insert(totpFactors)
        .values(factor)
        .onConflictDoNothing()
        .returning({ factor_id: totpFactors.factor_id })
      return added.length > 0
    },

    /** Uses up a time step and every one before it. Of two who bring the same code, one is told yes (RFC 6238 §5.2). */
    async spendStep({ factor_id }: TotpFactor, step: number): Promise<boolean> {
      const spent = await db
        .update(totpFactors)
        .set({ last_step: step })
        .where(and(eq(totpFactors.factor_id, factor_id), lt(totpFactors.last_step, step)))
        .returning({ last_step: totpFactors.last_step })
      return spent.length > 0
    },

    async removeTotp(account_id: string): Promise<boolean> {
      const [removed] = await db.batch([
        db.delete(totpFactors).where(eq(totpFactors.account_id, account_id)).returning(),
        orphanedCodes(db, account_id),
      ])
      return removed.length > 0
    },

    /** Makes these the account's recovery codes; the ones from before are worth nothing from then on. */
    async replaceRecoveryCodes(
      account_id: string,
      digests: readonly string[],
      created_at: number,
    ): Promise<void> {
      const rows = digests.map((code_digest) => ({ code_digest, account_id, created_at }))
      await db.batch([
        db.delete(recoveryCodes).where(eq(recoveryCodes.account_id, account_id)),
        db.insert(recoveryCodes).values(rows),
      ])
    },

    /** Uses up a recovery code. Of two who bring the same one, one is told yes. */
    async spendRecoveryCode(account_id: string, code_digest: string): Promise<boolean> {
      const isThis = and(eq(recoveryCodes.code_digest, code_digest), eq(recoveryCodes.account_id, account_id))
      const spent = await db.delete(recoveryCodes).where(isThis).returning()
      return spent.length > 0
    },

    async countRecoveryCodes(account_id: string): Promise<number> {
      const row = await db
        .select({ left: count() })
        .from(recoveryCodes)
        .where(eq(recoveryCodes.account_id, account_id))
        .get()
      return row?.left ?? 0
    },
  }
}

/** Removes the recovery codes of an account that has no second factor left for them to stand in for. */
export function orphanedCodes(db: Db, account_id: string) {
  const app = db.select().from(totpFactors).where(eq(totpFactors.account_id, account_id))
  const passkey = db.select().from(passkeys).where(eq(passkeys.account_id, account_id))
  const isOrphan = and(eq(recoveryCodes.account_id, account_id), notExists(app), notExists(passkey))
  return db.delete(recoveryCodes).where(isOrphan)
}
