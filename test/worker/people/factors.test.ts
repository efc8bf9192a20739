import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import { factorChangeFreshSeconds, passkeyNameCharactersMax } from '../../../src/platform/factor-bounds.ts'
import { Browser } from '../../support/people/browser.ts'
import { countSessions, person, signedIn, signIn } from '../../support/people/cast.ts'
import { codesIn, withPasskey } from '../../support/people/enrolment.ts'
import { AuthenticatorApp, toSecondFactor, withApp } from '../../support/people/factors.ts'

const LIST = '/account/security'
const APP = '/account/security/app'

afterEach(() => {
  vi.useRealTimers()
})

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

async function count(table: 'totp_factors' | 'passkeys' | 'recovery_codes'): Promise<number> {
  const row = await env.DB.prepare(`SELECT count(*) AS count FROM ${table}`).first<{ count: number }>()
  return row?.count ?? 0
}

/** Somebody with an app, in a session that they began with it just now. */
async function protectedBrowser(name: string) {
  const { account_id, email } = await person(name)
  const app = await withApp(account_id)
  const browser = new Browser()
  const page = await toSecondFactor(browser, email)
  await browser.submit(page, { code: app.code(-1) })
  return { app, browser, email, account_id }
}

describe('GET /account/security 200', () => {
  test('lists what there is, in the language of the browser', async () => {
    const browser = await signedIn('alice')
    expect((await browser.open(LIST)).html).toContain('Set up an app')
    expect((await browser.open(`${LIST}?ui_locales=de`)).html).toContain('Sicherheit der Anmeldung')
  })
})

describe('GET /account/security 303', () => {
  test('leads to sign-in and back', async () => {
    const page = await new Browser().open(LIST)
    expect(page).toMatchObject({ status: 303, location: '/sign-in?continue=%2Faccount%2Fsecurity' })
  })
})

describe('GET /account/security 400', () => {
  test('refuses a repeated parameter', async () => {
    expect(await new Browser().open(`${LIST}?ui_locales=de&ui_locales=en`)).toMatchObject({ status: 400 })
  })
})

describe('GET /account/security/app 200', () => {
  test('shows a secret as a picture that the policy allows and as text, and keeps nothing of it', async () => {
    const browser = await signedIn('alice')
    const page = await browser.open(APP)
    expect(page.html).toMatch(/<svg class="qr" viewBox="0 0 \d+ \d+" width="224" height="224" role="img"/)
    expect(page.html).not.toMatch(/ style=|<img|<script/)
    expect(page.html).toMatch(/<code class="code">([A-Z2-7]{4} ?){8}<\/code>/)
    expect(page.html).toContain('otpauth://totp/localhost')
    expect(await count('totp_factors')).toBe(0)
  })
})

describe('GET /account/security/app 303', () => {
  test('asks for a new sign-in when the last one is too long ago, and leads back', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const browser = await signedIn('alice')
    later(factorChangeFreshSeconds)
    expect(await browser.open(APP)).toMatchObject({ status: 200 })
    later(1)
    expect(await browser.open(APP)).toMatchObject({
      status: 303,
      location: '/sign-in?continue=%2Faccount%2Fsecurity%2Fapp',
    })
  })

  test('leads to the list when there is an app already', async () => {
    const { browser } = await protectedBrowser('alice')
    expect(await browser.open(APP)).toMatchObject({ status: 303, location: LIST })
  })
})

describe('GET /account/security/app 400', () => {
  test('refuses a repeated parameter', async () => {
    expect(await new Browser().open(`${APP}?ui_locales=de&ui_locales=en`)).toMatchObject({ status: 400 })
  })
})

describe('POST /account/security/app 200', () => {
  test('adds the app, shows ten recovery codes once, and makes the session one that has the factor', async () => {
    const browser = await signedIn('alice')
    const before = browser.cookies[SESSION_COOKIE]
    const page = await browser.open(APP)
    const added = await browser.submit(page, { code: AuthenticatorApp.on(page).code() })
    expect(added.status).toBe(200)
    expect(codesIn(added)).toHaveLength(10)
    expect(await count('recovery_codes')).toBe(10)
    expect(browser.cookies[SESSION_COOKIE]).not.toBe(before)
    expect((await browser.open(LIST)).html).toContain('You have 10 recovery codes left')
    expect(await countSessions()).toBe(1)
  })

  test('leaves every other session of the account short of what it now asks for', async () => {
    const elsewhere = await signedIn('alice')
    const browser = await signedIn('alice')
    const page = await browser.open(APP)
    await browser.submit(page, { code: AuthenticatorApp.on(page).code() })
    expect(await browser.open('/account')).toMatchObject({ status: 200 })
    expect(await elsewhere.open('/account')).toMatchObject({ status: 303 })
  })

  test('uses the code up: it does not sign in as well', async () => {
    const browser = await signedIn('alice')
    const page = await browser.open(APP)
    const code = AuthenticatorApp.on(page).code()
    await browser.submit(page, { code })
    const another = new Browser()
    const asked = await toSecondFactor(another, 'alice@example.com')
    expect(await another.submit(asked, { code })).toMatchObject({ status: 422 })
  })
})

describe('POST /account/security/app 303', () => {
  test('leads to the list when there are recovery codes already', async () => {
    const { browser } = await withPasskey()
    const page = await browser.open(APP)
    const answer = await browser.submit(page, { code: AuthenticatorApp.on(page).code() })
    expect(answer).toMatchObject({ status: 303, location: LIST })
  })
})

describe('POST /account/security/app 400', () => {
  test('refuses what is over its bound', async () => {
    const browser = await signedIn('alice')
    const page = await browser.open(APP)
    expect(await browser.submit(page, { code: '1'.repeat(1_000) })).toMatchObject({ status: 400 })
    expect(await count('totp_factors')).toBe(0)
  })
})

describe('POST /account/security/app 403', () => {
  test('takes no form of another site, and no secret that was made for somebody else', async () => {
    const mallory = await signedIn('mallory')
    const theirs = await mallory.open(APP)
    const code = AuthenticatorApp.on(theirs).code()
    const browser = await signedIn('alice')
    const page = await browser.open(APP)
    expect(await browser.post(APP, { code })).toMatchObject({ status: 403 })
    const [, secret_sealed = ''] = / name="secret_sealed" value="([^"]+)"/.exec(theirs.html) ?? []
    expect(await browser.submit(page, { code, secret_sealed })).toMatchObject({ status: 403 })
    expect(await count('totp_factors')).toBe(0)
  })
})

describe('POST /account/security/app 422', () => {
  test('adds nothing for a wrong code, and shows the same secret again', async () => {
    const browser = await signedIn('alice')
    const page = await browser.open(APP)
    const app = AuthenticatorApp.on(page)
    const again = await browser.submit(page, { code: app.wrongCode() })
    expect(again.status).toBe(422)
    expect(await count('totp_factors')).toBe(0)
    expect(await browser.submit(again, { code: app.code() })).toMatchObject({ status: 200 })
  })
})

describe('POST /account/security 200', () => {
  test('shows new recovery codes, and the old ones are void', async () => {
    const { browser, added } = await withPasskey()
    const [old = ''] = codesIn(added)
    const page = await browser.open(LIST)
    const renewed = await browser.submit(page, { action: 'renew_recovery_codes' })
    expect(codesIn(renewed)).toHaveLength(10)
    const another = new Browser()
    const asked = await toSecondFactor(another, 'alice@example.com')
    expect(await another.submit(asked, { code: old })).toMatchObject({ status: 422 })
    expect(await another.submit(asked, { code: codesIn(renewed)[0] ?? '' })).toMatchObject({
      location: '/account',
    })
  })
})

describe('POST /account/security 303', () => {
  test('removes the app and its recovery codes: the password is enough again', async () => {
    const { browser, email } = await protectedBrowser('alice')
    const page = await browser.open(LIST)
    expect(await browser.submit(page, { action: 'remove_totp' })).toMatchObject({
      status: 303,
      location: LIST,
    })
    expect([await count('totp_factors'), await count('recovery_codes')]).toEqual([0, 0])
    expect(await signIn(new Browser(), email)).toMatchObject({ location: '/account' })
  })

  test('renames a passkey and removes it', async () => {
    const { browser, passkey } = await withPasskey()
    const { credential_id } = passkey
    const page = await browser.open(LIST)
    await browser.submit(page, { action: 'rename_passkey', credential_id, name: '<b>My key</b>' })
    expect((await browser.open(LIST)).html).toContain('value="&lt;b&gt;My key&lt;/b&gt;"')
    await browser.submit(page, { action: 'remove_passkey', credential_id })
    expect(await count('passkeys')).toBe(0)
  })

  test('makes no recovery codes for an account without a second factor', async () => {
    const browser = await signedIn('alice')
    const { browser: other } = await protectedBrowser('bob')
    const page = await other.open(LIST)
    expect(await browser.submit(page, { action: 'renew_recovery_codes' })).toMatchObject({ status: 403 })
    expect(await count('recovery_codes')).toBe(0)
  })

  test('changes nothing when the last sign-in is too long ago', async () => {
    const { browser } = await protectedBrowser('alice')
    const page = await browser.open(LIST)
    later(factorChangeFreshSeconds + 60)
    expect(await browser.submit(page, { action: 'remove_totp' })).toMatchObject({
      status: 303,
      location: '/sign-in?continue=%2Faccount%2Fsecurity',
    })
    expect(await count('totp_factors')).toBe(1)
  })
})

describe('POST /account/security 400', () => {
  test('refuses an action that it does not know, and a name over its bound', async () => {
    const { browser, passkey } = await withPasskey()
    const page = await browser.open(LIST)
    expect(await browser.submit(page, { action: 'remove_everything' })).toMatchObject({ status: 400 })
    const name = 'x'.repeat(passkeyNameCharactersMax + 1)
    const { credential_id } = passkey
    expect(await browser.submit(page, { action: 'rename_passkey', credential_id, name })).toMatchObject({
      status: 400,
    })
  })
})

describe('POST /account/security 403', () => {
  test('takes no form of another site', async () => {
    const { browser } = await protectedBrowser('alice')
    expect(await browser.post(LIST, { action: 'remove_totp' })).toMatchObject({ status: 403 })
    expect(await count('totp_factors')).toBe(1)
  })
})
