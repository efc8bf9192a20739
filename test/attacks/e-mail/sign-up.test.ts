import { createExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import {
  mailRequestsPerAddressPerHour,
  mailsPerRecipientPerHour,
} from '../../../src/platform/account-bounds.ts'
import { assert } from '../../../src/platform/assert.ts'
import { readSettings } from '../../../src/settings.ts'
import { createGatewright } from '../../../src/wiring/gatewright.ts'
import { hiddenFields } from '../../support/people/form.ts'
import {
  askForMail,
  count,
  faceOf,
  mails,
  mailWorld,
  newestLink,
  newPassword,
  storedHash,
  type MailWorld,
} from '../../support/people/mail-world.ts'
import { newVisit } from '../../support/oauth/visit.ts'
import { ADDRESS } from '../../support/oauth/world.ts'
import { spend } from '../../support/people/cast.ts'

const victim = 'victim@example.com'

/** A browser at another network address, with headers of the attacker's making. */
function visitWith({ send }: MailWorld, headers: Readonly<Record<string, string>>) {
  return newVisit((path, init = {}) =>
    send(path, { ...init, headers: { ...headers, ...plain(init.headers) } }),
  )
}

function plain(headers: RequestInit['headers']): Readonly<Record<string, string>> {
  return Object.fromEntries(new Headers(headers))
}

describe('whoever attacks sign-up', () => {
  test('does not learn from the answer who has an account', async () => {
    const { visit, person } = await mailWorld()
    await person('victim')
    const known = await askForMail(visit(), '/sign-up', victim)
    const unknown = await askForMail(visit(), '/sign-up', 'nobody@example.com')
    expect(faceOf(known, victim)).toEqual(faceOf(unknown, 'nobody@example.com'))
  })

  test('does not learn from the time who has an account: what differs is done behind the answer', async () => {
    await mailWorld()
    const send = sendOverStuckTables()
    const visit = newVisit(send)
    const answer = await askForMail(visit, '/sign-up', 'nobody@example.com')
    expect(answer).toMatchObject({ status: 200 })
  })

  test('does not learn what others have had mailed to an address', async () => {
    const { visit } = await mailWorld()
    const asker = visit()
    const answers = []
    for (let at = 0; at <= mailsPerRecipientPerHour; at += 1)
      answers.push(await askForMail(asker, '/sign-up', victim))
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  })

  test('fills no mailbox, from however many network addresses', async () => {
    const world = await mailWorld()
    for (let at = 0; at < mailsPerRecipientPerHour + 3; at += 1) {
      await askForMail(visitWith(world, { 'cf-connecting-ip': `198.51.100.${at}` }), '/sign-up', victim)
    }
    expect(await mails()).toHaveLength(mailsPerRecipientPerHour)
  })

  test('sends no mail to ever more strangers', async () => {
    const { visit } = await mailWorld()
    const asker = visit()
    const form = await asker.open('/sign-up')
    await spend({ kind: 'mail_request', address: ADDRESS }, mailRequestsPerAddressPerHour - 1)
    expect(await asker.submit(form, { email: 'stranger@example.com' })).toMatchObject({ status: 200 })
    expect(await asker.submit(form, { email: victim })).toMatchObject({ status: 429 })
    expect(await mails()).toHaveLength(1)
  })

  test('adds no header and no recipient by what is typed as an address', async () => {
    const { visit } = await mailWorld()
    const rest = ['\r\nBcc: everybody@example.com', ', everybody@example.com', '%0ASubject: Win']
    for (const email of rest.map((more) => `${victim}${more}`)) {
      expect(await askForMail(visit(), '/sign-up', email)).toMatchObject({ status: 422 })
    }
    expect(await mails()).toEqual([])
  })

  test('puts no line break into a name, which others show and send on', async () => {
    const { visit, accounts } = await mailWorld()
    const mallory = visit()
    await askForMail(mallory, '/sign-up', 'mallory@example.com')
    const form = await mallory.open(await newestLink('mallory@example.com'))
    const name = 'Mallory\r\nBcc: everybody@example.com'
    expect(await mallory.submit(form, { name, password: newPassword })).toMatchObject({ status: 400 })
    expect(await accounts.findByEmail('mallory@example.com')).toBeUndefined()
  })

  test('has no link mailed that leads to a host of theirs, by whatever Host', async () => {
    const world = await mailWorld()
    const form = await world.visit().open('/sign-up')
    expect(form).toMatchObject({ status: 200 })
    const evil = newVisit((path, init = {}) => world.send(`https://evil.example${path}`, init))
    await askForMail(evil, '/sign-up', victim)
    const [mail] = await mails()
    expect(mail?.text).toContain('http://localhost:8787/sign-up/confirm?token=')
    expect(mail?.text).not.toContain('evil.example')
  })

  test('leads nobody on to another site', async () => {
    const { send } = await mailWorld()
    const elsewhere = [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example',
      '/oauth/authorize/..//evil.example?',
    ]
    for (const path of elsewhere) {
      const page = await send(`/sign-up?continue=${encodeURIComponent(path)}`)
      expect(page).toMatchObject({ status: 400 })
      expect(page.text).not.toContain('evil.example')
    }
  })

  test('has no mail sent by a form of another site', async () => {
    const { visit, send } = await mailWorld()
    const theirs = hiddenFields({ html: (await visit().open('/sign-up')).text })
    const shown = await send('/sign-up')
    const cookie = shown.headers.getSetCookie().join().split(';')[0] ?? ''
    for (const fields of [{}, theirs]) {
      const body = new URLSearchParams({ ...fields, email: victim })
      expect(await send('/sign-up', { method: 'POST', body, headers: { cookie } })).toMatchObject({
        status: 403,
      })
    }
    expect(await mails()).toEqual([])
  })

  test('completes no sign-up with the form of another link', async () => {
    const { visit } = await mailWorld()
    const mallory = visit()
    await askForMail(mallory, '/sign-up', 'mallory@example.com')
    await askForMail(mallory, '/sign-up', victim)
    const { form_token = '' } = hiddenFields({
      html: (await mallory.open(await newestLink('mallory@example.com'))).text,
    })
    const other = await mallory.open(await newestLink(victim))
    expect(await mallory.submit(other, { form_token, password: newPassword })).toMatchObject({ status: 403 })
    expect(await count('accounts')).toBe(0)
  })

  test('signs nobody into an account of theirs by mailing its link on', async () => {
    const { visit } = await mailWorld()
    await askForMail(visit(), '/sign-up', 'mallory@example.com')
    const lured = visit()
    const form = await lured.open(await newestLink('mallory@example.com'))
    const done = await lured.submit(form, { password: newPassword })
    expect(done.headers.getSetCookie().join()).not.toContain(SESSION_COOKIE)
    expect(await count('sessions')).toBe(0)
  })

  test('plants no session that a sign-up makes a signed-in one', async () => {
    const { send } = await mailWorld()
    const planted = `${SESSION_COOKIE}=${'A'.repeat(43)}`
    const lured = newVisit((path, init = {}) => {
      const headers = plain(init.headers)
      return send(path, {
        ...init,
        headers: { ...headers, cookie: `${headers['cookie'] ?? ''}; ${planted}` },
      })
    })
    await askForMail(lured, '/sign-up', victim)
    const done = await lured.submit(await lured.open(await newestLink(victim)), { password: newPassword })
    expect(done.headers.getSetCookie().join()).toContain(SESSION_COOKIE)
    expect(await send('/account', { headers: { cookie: planted } })).toMatchObject({ status: 303 })
  })

  test('takes no account over by a link from before its address had one', async () => {
    const { visit, person } = await mailWorld()
    const thief = visit()
    await askForMail(thief, '/sign-up', victim)
    const form = await thief.open(await newestLink(victim))
    await person('victim')
    expect(await thief.submit(form, { password: newPassword })).toMatchObject({ status: 404 })
    expect(await storedHash(victim)).toBe('no password')
  })

  test('makes no second account by following a link again', async () => {
    const { visit } = await mailWorld()
    const mallory = visit()
    await askForMail(mallory, '/sign-up', 'mallory@example.com')
    const link = await newestLink('mallory@example.com')
    await mallory.submit(await mallory.open(link), { password: newPassword })
    await env.DB.prepare('DELETE FROM accounts').run()
    expect(await mallory.open(link)).toMatchObject({ status: 404 })
  })
})

/** A deployment whose tables of links never answer. Whoever waits for them waits for ever. */
function sendOverStuckTables() {
  const settings = readSettings({ ...env, SIGN_UP: 'open', ALLOW_LOOPBACK: 'true' })
  assert(settings.ok, 'the test environment has settings')
  const { app } = createGatewright(settings.value, { ...env, DB: stuck(env.DB) })
  return async (path: string, init: RequestInit = {}) => {
    const request = new Request(new URL(path, settings.value.issuer), { ...init, redirect: 'manual' })
    const { status, headers, text } = await settled(await app.fetch(request, {}, createExecutionContext()))
    return { status, headers, text, body: {}, location: new URL(settings.value.issuer) }
  }
}

async function settled(response: Response) {
  return { status: response.status, headers: response.headers, text: await response.text() }
}

function stuck(database: D1Database): D1Database {
  return new Proxy(database, {
    get(target, name) {
      if (name !== 'prepare') {
        const member: unknown = Reflect.get(target, name)
        return typeof member === 'function' ? member.bind(target) : member
      }
      return (query: string) =>
        /sign_ups|account_links/.test(query) ? neverAnswering : target.prepare(query)
    },
  })
}

const never = async () => new Promise<never>(() => undefined)
const neverAnswering = { bind: () => neverAnswering, run: never, all: never, raw: never, first: never }
