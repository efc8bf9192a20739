import { and, eq, getTableColumns, type SQL } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { accounts } from '../db/schema/accounts.ts'
import { canonicalEmail, type Account, type GuardedAccount } from './account.ts'
import { hasSecondFactor } from './factor.store.ts'
import { StandardClaimsSchema } from './standard-claims.contract.ts'

/** The people in D1. The password's hash is handed out only to the lookup that signs in by it. */
export function accountStore(db: Db) {
  return {
    async findByEmail(email: string): Promise<AdmittedPerson | undefined> {
      return findToAdmit(db, eq(accounts.email, canonicalEmail(email)))
    },

    /** The same for somebody whom another provider has named. */
    async findToAdmit(account_id: string): Promise<AdmittedPerson | undefined> {
      return findToAdmit(db, eq(accounts.account_id, account_id))
    },

    async findById(account_id: string): Promise<Account | undefined> {
      const row = await db.select().from(accounts).where(eq(accounts.account_id, account_id)).get()
      return row === undefined ? undefined : toAccount(row)
    },

    /** Adds a person unless somebody has the address; in one statement, so that two at once cannot both. */
    async add(account: Account, password_phc: string): Promise<boolean> {
      const added = await db
        .insert(accounts)
        .values({ ...toRow(account), password_phc })
        .onConflictDoNothing({ target: accounts.email })
        .returning({ account_id: accounts.account_id })
      return added.length > 0
    },

    /** Only where the hash is still the outdated one: a password that was changed meanwhile stays changed. */
    async replaceHash(account_id: string, outdated: string, password_phc: string): Promise<void> {
      const isStill = and(eq(accounts.account_id, account_id), eq(accounts.password_phc, outdated))
      await db.update(accounts).set({ password_phc }).where(isStill)
    },

    async insert(account: Account, password_phc: string): Promise<void> {
      await db.insert(accounts).values({ ...toRow(account), password_phc })
    },

    /**
     * Writes a person whether or not they are there, for set-up and demo data. `vault_id` stays as it was first
     * written: the person's grants are kept under it.
     */
    async upsert(account: Account, password_phc: string): Promise<void> {
      const { account_id, vault_id, created_at, ...rest } = toRow(account)
      const set = { ...rest, password_phc }
      await db
        .insert(accounts)
        .values({ account_id, vault_id, created_at, ...set })
        .onConflictDoUpdate({ target: accounts.account_id, set })
    },
  }
}

/** An account with what signing in to it takes. */
interface AdmittedPerson {
  readonly account: GuardedAccount
  readonly password_phc: string
}

async function findToAdmit(db: Db, isThis: SQL): Promise<AdmittedPerson | undefined> {
  const row = await db
    .select({ account: getTableColumns(accounts), has_second_factor: hasSecondFactor })
    .from(accounts)
    .where(isThis)
    .get()
  if (row === undefined) return undefined
  const { account, has_second_factor } = row
  return { account: { ...toAccount(account), has_second_factor }, password_phc: account.password_phc }
}

export function toAccount({ password_phc: _hidden, ...row }: typeof accounts.$inferSelect): Account {
  return { ...row, claims: StandardClaimsSchema.parse(JSON.parse(row.claims)) }
}

export function toRow(account: Account) {
  const { account_id, vault_id, email, email_verified, claims, created_at, updated_at } = account
  return {
    account_id,
    vault_id,
    email: canonicalEmail(email),
    email_verified,
    claims: JSON.stringify(StandardClaimsSchema.parse(claims)),
    created_at,
    updated_at,
  }
}
