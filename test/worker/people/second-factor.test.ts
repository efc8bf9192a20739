import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { LimiterShell } from '../../../src/limits/limiter.object.ts'
import { failedSignInsPerAddressPerMinute, formTtlSeconds } from '../../../src/platform/bounds.ts'
import {
  pendingSignInTries,
  pendingSignInTtlSeconds,
  wrongCodesPerDay,
} from '../../../src/platform/factor-bounds.ts'
import { Browser } from '../../support/people/browser.ts'
import {
  application,
  authorizationQuery,
  countSessions,
  person,
  signIn,
  spend,
} from '../../support/people/cast.ts'
import { toSecondFactor, withApp, withRecoveryCodes } from '../../support/people/factors.ts'

const RECOVERY_CODE = 'abcd-efgh-2345-67ab'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Alice, who has an app, in a browser that has got her password right. */
async function halfSignedIn(continueTo?: string) {
  const { email, account_id } = await person('alice')
  const app = await withApp(account_id)
  await withRecoveryCodes(account_id, [RECOVERY_CODE])
  const browser = new Browser()
  return { app, account_id, email, browser, page: await toSecondFactor(browser, email, continueTo) }
}

async function amrOfSession(): Promise<unknown> {
  const row = await env.DB.prepare('SELECT amr FROM sessions').first<{ amr: string }>()
  return JSON.parse(row?.amr ?? 'null')
}

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

describe('GET /sign-in/second-factor 200', () => {
  test('asks for a code where a screen reader and a telephone understand it, without a script', async () => {
    const { page } = await halfSignedIn()
    expect(page.status).toBe(200)
    expect(page.html).toMatch(/<label for="code">.*<input id="code"[^>]* autocomplete="one-time-code"/)
    expect(page.html).not.toContain('<script')
    expect(page.headers.get('content-security-policy')).not.toContain('script-src')
    expect(await countSessions()).toBe(0)
  })

  test('speaks the language of the browser, and opens the way to the application that waits', async () => {
    const { browser, page } = await halfSignedIn(
      `/oauth/authorize?${authorizationQuery(await application())}`,
    )
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://app.example;")
    const german = await browser.open('/sign-in/second-factor?ui_locales=de')
    expect(german.html).toContain('Noch ein Schritt')
  })
})

describe('GET /sign-in/second-factor 303', () => {
  test('leads to where a sign-in begins when none waits in this browser', async () => {
    const page = await new Browser().open('/sign-in/second-factor?continue=/account')
    expect(page).toMatchObject({ status: 303, location: '/sign-in?continue=%2Faccount' })
  })

  test('leads there as well when it has waited too long, to the second', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const { browser } = await halfSignedIn()
    later(pendingSignInTtlSeconds - 1)
    expect(await browser.open('/sign-in/second-factor')).toMatchObject({ status: 200 })
    later(1)
    expect(await browser.open('/sign-in/second-factor')).toMatchObject({ status: 303 })
  })
})

describe('GET /sign-in/second-factor 400', () => {
  test('will not lead on to elsewhere', async () => {
    const page = await new Browser().open('/sign-in/second-factor?continue=https://evil.example/')
    expect(page).toMatchObject({ status: 400, location: null })
  })
})

describe('POST /sign-in/second-factor 303', () => {
  test('completes the sign-in with the code of the app, and says how in the session', async () => {
    const { app, browser, page, email } = await halfSignedIn()
    expect(await browser.submit(page, { code: app.code() })).toMatchObject({
      status: 303,
      location: '/account',
    })
    expect((await browser.open('/account')).html).toContain(email)
    expect(await amrOfSession()).toEqual(['pwd', 'otp', 'mfa'])
    expect(Object.keys(browser.cookies)).toEqual(['__Host-gatewright_session'])
  })

  test('leads back to the authorization request as it came', async () => {
    const path = `/oauth/authorize?${authorizationQuery(await application())}`
    const { app, browser, page } = await halfSignedIn(path)
    expect(await browser.submit(page, { code: app.code() })).toMatchObject({ status: 303, location: path })
  })

  test('takes the code with a space in it, and the one of a telephone that is a step behind', async () => {
    const { app, browser, page } = await halfSignedIn()
    const code = app.code(-1)
    const answer = await browser.submit(page, { code: `${code.slice(0, 3)} ${code.slice(3)}` })
    expect(answer).toMatchObject({ status: 303, location: '/account' })
  })

  test('completes it with a recovery code, in whatever case it is typed', async () => {
    const { browser, page } = await halfSignedIn()
    expect(await browser.submit(page, { code: RECOVERY_CODE.toUpperCase() })).toMatchObject({ status: 303 })
    expect(await amrOfSession()).toEqual(['pwd', 'otp', 'mfa'])
  })

  test(`begins from the start after ${pendingSignInTries} wrong codes, even with the right one next`, async () => {
    const { app, browser, page } = await halfSignedIn()
    for (let tries = 1; tries < pendingSignInTries; tries += 1) {
      expect(await browser.submit(page, { code: app.wrongCode() })).toMatchObject({ status: 422 })
    }
    const last = await browser.submit(page, { code: app.wrongCode() })
    expect(last).toMatchObject({ status: 303, location: '/sign-in?continue=%2Faccount' })
    expect(await browser.submit(page, { code: app.code() })).toMatchObject({
      location: '/sign-in?continue=%2Faccount',
    })
    expect(await countSessions()).toBe(0)
  })
})

describe('POST /sign-in/second-factor 400', () => {
  test('refuses what is over its bound, and nobody is signed in', async () => {
    const { browser, page } = await halfSignedIn()
    expect(await browser.submit(page, { code: '1'.repeat(10_000) })).toMatchObject({ status: 400 })
    expect(await countSessions()).toBe(0)
  })
})

describe('POST /sign-in/second-factor 403', () => {
  test('takes no form that another site made, and shows one that was open too long anew', async () => {
    const { app, browser, page, email } = await halfSignedIn()
    expect(await browser.post('/sign-in/second-factor', { code: app.code() })).toMatchObject({ status: 403 })
    expect(await countSessions()).toBe(0)
    later(formTtlSeconds)
    expect(await browser.submit(page, { code: app.code() })).toMatchObject({ status: 303 })
    expect(await countSessions()).toBe(0)
    const again = await toSecondFactor(browser, email)
    expect(await browser.submit(again, { code: app.code() })).toMatchObject({ location: '/account' })
  })
})

describe('POST /sign-in/second-factor 422', () => {
  test('says that a code was wrong, and the right one still counts', async () => {
    const { app, browser, page } = await halfSignedIn()
    const wrong = await browser.submit(page, { code: app.wrongCode() })
    expect(wrong.status).toBe(422)
    expect(wrong.html).toContain('aria-invalid="true"')
    expect(await countSessions()).toBe(0)
    expect(await browser.submit(wrong, { code: app.code() })).toMatchObject({ location: '/account' })
  })

  test('asks again for what cannot be a code, which costs no try', async () => {
    const { app, browser, page } = await halfSignedIn()
    for (const code of ['', '12345', 'abcdef', '1234567', 'not-a-recovery-code']) {
      expect(await browser.submit(page, { code })).toMatchObject({ status: 422 })
    }
    expect(await browser.submit(page, { code: app.code() })).toMatchObject({ location: '/account' })
  })
})

describe('POST /sign-in/second-factor 429', () => {
  test('stops codes of one account after some in a day, from any address, and leaves recovery codes', async () => {
    const { app, account_id, email } = await halfSignedIn()
    await spend({ kind: 'second_factor', account_id }, wrongCodesPerDay)
    const elsewhere = new Browser('198.51.100.9')
    const page = await toSecondFactor(elsewhere, email)
    const refused = await elsewhere.submit(page, { code: app.code() })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await countSessions()).toBe(0)
    expect(await elsewhere.submit(page, { code: RECOVERY_CODE })).toMatchObject({ location: '/account' })
  })

  test('counts wrong codes of an address together with its wrong passwords, and right ones not', async () => {
    const { app, browser, page } = await halfSignedIn()
    const address = '203.0.113.7'
    await spend({ kind: 'sign_in_address', address }, failedSignInsPerAddressPerMinute - 1)
    expect(await browser.submit(page, { code: app.wrongCode() })).toMatchObject({ status: 422 })
    expect(await browser.submit(page, { code: app.code() })).toMatchObject({ status: 429 })
    expect(await countSessions()).toBe(0)
  })
})

describe('POST /sign-in/second-factor 503', () => {
  test('lets nobody in while attempts cannot be counted', async () => {
    const { app, browser, page } = await halfSignedIn()
    vi.spyOn(LimiterShell.prototype, 'take').mockRejectedValue(new Error('unreachable'))
    expect(await browser.submit(page, { code: app.code() })).toMatchObject({ status: 503 })
    expect(await countSessions()).toBe(0)
  })
})

describe('POST /sign-in 303', () => {
  test('leads somebody with a second factor to it, with no session yet', async () => {
    const { email, account_id } = await person('alice')
    await withApp(account_id)
    const browser = new Browser()
    const answer = await signIn(browser, email)
    expect(answer).toMatchObject({ status: 303, location: '/sign-in/second-factor?continue=%2Faccount' })
    expect(await countSessions()).toBe(0)
    expect(await browser.open('/account')).toMatchObject({ status: 303 })
  })
})
