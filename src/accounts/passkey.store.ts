import { and, asc, eq, lt, lte, or, sql } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { answeredChallenges, passkeys } from '../db/schema/factors.ts'
import { epochSeconds } from '../platform/clock.ts'
import { sha256 } from '../platform/digest.ts'
import { passkeysMax } from '../platform/factor-bounds.ts'
import { orphanedCodes } from './factor.store.ts'
import type { Passkey } from './passkey.ts'

/** Passkeys in D1, and the challenges that were answered with one. */
export function passkeyStore(db: Db) {
  return {
    /** Oldest first. */
    async list(account_id: string): Promise<readonly Passkey[]> {
      return db
        .select()
        .from(passkeys)
        .where(eq(passkeys.account_id, account_id))
        .orderBy(asc(passkeys.created_at), asc(passkeys.credential_id))
        .limit(passkeysMax)
    },

    async find(credential_id: string): Promise<Passkey | undefined> {
      return db.select().from(passkeys).where(eq(passkeys.credential_id, credential_id)).get()
    },

    /**
     * Adds a passkey, unless it is there already or the account has as many as it may; in one statement. A
     * `credential_id` that somebody has stays theirs: taking it over would hand their sign-in to another key.
     */
    async add(passkey: Passkey): Promise<boolean> {
      const { credential_id, account_id, name, public_key, counter, created_at } = passkey
      const added = await db.all(sql`
        INSERT INTO passkeys (credential_id, account_id, name, public_key, counter, created_at)
        SELECT ${credential_id}, ${account_id}, ${name}, ${public_key}, ${counter}, ${created_at}
        WHERE (SELECT count(*) FROM passkeys WHERE account_id = ${account_id}) < ${passkeysMax}
        ON CONFLICT DO NOTHING
        RETURNING credential_id`)
      return added.length > 0
    },

    /**
     * Notes that a passkey was used, with the counter that it told. The counter must have grown; an authenticator that
     * keeps none says 0 each time.
     *
     * @see Web Authentication Level 3 §6.1.1 (signature counter), §7.2
     */
    async use(credential_id: string, counter: number, nowMs: number): Promise<boolean> {
      const hasGrown = or(lt(passkeys.counter, counter), and(eq(passkeys.counter, 0), sql`${counter} = 0`))
      const used = await db
        .update(passkeys)
        .set({ counter, used_at: epochSeconds(nowMs) })
        .where(and(eq(passkeys.credential_id, credential_id), hasGrown))
        .returning({ counter: passkeys.counter })
      return used.length > 0
    },

    async rename({ account_id, credential_id, name }: Owned & { readonly name: string }): Promise<boolean> {
      const isTheirs = isOwned({ account_id, credential_id })
      const renamed = await db.update(passkeys).set({ name }).where(isTheirs).returning()
      return renamed.length > 0
    },

    /** Answers what it was, for the mail that tells of it. */
    async remove(owned: Owned): Promise<Passkey | undefined> {
      const [removed] = await db.batch([
        db.delete(passkeys).where(isOwned(owned)).returning(),
        orphanedCodes(db, owned.account_id),
      ])
      return removed[0]
    },

    /** Uses up a challenge: whoever brings the same answer again is told no. */
    async spendChallenge(challenge: string, expires_at: number): Promise<boolean> {
      const spent = await db
        .insert(answeredChallenges)
        .values({ challenge_digest: sha256(challenge), expires_at })
        .onConflictDoNothing()
        .returning()
      return spent.length > 0
    },

    async sweep(nowMs: number): Promise<void> {
      await db.delete(answeredChallenges).where(lte(answeredChallenges.expires_at, epochSeconds(nowMs)))
    },
  }
}

interface Owned {
  readonly account_id: string
  readonly credential_id: string
}

function isOwned({ account_id, credential_id }: Owned) {
  return and(eq(passkeys.credential_id, credential_id), eq(passkeys.account_id, account_id))
}
