import { env } from 'cloudflare:workers'

import { accountLinkStore } from '../../../src/accounts/account-link.store.ts'
import { accountStore } from '../../../src/accounts/account.store.ts'
import { signUpStore } from '../../../src/accounts/sign-up.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { mailboxStore, type KeptMail } from '../../../src/mail/mailbox.store.ts'
import { assert } from '../../../src/platform/assert.ts'
import type { Settings } from '../../../src/settings.ts'
import type { Answer, Fields } from '../oauth/answer.ts'
import { newVisit } from '../oauth/visit.ts'
import { newIsolate, newWorld } from '../oauth/world.ts'
import { hiddenFields } from './form.ts'

const db = openDb(env.DB)
const mailbox = mailboxStore(db, () => Date.now())

export const newPassword = 'four words that nobody has said'

/** A development deployment where people may sign up, and the mailbox of everybody in it. */
export async function mailWorld(changes: Partial<Settings> = {}) {
  const world = await newWorld()
  const { send } = newIsolate({ signUpIsOpen: true, loopbackIsAllowed: true, ...changes })
  return { ...world, send, visit: () => newVisit(send), accounts: accountStore(db) }
}

export type MailWorld = Awaited<ReturnType<typeof mailWorld>>
export type Visit = ReturnType<MailWorld['visit']>

/** Every mail that was sent, newest first. */
export async function mails(): Promise<readonly KeptMail[]> {
  return mailbox.list()
}

/** Path and query of the link in the newest mail to an address. */
export async function newestLink(to: string): Promise<string> {
  const mail = (await mails()).find((candidate) => candidate.to === to)
  assert(mail !== undefined, `a mail to ${to}`)
  const url = /https?:\/\/\S+\?token=\S+/.exec(mail.text)?.[0]
  assert(url !== undefined, `a link in the mail to ${to}`)
  const { pathname, search } = new URL(url)
  return pathname + search
}

export function tokenIn(link: string): string {
  return new URLSearchParams(link.split('?')[1]).get('token') ?? ''
}

/** Asks for a mail by the form of a page: `/sign-up` or `/reset-password`. */
export async function askForMail(visit: Visit, path: string, email: string): Promise<Answer> {
  return visit.submit(await visit.open(path), { email })
}

export async function signUpBy(visit: Visit, email: string, fields: Fields = {}): Promise<Answer> {
  await askForMail(visit, '/sign-up', email)
  return visit.submit(await visit.open(await newestLink(email)), { password: newPassword, ...fields })
}

export async function signInBy(visit: Visit, email: string, password: string): Promise<Answer> {
  return visit.submit(await visit.open('/sign-in'), { email, password })
}

export async function count(table: 'accounts' | 'sessions' | 'sign_ups' | 'account_links'): Promise<number> {
  const row = await env.DB.prepare(`SELECT count(*) AS count FROM ${table}`).first<{ count: number }>()
  return row?.count ?? 0
}

export async function storedHash(email: string): Promise<string | undefined> {
  return (await accountStore(db).findByEmail(email))?.password_phc
}

/** A page without what differs between two showings of it. */
export function faceOf({ status, text, headers }: Answer, email: string) {
  const { 'x-request-id': _, ...rest } = Object.fromEntries(headers)
  const { form_token = '', token = '' } = hiddenFields({ html: text })
  const face = [email, form_token, token]
    .filter((part) => part !== '')
    .reduce((seen, part) => seen.replaceAll(part, '…'), text)
  return { status, face, headers: rest }
}

export const signUps = signUpStore(db)
export const accountLinks = accountLinkStore(db)
