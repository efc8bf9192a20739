import { Hono } from 'hono'

import type { HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { refuse } from '../../http/refusal.ts'
import { serve } from '../../http/serve.ts'
import type { KeptMail } from '../../mail/mailbox.store.ts'
import { showMailbox } from './mailbox.contract.ts'
import { mailboxPage } from './mailbox.page.tsx'

export interface MailboxPorts {
  /** Absent but in development: whoever can read it can take over every account. */
  readonly mailbox: { list(): Promise<readonly KeptMail[]> } | undefined
}

export function mailboxRoutes({ mailbox }: MailboxPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showMailbox, async (_, c) => {
    if (mailbox === undefined) return refuse(c, 'not_found')
    return mailboxPage(localeOf(c), await mailbox.list())
  })
  return app
}
