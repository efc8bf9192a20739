import { and, asc, eq, gt, lte, or } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { revocations } from '../db/schema/grants.ts'
import { revocationsPageMax } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import type { RevocationKind } from './revocations.ts'

/** What was revoked, for isolates that follow `seq`. D1 has one writer, so a row never appears behind a newer one. */
export function revocationStore(db: Db) {
  return {
    /** The first page of rows after `seq`, oldest first: awaited alone, or handed to a batch with other reads. */
    since(seq: number) {
      return db
        .select()
        .from(revocations)
        .where(gt(revocations.seq, seq))
        .orderBy(asc(revocations.seq))
        .limit(revocationsPageMax)
    },

    /** Whether one of these is revoked, asked of D1 itself rather than of what an isolate has heard. */
    async hasAny(list: readonly { readonly kind: RevocationKind; readonly id: string }[]): Promise<boolean> {
      const named = list.map(({ kind, id }) => and(eq(revocations.kind, kind), eq(revocations.id, id)))
      const rows = await db
        .select({ seq: revocations.seq })
        .from(revocations)
        .where(or(...named))
        .limit(1)
      return rows.length > 0
    },

    /** All in one round trip, or none. May be repeated as well. */
    async insertGrants(
      grants: readonly { readonly grant_id: string; readonly expires_at: number }[],
    ): Promise<void> {
      const [first, ...others] = grants.map(({ grant_id, expires_at }) =>
        db.insert(revocations).values({ kind: 'grant', id: grant_id, expires_at }).onConflictDoNothing(),
      )
      if (first !== undefined) await db.batch([first, ...others])
    },

    /** May be repeated: the same thing is revoked once. */
    async insert(kind: RevocationKind, id: string, expires_at: number): Promise<void> {
      await db.insert(revocations).values({ kind, id, expires_at }).onConflictDoNothing()
    },

    async sweep(nowMs: number): Promise<void> {
      await db.delete(revocations).where(lte(revocations.expires_at, epochSeconds(nowMs)))
    },
  }
}
