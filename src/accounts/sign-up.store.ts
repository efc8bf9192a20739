import { and, eq, gt, lte } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { accounts, signUps } from '../db/schema/accounts.ts'
import { epochSeconds } from '../platform/clock.ts'
import { toRow } from './account.store.ts'
import type { Account } from './account.ts'
import type { LinkRecord } from './e-mail-link.ts'

/** Somebody's wish to have an account, until the link that went to the address is followed. */
export interface SignUp extends LinkRecord {
  readonly email: string
  /** Where the browser wanted to go when it came to sign up. */
  readonly return_path: string
  /** Names the browser that began. */
  readonly browser_digest: string
  readonly created_at: number
}

export function signUpStore(db: Db) {
  return {
    async begin(signUp: SignUp): Promise<void> {
      await db.insert(signUps).values(signUp)
    },

    async find(link_digest: string, nowMs: number): Promise<SignUp | undefined> {
      return db.select().from(signUps).where(isOpen(link_digest, nowMs)).get()
    },

    /**
     * Makes the account and ends every wish for its address, in one batch. Answers false where somebody has the address
     * by now: of fifty who follow one link at once, the table lets one in.
     */
    async complete(account: Account, password_phc: string): Promise<boolean> {
      const [added] = await db.batch([
        db
          .insert(accounts)
          .values({ ...toRow(account), password_phc })
          .onConflictDoNothing({ target: accounts.email })
          .returning({ account_id: accounts.account_id }),
        db.delete(signUps).where(eq(signUps.email, account.email)),
      ])
      return added.length > 0
    },

    async sweep(nowMs: number): Promise<void> {
      await db.delete(signUps).where(lte(signUps.expires_at, epochSeconds(nowMs)))
    },
  }
}

function isOpen(link_digest: string, nowMs: number) {
  return and(eq(signUps.link_digest, link_digest), gt(signUps.expires_at, epochSeconds(nowMs)))
}
