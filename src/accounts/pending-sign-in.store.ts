import { and, eq, gt, lt, lte, sql } from 'drizzle-orm'
import * as z from 'zod'

import type { Db } from '../db/client.ts'
import { accounts } from '../db/schema/accounts.ts'
import { pendingSignIns } from '../db/schema/factors.ts'
import { epochSeconds } from '../platform/clock.ts'
import { constantTimeEqual, sha256 } from '../platform/digest.ts'
import { pendingSignInTries, pendingSignInTtlSeconds } from '../platform/factor-bounds.ts'
import { randomSecret, type Random } from '../platform/random.ts'
import { Secret } from '../platform/secret.ts'
import type { PendingHolder, PendingSignIn } from './pending-sign-in.ts'

const AmrSchema = z.array(z.string())

/** What a sign-in that has to wait is begun with. */
export interface PendingStart extends PendingSignIn {
  /** The value of the form cookie: another browser cannot go on with it. */
  readonly browser: string
  /** The stored hash as it was read for this sign-in. */
  readonly password_phc: string
}

/** Sign-ins that wait for a second factor, in D1 by digest of their cookie. */
export function pendingSignInStore(db: Db, random: Random) {
  return {
    async begin(start: PendingStart, nowMs: number): Promise<Secret> {
      const cookieValue = new Secret(randomSecret(random))
      const now = epochSeconds(nowMs)
      await db.insert(pendingSignIns).values({
        pending_digest: sha256(cookieValue.reveal()),
        account_id: start.account_id,
        amr: JSON.stringify(start.amr),
        browser_digest: sha256(start.browser),
        password_digest: sha256(start.password_phc),
        tries: 0,
        created_at: now,
        expires_at: now + pendingSignInTtlSeconds,
      })
      return cookieValue
    },

    /** The sign-in that a browser may go on with, and what is known of its person. */
    async find(holder: PendingHolder, nowMs: number): Promise<PendingSignIn | undefined> {
      const row = await db
        .select({ ...columns, password_phc: accounts.password_phc })
        .from(pendingSignIns)
        .innerJoin(accounts, eq(accounts.account_id, pendingSignIns.account_id))
        .where(isOpen(holder, nowMs))
        .get()
      return row && withRightPassword(row)
    },

    /**
     * Counts an answer before it is looked at, or answers undefined: there is nothing to go on with, or all tries are
     * used up. Counted afterwards, a thousand answers sent at once would all be looked at.
     */
    async take(holder: PendingHolder, nowMs: number): Promise<TakenPendingSignIn | undefined> {
      const [row] = await db
        .update(pendingSignIns)
        .set({ tries: sql`tries + 1` })
        .where(isOpen(holder, nowMs))
        .returning({
          ...columns,
          tries: pendingSignIns.tries,
          password_phc: sql<string>`(SELECT password_phc FROM accounts
            WHERE accounts.account_id = pending_sign_ins.account_id)`,
        })
      const pending = row && withRightPassword(row)
      return pending && { ...pending, triesLeft: pendingSignInTries - (row?.tries ?? 0) }
    },

    /** Ends it, and tells one of those who come at the same time that it was they. */
    async finish({ cookieValue }: PendingHolder): Promise<boolean> {
      const isThis = eq(pendingSignIns.pending_digest, sha256(cookieValue.reveal()))
      const ended = await db.delete(pendingSignIns).where(isThis).returning()
      return ended.length > 0
    },

    async sweep(nowMs: number): Promise<void> {
      await db.delete(pendingSignIns).where(lte(pendingSignIns.expires_at, epochSeconds(nowMs)))
    },
  }
}

export interface TakenPendingSignIn extends PendingSignIn {
  /** After this one. */
  readonly triesLeft: number
}

const columns = {
  account_id: pendingSignIns.account_id,
  amr: pendingSignIns.amr,
  password_digest: pendingSignIns.password_digest,
}

interface Row {
  readonly account_id: string
  readonly amr: string
  readonly password_digest: string
  readonly password_phc: string
}

function isOpen({ cookieValue, browser }: PendingHolder, nowMs: number) {
  return and(
    eq(pendingSignIns.pending_digest, sha256(cookieValue.reveal())),
    eq(pendingSignIns.browser_digest, sha256(browser)),
    gt(pendingSignIns.expires_at, epochSeconds(nowMs)),
    lt(pendingSignIns.tries, pendingSignInTries),
  )
}

/** Somebody who changed their password did it to keep out whoever knew the old one, and that includes half a sign-in. */
function withRightPassword(row: Row): PendingSignIn | undefined {
  const { account_id, amr, password_digest, password_phc } = row
  const isSame = constantTimeEqual(password_digest, sha256(password_phc))
  return isSame ? { account_id, amr: AmrSchema.parse(JSON.parse(amr)) } : undefined
}
