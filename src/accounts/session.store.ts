import { and, asc, desc, eq, getTableColumns, gt, lte, ne } from 'drizzle-orm'
import * as z from 'zod'

import type { Db } from '../db/client.ts'
import { accounts, sessions } from '../db/schema/accounts.ts'
import { pageItemsMax, sessionTtlSeconds } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { sha256 } from '../platform/digest.ts'
import { randomId, randomSecret, type Random } from '../platform/random.ts'
import { Secret } from '../platform/secret.ts'
import { toAccount } from './account.store.ts'
import type { GuardedAccount } from './account.ts'
import { hasSecondFactor } from './factor.store.ts'
import type { Session } from './session.ts'

const AmrSchema = z.array(z.string())

export interface SignIn {
  readonly account_id: string
  readonly amr: readonly string[]
  /** The cookie that the browser came with, if any: its session ends with the new one's beginning. */
  readonly previous?: Secret | undefined
}

export interface SessionOfAccount {
  readonly session: Session
  readonly account: GuardedAccount
}

/** Sessions in D1, by digest of the cookie: somebody who reads the table cannot sign in with it. */
export function sessionStore(db: Db, random: Random) {
  return {
    /** Session, account and what the account asks for, as they are at one moment: in one query. */
    async findWithAccount(cookieValue: Secret, nowMs: number): Promise<SessionOfAccount | undefined> {
      const isThis = eq(sessions.session_digest, digestOf(cookieValue))
      const isAlive = gt(sessions.expires_at, epochSeconds(nowMs))
      const row = await db
        .select({
          session: getTableColumns(sessions),
          account: getTableColumns(accounts),
          has_second_factor: hasSecondFactor,
        })
        .from(sessions)
        .innerJoin(accounts, eq(accounts.account_id, sessions.account_id))
        .where(and(isThis, isAlive))
        .get()
      return row && toSessionOfAccount(row)
    },

    /**
     * Starts a session under a new secret, whatever cookie the browser had before: one that an attacker planted
     * there must not become a signed-in one (session fixation).
     */
    async start(signIn: SignIn, nowMs: number): Promise<{ session: Session; cookieValue: Secret }> {
      const now = epochSeconds(nowMs)
      const { account_id, amr, previous } = signIn
      const session = {
        sid: randomId(random),
        account_id,
        auth_time: now,
        amr,
        expires_at: now + sessionTtlSeconds,
      }
      const cookieValue = new Secret(randomSecret(random))
      const row = {
        ...session,
        session_digest: digestOf(cookieValue),
        amr: JSON.stringify(amr),
        created_at: now,
      }
      const insert = db.insert(sessions).values(row)
      if (previous === undefined) await insert
      else await db.batch([endOf(db, previous), insert])
      return { session, cookieValue }
    },

    /** An account's live sessions, newest first, as many as one page shows. */
    async listOf(account_id: string, nowMs: number): Promise<readonly Session[]> {
      const isAlive = gt(sessions.expires_at, epochSeconds(nowMs))
      const rows = await db
        .select()
        .from(sessions)
        .where(and(eq(sessions.account_id, account_id), isAlive))
        .orderBy(desc(sessions.auth_time), asc(sessions.sid))
        .limit(pageItemsMax)
      return rows.map(toSession)
    },

    /** Ends every session of an account but one, in one statement: none can begin in between and be missed. */
    async endOthers(account_id: string, sid: string): Promise<void> {
      await db.delete(sessions).where(and(eq(sessions.account_id, account_id), ne(sessions.sid, sid)))
    },

    async end(cookieValue: Secret): Promise<void> {
      await endOf(db, cookieValue)
    },

    /** Removes what has expired; `findWithAccount` already passes over it. */
    async sweep(nowMs: number): Promise<void> {
      await db.delete(sessions).where(lte(sessions.expires_at, epochSeconds(nowMs)))
    },
  }
}

function toSessionOfAccount(row: {
  readonly session: typeof sessions.$inferSelect
  readonly account: typeof accounts.$inferSelect
  readonly has_second_factor: boolean
}): SessionOfAccount {
  const { session, account, has_second_factor } = row
  return { session: toSession(session), account: { ...toAccount(account), has_second_factor } }
}

function endOf(db: Db, cookieValue: Secret) {
  return db.delete(sessions).where(eq(sessions.session_digest, digestOf(cookieValue)))
}

function digestOf(cookieValue: Secret): string {
  return sha256(cookieValue.reveal())
}

function toSession({ sid, account_id, auth_time, amr, expires_at }: typeof sessions.$inferSelect): Session {
  return { sid, account_id, auth_time, amr: AmrSchema.parse(JSON.parse(amr)), expires_at }
}
