import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { LimiterShell } from '../../../src/limits/limiter.object.ts'
import { mailsPerRecipientPerHour, verificationLinkTtlSeconds } from '../../../src/platform/account-bounds.ts'
import { issueFormToken } from '../../../src/people/form-token.ts'
import { keys } from '../../support/oauth/world.ts'
import { spend } from '../../support/people/cast.ts'
import { mails, mailWorld, newestLink } from '../../support/people/mail-world.ts'

const email = 'alice@example.com'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Alice is signed in, and an operator wrote her address down. */
async function signedInWorld(changes: Parameters<typeof mailWorld>[0] = {}) {
  const world = await mailWorld(changes)
  const account = await world.person('alice')
  await env.DB.prepare('UPDATE accounts SET email_verified = 0').run()
  const cookie = await world.cookieOf(account)
  const ask = async (form_token?: string) => {
    const body = new URLSearchParams({ form_token: form_token ?? (await formToken()) })
    return world.send('/account/verify-email', { method: 'POST', body, headers: { cookie } })
  }
  return { ...world, account, cookie, ask }
}

/** What the button on the account page carries. */
async function formToken(): Promise<string> {
  const row = await env.DB.prepare('SELECT sid FROM sessions').first<{ sid: string }>()
  const use = { form: 'send_verification', holder: row?.sid ?? '', about: '' } as const
  return issueFormToken(use, keys.formMac, Date.now())
}

async function mailed() {
  const world = await signedInWorld()
  await world.ask()
  return { ...world, link: await newestLink(email) }
}

async function isVerified(): Promise<boolean> {
  const row = await env.DB.prepare('SELECT email_verified AS it FROM accounts').first<{ it: number }>()
  return row?.it === 1
}

describe('POST /account/verify-email 200', () => {
  test('mails a link to the address of the account, and confirms nothing yet', async () => {
    const { ask } = await signedInWorld()
    expect(await ask()).toMatchObject({ status: 200 })
    expect(await mails()).toMatchObject([{ to: email, subject: 'Confirm your address' }])
    expect(await isVerified()).toBe(false)
  })
})

describe('POST /account/verify-email 303', () => {
  test('leads to sign-in where nobody is signed in', async () => {
    const { send } = await mailWorld()
    const answer = await send('/account/verify-email', { method: 'POST', body: new URLSearchParams() })
    expect(answer).toMatchObject({ status: 303 })
    expect(answer.location.pathname).toBe('/sign-in')
  })

  test('leads back where the address is confirmed already', async () => {
    const { ask } = await signedInWorld()
    await env.DB.prepare('UPDATE accounts SET email_verified = 1').run()
    expect((await ask()).location.pathname).toBe('/account')
    expect(await mails()).toEqual([])
  })
})

describe('POST /account/verify-email 400', () => {
  test('refuses a repeated field', async () => {
    const { post } = await mailWorld()
    const page = await post('/account/verify-email', 'form_token=a&form_token=b')
    expect(page).toMatchObject({ status: 400 })
  })
})

describe('POST /account/verify-email 403', () => {
  test('mails nothing for a form that we did not show, and shows the button that works', async () => {
    const { ask } = await signedInWorld()
    const page = await ask('1.x')
    expect(page).toMatchObject({ status: 403 })
    expect(await mails()).toEqual([])
    const shown = /name="form_token" value="([^"]+)"/.exec(page.text)?.[1]
    expect(await ask(shown)).toMatchObject({ status: 200 })
  })
})

describe('POST /account/verify-email 429', () => {
  test('sends no more than a few mails to one address', async () => {
    const { ask } = await signedInWorld()
    await spend({ kind: 'mail_recipient', email }, mailsPerRecipientPerHour)
    const page = await ask()
    expect(page).toMatchObject({ status: 429 })
    expect(page.headers.get('retry-after')).toBe('3600')
    expect(await mails()).toEqual([])
  })
})

describe('POST /account/verify-email 503', () => {
  test('says that this deployment cannot send e-mail', async () => {
    const { ask } = await signedInWorld({ loopbackIsAllowed: false, mailSender: undefined })
    expect(await ask()).toMatchObject({ status: 503 })
  })

  test('mails nothing while mails cannot be counted', async () => {
    const { ask } = await signedInWorld()
    vi.spyOn(LimiterShell.prototype, 'take').mockRejectedValue(new Error('unreachable'))
    expect(await ask()).toMatchObject({ status: 503 })
    expect(await mails()).toEqual([])
  })
})

describe('GET /verify-email 200', () => {
  test('shows a button, as often as it is opened, and confirms nothing', async () => {
    const { send, link } = await mailed()
    await send(link)
    const page = await send(link)
    expect(page).toMatchObject({ status: 200 })
    expect(page.text).toContain(`Is ${email} your address?`)
    expect(await isVerified()).toBe(false)
  })
})

describe('GET /verify-email 400', () => {
  test('refuses a link without its token', async () => {
    const { send } = await mailWorld()
    expect(await send('/verify-email')).toMatchObject({ status: 400 })
  })
})

describe('GET /verify-email 404', () => {
  test('shows no button behind a link that is too old', async () => {
    const { send, link } = await mailed()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + verificationLinkTtlSeconds * 1000 })
    expect(await send(link)).toMatchObject({ status: 404 })
  })
})

describe('POST /verify-email 200', () => {
  test('confirms the address, in any browser, signed in or not', async () => {
    const { visit, link } = await mailed()
    const phone = visit()
    expect(await phone.submit(await phone.open(link), {})).toMatchObject({ status: 200 })
    expect(await isVerified()).toBe(true)
  })
})

describe('POST /verify-email 400', () => {
  test('refuses a form without the token', async () => {
    const { post } = await mailWorld()
    expect(await post('/verify-email', {})).toMatchObject({ status: 400 })
  })
})

describe('POST /verify-email 403', () => {
  test('confirms nothing for a form that is not ours', async () => {
    const { visit, link } = await mailed()
    const phone = visit()
    const page = await phone.submit(await phone.open(link), { form_token: '1.x' })
    expect(page).toMatchObject({ status: 403 })
    expect(await isVerified()).toBe(false)
  })
})

describe('POST /verify-email 404', () => {
  test('confirms nothing once the account has another address', async () => {
    const { visit, link } = await mailed()
    const phone = visit()
    const form = await phone.open(link)
    await env.DB.prepare("UPDATE accounts SET email = 'other@example.com'").run()
    expect(await phone.submit(form, {})).toMatchObject({ status: 404 })
    expect(await isVerified()).toBe(false)
  })
})
