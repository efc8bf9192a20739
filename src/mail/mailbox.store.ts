import { desc, lte, sql } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { mailbox } from '../db/schema/mail.ts'
import { mailboxRowsMax } from '../platform/account-bounds.ts'
import { epochSeconds, type Clock } from '../platform/clock.ts'
import type { Mail } from './mail.ts'

export interface KeptMail extends Mail {
  readonly sent_at: number
}

/** In development, mail is kept here instead of being sent, and a page shows it. */
export function mailboxStore(db: Db, clock: Clock) {
  return {
    async keep({ to, subject, text }: Mail): Promise<void> {
      await db.batch([
        db.insert(mailbox).values({ recipient: to, subject, body: text, sent_at: epochSeconds(clock()) }),
        db.delete(mailbox).where(lte(mailbox.seq, sql`(SELECT max(seq) FROM mailbox) - ${mailboxRowsMax}`)),
      ])
    },

    /** Newest first. */
    async list(): Promise<readonly KeptMail[]> {
      const rows = await db.select().from(mailbox).orderBy(desc(mailbox.seq)).limit(mailboxRowsMax)
      return rows.map(({ recipient, subject, body, sent_at }) => ({
        to: recipient,
        subject,
        text: body,
        sent_at,
      }))
    },
  }
}
