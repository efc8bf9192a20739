import { asc, eq, inArray, lte } from 'drizzle-orm'

import type { Db } from '../../db/client.ts'
import { sessions } from '../../db/schema/accounts.ts'
import { logoutNotices } from '../../db/schema/logout.ts'
import { logoutNoticesSentMax } from '../../platform/bounds.ts'

/** A client that has yet to hear that a session of one of its people has ended. */
export type LogoutNotice = typeof logoutNotices.$inferSelect

export function logoutNoticeStore(db: Db) {
  return {
    /** Ends a session and writes down whom to tell, both or neither: a session that ended unheard would live on elsewhere. */
    async endSession(sid: string, notices: readonly LogoutNotice[]): Promise<void> {
      const ending = db.delete(sessions).where(eq(sessions.sid, sid))
      if (notices.length === 0) await ending
      else await db.batch([ending, db.insert(logoutNotices).values([...notices])])
    },

    /** Those that are due, the longest overdue first. */
    async due(now: number): Promise<readonly LogoutNotice[]> {
      return db
        .select()
        .from(logoutNotices)
        .where(lte(logoutNotices.due_at, now))
        .orderBy(asc(logoutNotices.due_at))
        .limit(logoutNoticesSentMax)
    },

    /** Puts one off until it is tried again. */
    async postpone({ notice_id, tries, due_at }: LogoutNotice): Promise<void> {
      await db.update(logoutNotices).set({ tries, due_at }).where(eq(logoutNotices.notice_id, notice_id))
    },

    async remove(notice_ids: readonly string[]): Promise<void> {
      await db.delete(logoutNotices).where(inArray(logoutNotices.notice_id, [...notice_ids]))
    },
  }
}
