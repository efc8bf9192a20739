import { and, eq, exists, gt, lte } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { accountLinks, accounts, sessions } from '../db/schema/accounts.ts'
import { epochSeconds } from '../platform/clock.ts'
import type { Account } from './account.ts'
import type { LinkPurpose, LinkRecord } from './e-mail-link.ts'

type AccountLinkPurpose = Exclude<LinkPurpose, 'sign_up'>

/** What a link that still works was mailed for. */
export interface AccountLink {
  readonly link_digest: string
  readonly account_id: string
  readonly email: string
}

/**
 * Links that were mailed to the holders of accounts.
 *
 * A link is spent in the batch that does what it is for, and each statement of the batch asks whether it is still
 * there: of fifty that follow it at once, one does it.
 */
export function accountLinkStore(db: Db) {
  return {
    /** Writes down a link that is about to be mailed. Older ones for the same end. */
    async begin(
      { link_digest, expires_at }: LinkRecord,
      purpose: AccountLinkPurpose,
      { account_id, email }: Account,
      nowMs: number,
    ): Promise<void> {
      const created_at = epochSeconds(nowMs)
      await db.batch([
        endAll(db, account_id, purpose),
        db.insert(accountLinks).values({ link_digest, purpose, account_id, email, created_at, expires_at }),
      ])
    },

    async find(
      link_digest: string,
      purpose: AccountLinkPurpose,
      nowMs: number,
    ): Promise<AccountLink | undefined> {
      const { account_id, email } = accountLinks
      return db
        .select({ link_digest: accountLinks.link_digest, account_id, email })
        .from(accountLinks)
        .where(isOpen(link_digest, purpose, nowMs))
        .get()
    },

    /**
     * Sets a new password, ends every session of the account and every other link to set one. Who followed the link
     * reads the mail of the account, so its address counts as verified. Second factors are not touched.
     */
    async resetPassword(link: AccountLink, password_phc: string, nowMs: number): Promise<boolean> {
      const { link_digest, account_id } = link
      const [changed] = await db.batch([
        db
          .update(accounts)
          .set({ password_phc, email_verified: true, updated_at: epochSeconds(nowMs) })
          .where(isMailedToHolder(db, link_digest, 'reset_password', nowMs))
          .returning({ account_id: accounts.account_id }),
        endSessions(db, link_digest, nowMs),
        endAll(db, account_id, 'reset_password'),
      ])
      return changed.length > 0
    },

    async verifyEmail({ link_digest, account_id }: AccountLink, nowMs: number): Promise<boolean> {
      const [verified] = await db.batch([
        db
          .update(accounts)
          .set({ email_verified: true, updated_at: epochSeconds(nowMs) })
          .where(isMailedToHolder(db, link_digest, 'verify_email', nowMs))
          .returning({ account_id: accounts.account_id }),
        endAll(db, account_id, 'verify_email'),
      ])
      return verified.length > 0
    },

    async sweep(nowMs: number): Promise<void> {
      await db.delete(accountLinks).where(lte(accountLinks.expires_at, epochSeconds(nowMs)))
    },
  }
}

/** Asked within a statement about accounts. A link that went to an address that its account no longer has does nothing. */
function isMailedToHolder(db: Db, link_digest: string, purpose: AccountLinkPurpose, nowMs: number) {
  const isToHolder = and(
    eq(accountLinks.account_id, accounts.account_id),
    eq(accountLinks.email, accounts.email),
  )
  return exists(
    db
      .select()
      .from(accountLinks)
      .where(and(isOpen(link_digest, purpose, nowMs), isToHolder)),
  )
}

/** All of them: one of them may be why the password is changed. */
function endSessions(db: Db, link_digest: string, nowMs: number) {
  const isOfSession = eq(accountLinks.account_id, sessions.account_id)
  const link = db
    .select()
    .from(accountLinks)
    .where(and(isOpen(link_digest, 'reset_password', nowMs), isOfSession))
  return db.delete(sessions).where(exists(link))
}

function endAll(db: Db, account_id: string, purpose: AccountLinkPurpose) {
  return db
    .delete(accountLinks)
    .where(and(eq(accountLinks.account_id, account_id), eq(accountLinks.purpose, purpose)))
}

function isOpen(link_digest: string, purpose: AccountLinkPurpose, nowMs: number) {
  return and(
    eq(accountLinks.link_digest, link_digest),
    eq(accountLinks.purpose, purpose),
    gt(accountLinks.expires_at, epochSeconds(nowMs)),
  )
}
