import { afterEach, describe, expect, test, vi } from 'vitest'

import { issueLink } from '../../../src/accounts/e-mail-link.ts'
import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import { signUpLinkTtlSeconds } from '../../../src/platform/account-bounds.ts'
import { formTtlSeconds } from '../../../src/platform/bounds.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'
import { newVisit } from '../../support/oauth/visit.ts'
import { keys, newIsolate } from '../../support/oauth/world.ts'
import {
  askForMail,
  count,
  mailWorld,
  newestLink,
  newPassword,
  signInBy,
  signUps,
  storedHash,
} from '../../support/people/mail-world.ts'

const email = 'ada@example.com'

afterEach(() => {
  vi.useRealTimers()
})

/** Somebody who has been mailed a link. */
async function mailed() {
  const world = await mailWorld()
  const ada = world.visit()
  await askForMail(ada, '/sign-up', email)
  return { ...world, ada, link: await newestLink(email) }
}

describe('GET /sign-up/confirm 200', () => {
  /** Scanners of mail follow every link, often before the person does. */
  test('shows a form that a password manager understands, as often as it is opened, and makes nothing', async () => {
    const { ada, link } = await mailed()
    await ada.open(link)
    const page = await ada.open(link)
    expect(page).toMatchObject({ status: 200 })
    expect(page.text).toMatch(/<label for="password">.*<input id="password"[^>]* autocomplete="new-password"/)
    expect(page.text).toMatch(
      /<input id="email"[^>]* value="ada@example.com" autocomplete="username" readonly/,
    )
    expect(await count('accounts')).toBe(0)
  })
})

describe('GET /sign-up/confirm 400', () => {
  test('refuses a link without its token', async () => {
    const { send } = await mailWorld()
    expect(await send('/sign-up/confirm')).toMatchObject({ status: 400 })
  })
})

describe('GET /sign-up/confirm 404', () => {
  test.each(['x', '1795000000.secret.mac', `1895000000.${'A'.repeat(43)}.${'A'.repeat(22)}`])(
    'does not know the token %j',
    async (token) => {
      const { send } = await mailWorld()
      const page = await send(`/sign-up/confirm?token=${token}`)
      expect(page).toMatchObject({ status: 404 })
      expect(page.text).toContain('This link cannot be used')
    },
  )

  test('shows no form behind a link that is too old', async () => {
    const { ada, link } = await mailed()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + signUpLinkTtlSeconds * 1000 })
    expect(await ada.open(link)).toMatchObject({ status: 404 })
  })
})

describe('POST /sign-up/confirm 200', () => {
  test('makes the account with its address confirmed, signs in the browser that asked, and leads on', async () => {
    const { visit, accounts } = await mailWorld()
    const ada = visit()
    const waiting = '/oauth/authorize?client_id=app'
    await ada.submit(await ada.open(`/sign-up?continue=${encodeURIComponent(waiting)}`), { email })
    const form = await ada.open(await newestLink(email))
    const done = await ada.submit(form, { name: 'Ada Lovelace', password: newPassword })
    expect(done).toMatchObject({ status: 200 })
    expect(done.text).toContain(`<a href="${waiting}" class="button">Continue</a>`)
    expect(done.headers.getSetCookie().join()).toContain(SESSION_COOKIE)
    expect((await ada.open('/account')).text).toContain(email)
    const made = await accounts.findByEmail(email)
    expect(made?.account).toMatchObject({ email, email_verified: true, claims: { name: 'Ada Lovelace' } })
  })

  test('leads any other browser to sign-in, where the new password works', async () => {
    const { visit, ada, link } = await mailed()
    const elsewhere = visit()
    const done = await elsewhere.submit(await elsewhere.open(link), { password: newPassword })
    expect(done).toMatchObject({ status: 200 })
    expect(done.text).toContain('href="/sign-in"')
    expect(done.headers.getSetCookie().join()).not.toContain(SESSION_COOKIE)
    expect(await count('sessions')).toBe(0)
    expect((await signInBy(ada, email, newPassword)).text).toContain(email)
  })
})

describe('POST /sign-up/confirm 400', () => {
  test.each([
    ['a name with a line break', { name: 'Ada\r\nBcc: everybody@example.com' }],
    ['a password over its bound', { password: 'x'.repeat(257) }],
  ])('refuses %s, and the link still works', async (_, fields) => {
    const { ada, link } = await mailed()
    const form = await ada.open(link)
    expect(await ada.submit(form, { password: newPassword, ...fields })).toMatchObject({ status: 400 })
    expect(await count('accounts')).toBe(0)
    expect(await ada.submit(form, { password: newPassword })).toMatchObject({ status: 200 })
  })
})

describe('POST /sign-up/confirm 403', () => {
  test('shows a form that was open too long anew, with the name that was typed', async () => {
    const { ada, link } = await mailed()
    const form = await ada.open(link)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (formTtlSeconds - 60) * 1000 })
    const again = await ada.submit(form, { name: 'Ada', password: newPassword, form_token: '1.x' })
    expect(again).toMatchObject({ status: 403 })
    expect(again.text).toContain('value="Ada"')
    expect(again.text).not.toContain(newPassword)
    expect(await count('accounts')).toBe(0)
  })
})

describe('POST /sign-up/confirm 404', () => {
  test('makes nothing by a link that was used', async () => {
    const { visit } = await mailWorld()
    const ada = visit()
    await askForMail(ada, '/sign-up', email)
    const form = await ada.open(await newestLink(email))
    await ada.submit(form, { password: newPassword })
    const before = await storedHash(email)
    expect(await visit().open(await newestLink(email))).toMatchObject({ status: 404 })
    expect(await ada.submit(form, { password: 'another password' })).toMatchObject({ status: 404 })
    expect(await storedHash(email)).toBe(before)
    expect(await count('accounts')).toBe(1)
  })

  test('makes nothing where somebody has the address by now', async () => {
    const { ada, link, accounts, person } = await mailed()
    const form = await ada.open(link)
    await person('ada')
    const before = await accounts.findByEmail(email)
    expect(await ada.submit(form, { password: newPassword })).toMatchObject({ status: 404 })
    expect(await accounts.findByEmail(email)).toEqual(before)
    expect(await count('sessions')).toBe(0)
  })

  test('makes nothing once nobody can sign up any more', async () => {
    const { ada, link } = await mailed()
    const closed = newVisit(newIsolate({ signUpIsOpen: false }).send)
    const form = await ada.open(link)
    expect(await closed.submit(form, { password: newPassword })).toMatchObject({ status: 404 })
    expect(await count('accounts')).toBe(0)
  })
})

describe('POST /sign-up/confirm 422', () => {
  test.each([
    ['', 'too short'],
    ['seven77', 'too short'],
    ['Password123', 'among the first'],
    [email, 'your e-mail address'],
  ])('does not take the password %j, says why, and keeps the link', async (password, sentence) => {
    const { ada, link } = await mailed()
    const page = await ada.submit(await ada.open(link), { name: 'Ada', password })
    expect(page).toMatchObject({ status: 422 })
    expect(page.text).toContain(sentence)
    expect(page.text).toContain('aria-describedby="new-password-notice new-password-hint"')
    expect(await count('accounts')).toBe(0)
    expect(await count('sign_ups')).toBe(1)
  })
})

describe('the link of a sign-up', () => {
  test('followed fifty times at once makes one account', async () => {
    const { token: _, ...link } = issueLink('sign_up', keys.emailLinkMac, systemRandom, Date.now())
    await signUps.begin({ ...link, email, return_path: '/account', browser_digest: 'b', created_at: 0 })
    const made = await Promise.all(
      Array.from({ length: 50 }, (_each, at) =>
        signUps.complete(
          {
            account_id: `account ${at}`,
            vault_id: randomId(systemRandom),
            email,
            email_verified: true,
            claims: {},
            created_at: 0,
            updated_at: 0,
          },
          `hash ${at}`,
        ),
      ),
    )
    expect(made.filter((isMade) => isMade)).toEqual([true])
    expect(await count('accounts')).toBe(1)
    expect(await count('sign_ups')).toBe(0)
  })
})
