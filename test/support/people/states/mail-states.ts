import { vi } from 'vitest'

import { openDb } from '../../../../src/db/client.ts'
import { mailboxStore } from '../../../../src/mail/mailbox.store.ts'
import { assert } from '../../../../src/platform/assert.ts'
import { randomId, systemRandom } from '../../../../src/platform/random.ts'
import { enter, open, press, pressStale, type PageState, type Stage } from './stage.ts'

const SUBMIT = 'main form button[type=submit]'
const PASSWORD = 'four words that nobody has said'

export const mailStates: readonly PageState[] = [
  { name: 'sign-up', show: (stage) => open(stage, '/sign-up') },
  {
    name: 'sign-up, with an address that is none',
    async show(stage) {
      await open(stage, '/sign-up')
      await stage.page.locator('form').evaluate((form) => form.setAttribute('novalidate', ''))
      await stage.page.locator('#email').fill('nobody')
      await press(stage, SUBMIT)
    },
  },
  {
    name: 'sign-up, a mail is on its way',
    show: async (stage) => void (await askForMail(stage, '/sign-up')),
  },
  { name: 'sign-up, by the link', show: signUpByLink },
  {
    name: 'sign-up, with a password that is too common',
    async show(stage) {
      await signUpByLink(stage)
      await stage.page.locator('#password').fill('sonnenschein')
      await press(stage, SUBMIT)
    },
  },
  {
    name: 'sign-up, done',
    async show(stage) {
      await signUpByLink(stage)
      await stage.page.locator('#password').fill(PASSWORD)
      await press(stage, SUBMIT)
    },
  },
  { name: 'forgotten password', show: (stage) => open(stage, '/reset-password') },
  {
    name: 'forgotten password, by the link',
    async show(stage) {
      await askForMail(stage, '/reset-password', stage.resident.email)
      await open(stage, await newestLink(stage, stage.resident.email))
    },
  },
  {
    name: 'forgotten password, done',
    async show(stage) {
      await askForMail(stage, '/reset-password', stage.resident.email)
      await open(stage, await newestLink(stage, stage.resident.email))
      await stage.page.locator('#password').fill(PASSWORD)
      await press(stage, SUBMIT)
    },
  },
  { name: 'an address to confirm, a mail is on its way', show: askToConfirm },
  {
    name: 'an address to confirm, with a form that was not ours',
    async show(stage) {
      await unconfirm(stage)
      await pressStale(stage, 'form[action="/account/verify-email"] button')
    },
  },
  { name: 'an address to confirm, by the link', show: confirmByLink },
  {
    name: 'an address, confirmed',
    async show(stage) {
      await confirmByLink(stage)
      await press(stage, SUBMIT)
    },
  },
  { name: 'a link that was used', show: (stage) => open(stage, '/sign-up/confirm?token=used') },
  {
    name: 'the mailbox of development',
    async show(stage) {
      await askForMail(stage, '/reset-password', stage.resident.email)
      await newestLink(stage, stage.resident.email)
      await open(stage, '/mailbox')
    },
  },
]

/** Asks for a mail by the form of a page, and answers the address that it goes to. */
async function askForMail(
  stage: Stage,
  path: string,
  email = `${randomId(systemRandom).toLowerCase()}@example.com`,
): Promise<string> {
  await open(stage, path)
  await stage.page.locator('#email').fill(email)
  await press(stage, SUBMIT)
  return email
}

async function signUpByLink(stage: Stage): Promise<void> {
  await open(stage, await newestLink(stage, await askForMail(stage, '/sign-up')))
}

async function unconfirm(stage: Stage): Promise<void> {
  const { server, resident } = stage
  const statement = server.database.prepare('UPDATE accounts SET email_verified = 0 WHERE email = ?')
  await statement.bind(resident.email).run()
  await enter(stage)
  await open(stage, '/account')
}

async function askToConfirm(stage: Stage): Promise<void> {
  await unconfirm(stage)
  await press(stage, 'form[action="/account/verify-email"] button')
}

async function confirmByLink(stage: Stage): Promise<void> {
  await askToConfirm(stage)
  await open(stage, await newestLink(stage, stage.resident.email))
}

/** The link in the newest mail to an address; mails are kept once the page that promises them has gone out. */
async function newestLink({ server }: Stage, to: string): Promise<string> {
  const mailbox = mailboxStore(openDb(server.database), () => Date.now())
  const read = async () => {
    const mail = (await mailbox.list()).find((candidate) => candidate.to === to)
    const link = /https?:\/\/\S+\?token=\S+/.exec(mail?.text ?? '')?.[0]
    assert(link !== undefined, `a link in a mail to ${to}`)
    return link
  }
  return vi.waitFor(read, { timeout: 10_000 })
}
