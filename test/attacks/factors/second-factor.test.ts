import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { accountStore } from '../../../src/accounts/account.store.ts'
import { pendingSignInStore } from '../../../src/accounts/pending-sign-in.store.ts'
import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import { sessionStore } from '../../../src/accounts/session.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { pendingSignInTries, wrongCodesPerDay } from '../../../src/platform/factor-bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Browser } from '../../support/people/browser.ts'
import {
  application,
  authorizationQuery,
  countSessions,
  password,
  person,
  signedIn,
  signIn,
} from '../../support/people/cast.ts'
import { AuthenticatorApp, toSecondFactor, withApp, withRecoveryCodes } from '../../support/people/factors.ts'

const CODE = 'abcd-efgh-2345-67ab'
const PENDING = '__Host-gatewright_pending'

afterEach(() => {
  vi.useRealTimers()
})

/** Alice has an app; somebody with her password has got as far as the second factor. */
async function withPassword(name = 'alice') {
  const { account_id, email } = await person(name)
  const app = await withApp(account_id)
  const browser = new Browser()
  return { account_id, email, app, browser, page: await toSecondFactor(browser, email) }
}

/** A session of Alice's from before she had an app. */
async function sessionFromBefore(): Promise<Browser> {
  const browser = await signedIn('alice')
  await withApp('alice')
  return browser
}

describe('somebody who has the password and no second factor', () => {
  test('goes straight to /oauth/authorize with a half-done sign-in and gets no code', async () => {
    const { browser } = await withPassword()
    const query = authorizationQuery(await application())
    expect((await browser.open(`/oauth/authorize?${query}`)).location).toMatch(/^\/sign-in\?/)
  })

  test('asks silently with a session from before the factor and gets no code', async () => {
    const browser = await sessionFromBefore()
    const query = authorizationQuery(await application(), { prompt: 'none' })
    expect((await browser.open(`/oauth/authorize?${query}`)).location).toContain('error=login_required')
  })

  test('goes straight to /consent with a session from before the factor and is not asked', async () => {
    const browser = await sessionFromBefore()
    const query = authorizationQuery(await application())
    expect((await browser.open(`/consent?${query}`)).location).toMatch(/^\/sign-in\?/)
  })

  test('goes to the account pages with a session from before the factor and sees nothing', async () => {
    const browser = await sessionFromBefore()
    for (const path of ['/account', '/account/security', '/account/sessions']) {
      const page = await browser.open(path)
      expect(page).toMatchObject({ status: 303 })
      expect(page.html).not.toContain('alice@example.com')
    }
  })

  test('removes the factor with a session from before it, which does not happen', async () => {
    const browser = await sessionFromBefore()
    expect(await browser.post('/account/security', { action: 'remove_totp' })).toMatchObject({ status: 303 })
    const left = await env.DB.prepare('SELECT count(*) AS left FROM totp_factors').first('left')
    expect(left).toBe(1)
  })

  test('guesses on after the tries of a sign-in are used up, and the right code no longer counts', async () => {
    const { app, browser, page } = await withPassword()
    for (let tries = 0; tries < pendingSignInTries; tries += 1) {
      await browser.submit(page, { code: app.wrongCode() })
    }
    expect((await browser.submit(page, { code: app.code() })).location).toMatch(/^\/sign-in\?/)
    expect(await countSessions()).toBe(0)
  })

  test('guesses from many addresses with a new sign-in each, and is stopped by account', async () => {
    const { account_id, app, email } = await withPassword()
    const limiter = env.LIMITER.getByName(`second_factor:${account_id}`)
    for (let times = 0; times < wrongCodesPerDay; times += 1) {
      await limiter.take({ kind: 'second_factor', account_id })
    }
    const browser = new Browser('198.51.100.77')
    const page = await toSecondFactor(browser, email)
    expect(await browser.submit(page, { code: app.code() })).toMatchObject({ status: 429 })
    expect(await countSessions()).toBe(0)
  })

  test('brings the code of an app of their own', async () => {
    const { browser, page } = await withPassword()
    await person('mallory')
    const own = await withApp('mallory')
    expect(await browser.submit(page, { code: own.code() })).toMatchObject({ status: 422 })
    expect(await countSessions()).toBe(0)
  })

  test('brings a recovery code of their own', async () => {
    const { browser, page } = await withPassword()
    await person('mallory')
    await withApp('mallory')
    await withRecoveryCodes('mallory', [CODE])
    expect(await browser.submit(page, { code: CODE })).toMatchObject({ status: 422 })
    expect(await countSessions()).toBe(0)
  })

  test('carries a half-done sign-in to another browser, where it is worth nothing', async () => {
    const { app, browser } = await withPassword()
    const other = new Browser()
    other.setCookie(PENDING, browser.cookies[PENDING] ?? '')
    await other.open('/sign-in')
    const page = await other.open('/sign-in/second-factor')
    expect(page).toMatchObject({ status: 303, location: '/sign-in?continue=%2Faccount' })
    await other.post('/sign-in/second-factor', { code: app.code() })
    expect(await countSessions()).toBe(0)
  })

  test('goes on with a half-done sign-in after the password was changed, and is sent to the start', async () => {
    const { app, browser, page } = await withPassword()
    await env.DB.prepare("UPDATE accounts SET password_phc = 'another' WHERE account_id = 'alice'").run()
    expect((await browser.submit(page, { code: app.code() })).location).toMatch(/^\/sign-in\?/)
    expect(await countSessions()).toBe(0)
  })
})

describe('somebody who saw a code', () => {
  test('uses it a second time within its minute, and it does not count', async () => {
    const { app, browser, page, email } = await withPassword()
    const code = app.code()
    expect(await browser.submit(page, { code })).toMatchObject({ location: '/account' })
    const thief = new Browser()
    const asked = await toSecondFactor(thief, email)
    expect(await thief.submit(asked, { code })).toMatchObject({ status: 422 })
    expect(await countSessions()).toBe(1)
  })

  test('uses a recovery code a second time, and it does not count', async () => {
    const { browser, page, email } = await withPassword()
    await withRecoveryCodes('alice', [CODE])
    expect(await browser.submit(page, { code: CODE })).toMatchObject({ location: '/account' })
    const thief = new Browser()
    const asked = await toSecondFactor(thief, email)
    expect(await thief.submit(asked, { code: CODE })).toMatchObject({ status: 422 })
    expect(await countSessions()).toBe(1)
  })
})

describe('somebody who finds an open session', () => {
  async function oldSession(): Promise<Browser> {
    await person('alice')
    const sessions = sessionStore(openDb(env.DB), systemRandom)
    const hourAgo = Date.now() - 3_600_000
    const { cookieValue } = await sessions.start({ account_id: 'alice', amr: ['pwd'] }, hourAgo)
    const browser = new Browser()
    browser.setCookie(SESSION_COOKIE, cookieValue.reveal())
    return browser
  }

  test('sets up an app of their own without signing in again, which is not offered', async () => {
    const browser = await oldSession()
    expect(await browser.open('/account')).toMatchObject({ status: 200 })
    expect(await browser.open('/account/security/app')).toMatchObject({ status: 303 })
    expect(await browser.open('/account/security/passkey')).toMatchObject({ status: 303 })
  })
})

describe('another site', () => {
  test('has the browser of somebody remove their factor, which does not happen', async () => {
    const { app, browser, page } = await withPassword()
    await browser.submit(page, { code: app.code() })
    expect(await browser.post('/account/security', { action: 'remove_totp' })).toMatchObject({ status: 403 })
    expect(await env.DB.prepare('SELECT count(*) AS left FROM totp_factors').first('left')).toBe(1)
  })
})

describe('a set-up that was left halfway', () => {
  test('locks nobody out and asks for nothing, with whatever wrong code it was confirmed', async () => {
    const browser = await signedIn('alice')
    const page = await browser.open('/account/security/app')
    await browser.submit(page, { code: AuthenticatorApp.on(page).wrongCode() })
    expect(await signIn(new Browser(), 'alice@example.com')).toMatchObject({ location: '/account' })
  })
})

describe('somebody without the password', () => {
  test('cannot tell from the answer to a wrong one who has a second factor', async () => {
    await person('alice')
    await person('bob')
    await withApp('alice')
    const answers = await Promise.all(
      ['alice@example.com', 'bob@example.com'].map(async (email) => {
        const browser = new Browser()
        const page = await browser.submit(await browser.open('/sign-in'), { email, password: `${password}!` })
        const text = page.html.replaceAll(email, 'EMAIL').replace(/name="form_token" value="[^"]+"/, '')
        return { status: page.status, location: page.location, text, cookies: Object.keys(browser.cookies) }
      }),
    )
    expect(answers[0]).toEqual(answers[1])
    expect(answers[0]?.status).toBe(422)
  })
})

describe('fifty browsers at once', () => {
  test('bring one code for fifty sign-ins, and one session comes of it', async () => {
    const { account_id, email } = await person('alice')
    const app = await withApp(account_id)
    const code = app.code()
    const asked = await Promise.all(
      Array.from({ length: 50 }, async (_, at) => {
        const browser = new Browser(`198.51.100.${at}`)
        const page = await beginAs(browser, email)
        return { browser, page }
      }),
    )
    await Promise.all(asked.map(({ browser, page }) => browser.submit(page, { code })))
    expect(await countSessions()).toBe(1)
  })
})

/** Gets as far as the second factor without the cost of a password for each browser. */
async function beginAs(browser: Browser, email: string) {
  const holder = 'A'.repeat(22)
  browser.setCookie('__Host-gatewright_form', holder)
  const found = await accountStore(openDb(env.DB)).findByEmail(email)
  const pending = {
    account_id: 'alice',
    amr: ['pwd'],
    browser: holder,
    password_phc: found?.password_phc ?? '',
  }
  const cookieValue = await pendingSignInStore(openDb(env.DB), systemRandom).begin(pending, Date.now())
  browser.setCookie(PENDING, cookieValue.reveal())
  return browser.open('/sign-in/second-factor')
}
