import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { openDb } from '../../../src/db/client.ts'
import { mailboxStore } from '../../../src/mail/mailbox.store.ts'
import { mailboxRowsMax } from '../../../src/platform/account-bounds.ts'
import { newIsolate } from '../../support/oauth/world.ts'
import { mails, mailWorld } from '../../support/people/mail-world.ts'

const mailbox = mailboxStore(openDb(env.DB), () => Date.now())
const mail = {
  to: 'ada@example.com',
  subject: 'A subject',
  text: 'Follow this:\n\nhttp://localhost:8787/x?token=1',
}

describe('GET /mailbox 200', () => {
  test('shows what would have been sent, newest first, with links to follow', async () => {
    const { send } = await mailWorld()
    await mailbox.keep({ ...mail, subject: 'The first' })
    await mailbox.keep({ ...mail, subject: 'The <second>' })
    const page = await send('/mailbox')
    expect(page).toMatchObject({ status: 200 })
    expect(page.text).toContain('<a href="http://localhost:8787/x?token=1">')
    expect(page.text).toContain('The &lt;second&gt;')
    expect(page.text.indexOf('second')).toBeLessThan(page.text.indexOf('The first'))
  })

  test('keeps the newest only', async () => {
    for (let at = 0; at <= mailboxRowsMax; at += 1) await mailbox.keep({ ...mail, subject: `Mail ${at}` })
    const kept = await mails()
    expect(kept).toHaveLength(mailboxRowsMax)
    expect(kept[0]).toMatchObject({ subject: `Mail ${mailboxRowsMax}` })
    expect(kept.at(-1)).toMatchObject({ subject: 'Mail 1' })
  })
})

describe('GET /mailbox 400', () => {
  test('refuses a repeated parameter', async () => {
    const { send } = await mailWorld()
    expect(await send('/mailbox?a=1&a=2')).toMatchObject({ status: 400 })
  })
})

describe('GET /mailbox 404', () => {
  /** Whoever can read it can take over every account. */
  test('is not there but in development, and looks like nothing', async () => {
    await mailbox.keep(mail)
    const { send } = newIsolate({ loopbackIsAllowed: false })
    const page = await send('/mailbox')
    expect(page).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } })
    expect(page.text).not.toContain('ada@example.com')
  })
})
