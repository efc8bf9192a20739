import { afterEach, describe, expect, test, vi } from 'vitest'

import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import {
  emailCharactersMax,
  formTtlSeconds,
  pageFormBytesMax,
  passwordCharactersMax,
} from '../../../src/platform/bounds.ts'
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
import { hiddenFields, type Fields } from '../../support/people/form.ts'

const FORM_COOKIE = '__Host-gatewright_form'

afterEach(() => {
  vi.useRealTimers()
})

describe('GET /sign-in 200', () => {
  test('shows a form that a password manager and a screen reader understand, and that nobody may frame or cache', async () => {
    const page = await new Browser().open('/sign-in')
    expect(page).toMatchObject({ status: 200 })
    expect(page.html).toMatch(
      /<label for="email">.*<input id="email"[^>]* type="email"[^>]* autocomplete="username"/,
    )
    expect(page.html).toMatch(
      /<label for="password">.*<input id="password"[^>]* autocomplete="current-password"/,
    )
    expect(page.html).not.toContain('<script')
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self';")
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  test('keeps the form of a first tab alive when a second one opens', async () => {
    const { email } = await person('alice')
    const browser = new Browser()
    const first = await browser.open('/sign-in')
    await browser.open('/sign-in')
    expect(await browser.submit(first, { email, password })).toMatchObject({ status: 303 })
  })

  test('names the application that waits, escaped, and opens the way to its redirect URI only', async () => {
    const client = await application({
      client_name: '<img src=x onerror=alert(1)>',
      policy_uri: 'https://app.example/privacy',
    })
    const path = `/oauth/authorize?${authorizationQuery(client, { login_hint: 'alice@example.com' })}`
    const page = await new Browser().open(`/sign-in?continue=${encodeURIComponent(path)}`)
    expect(page.html).toContain('<bdi>&lt;img src=x onerror=alert(1)&gt;</bdi>')
    expect(page.html).not.toContain('<img')
    expect(page.html).toContain('value="alice@example.com"')
    expect(page.html).toContain('href="https://app.example/privacy"')
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self' https://app.example;")
  })

  test('shows the logo that the application has registered, and lets in nothing else from elsewhere', async () => {
    const client = await application({ logo_uri: 'https://cdn.example/logo.png' })
    const path = `/oauth/authorize?${authorizationQuery(client)}`
    const page = await new Browser().open(`/sign-in?continue=${encodeURIComponent(path)}`)
    expect(page.html).toContain(
      '<img class="logo" src="https://cdn.example/logo.png" alt="Logo of Photo Printer"',
    )
    expect(page.html).toContain('referrerpolicy="no-referrer"')
    expect(page.headers.get('content-security-policy')).toContain("img-src 'self' https://cdn.example;")
    const plain = await new Browser().open('/sign-in')
    expect(plain.headers.get('content-security-policy')).toContain("img-src 'self';")
  })

  /** Otherwise anybody could have our form lead to an address of theirs. */
  test('names nobody and opens no way when the redirect URI is not registered', async () => {
    const client = await application()
    const path = `/oauth/authorize?${authorizationQuery(client, { redirect_uri: 'https://evil.example/' })}`
    const page = await new Browser().open(`/sign-in?continue=${encodeURIComponent(path)}`)
    expect(page.status).toBe(200)
    expect(page.html).not.toContain('Photo Printer')
    expect(page.headers.get('content-security-policy')).toContain("form-action 'self';")
  })
})

describe('GET /sign-in 400', () => {
  test.each([
    'https://evil.example/',
    '//evil.example/account',
    '/\\evil.example',
    '/account\r\nlocation: https://evil.example',
    '/oauth/authorize/..//evil.example?',
  ])('will not lead on to %j', async (path) => {
    const page = await new Browser().open(`/sign-in?continue=${encodeURIComponent(path)}`)
    expect(page).toMatchObject({ status: 400, location: null })
    expect(page.html).not.toContain('evil.example')
  })

  test('refuses a repeated parameter', async () => {
    const page = await new Browser().open('/sign-in?continue=/account&continue=/account')
    expect(page).toMatchObject({ status: 400 })
    expect(page.html).toContain('req_')
  })
})

describe('POST /sign-in 303', () => {
  test('starts a session and leads on', async () => {
    const { email } = await person('alice')
    const browser = new Browser()
    expect(await signIn(browser, email)).toMatchObject({ status: 303, location: '/account' })
    expect((await browser.open('/account')).html).toContain(email)
  })

  test('leads back to the authorization request as it came', async () => {
    const { email } = await person('alice')
    const path = `/oauth/authorize?${authorizationQuery(await application())}`
    expect(await signIn(new Browser(), email, path)).toMatchObject({ status: 303, location: path })
  })

  test('takes the address in capitals and with spaces around it', async () => {
    await person('alice')
    expect(await signIn(new Browser(), ' Alice@Example.COM ')).toMatchObject({ status: 303 })
  })

  test('sets the session cookie for this host only, out of reach of scripts', async () => {
    const { email } = await person('alice')
    const answer = await signIn(new Browser(), email)
    const cookie = answer.headers.getSetCookie().find((line) => line.startsWith(SESSION_COOKIE))
    expect(cookie).toMatch(/^__Host-.*; Path=\/; Secure; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
  })

  /** Session fixation: an attacker who knows the cookie from before must not be signed in by it. */
  test('changes the session cookie, and the one from before is worth nothing', async () => {
    const browser = await signedIn('alice')
    const before = browser.cookies[SESSION_COOKIE] ?? ''
    await signIn(browser, 'alice@example.com')
    expect(browser.cookies[SESSION_COOKIE]).not.toBe(before)
    const attacker = new Browser()
    attacker.setCookie(SESSION_COOKIE, before)
    expect(await attacker.open('/account')).toMatchObject({ status: 303 })
    expect(await countSessions()).toBe(1)
  })

  test('does not take over a session cookie that was planted', async () => {
    const planted = 'A'.repeat(43)
    const { email } = await person('alice')
    const browser = new Browser()
    browser.setCookie(SESSION_COOKIE, planted)
    await signIn(browser, email)
    expect(browser.cookies[SESSION_COOKIE]).not.toBe(planted)
  })
})

describe('POST /sign-in 400', () => {
  test.each([
    ['a continue to elsewhere', { continue: 'https://evil.example/' }],
    ['a password over its bound', { password: 'x'.repeat(passwordCharactersMax + 1) }],
    ['an address over its bound', { email: `${'x'.repeat(emailCharactersMax)}@example.com` }],
    ['a body over its bound', { extra: 'x'.repeat(pageFormBytesMax) }],
  ])('refuses %s, and nobody is signed in', async (_, fields) => {
    const { email } = await person('alice')
    const browser = new Browser()
    const form = await browser.open('/sign-in')
    expect(await browser.submit(form, { email, password, ...fields })).toMatchObject({
      status: 400,
      location: null,
    })
    expect(await countSessions()).toBe(0)
  })

  test('refuses broken escapes and repeated fields', async () => {
    const browser = new Browser()
    expect(await browser.post('/sign-in', 'email=%zz')).toMatchObject({ status: 400 })
    expect(await browser.post('/sign-in', 'email=a&email=b')).toMatchObject({ status: 400 })
  })
})

describe('POST /sign-in 403', () => {
  /** Login CSRF: a form on another site would sign the victim into the attacker's account. */
  test('takes no form that another site made, even with a token of the attacker’s own', async () => {
    const { email } = await person('mallory')
    const theirs = hiddenFields(await new Browser().open('/sign-in'))
    const victim = new Browser()
    await victim.open('/sign-in')
    for (const fields of [{}, theirs, { form_token: '1795000000.AAAAAAAAAAAAAAAAAAAAAA' }]) {
      expect(await victim.post('/sign-in', { ...fields, email, password })).toMatchObject({ status: 403 })
    }
    expect(await countSessions()).toBe(0)
  })

  test('takes no form with its destination changed', async () => {
    const { email } = await person('alice')
    const browser = new Browser()
    const form = await browser.open('/sign-in')
    const path = `/oauth/authorize?${authorizationQuery(await application())}`
    expect(await browser.submit(form, { email, password, continue: path })).toMatchObject({ status: 403 })
    expect(await countSessions()).toBe(0)
  })

  test('shows a form that was open too long anew, and that one works', async () => {
    const { email } = await person('alice')
    const browser = new Browser()
    const form = await browser.open('/sign-in')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + formTtlSeconds * 1000 })
    const again = await browser.submit(form, { email, password })
    expect(again.status).toBe(403)
    expect(again.html).toContain('open too long')
    expect(again.html).toContain(`value="${email}"`)
    expect(await browser.submit(again, { email, password })).toMatchObject({ status: 303 })
  })
})

describe('POST /sign-in 422', () => {
  /** The same answer, or the form would tell who has an account. */
  test('answers an unknown address and a wrong password alike, to the letter', async () => {
    await person('alice')
    const answers = await Promise.all(
      ['alice@example.com', 'nobody@example.com'].map(async (email) => {
        const browser = new Browser()
        const page = await browser.submit(await browser.open('/sign-in'), { email, password: 'wrong' })
        const text = page.html.replaceAll(email, 'EMAIL').replace(/name="form_token" value="[^"]+"/, '')
        return {
          status: page.status,
          text,
          headers: Object.fromEntries(page.headers),
          cookies: Object.keys(browser.cookies),
        }
      }),
    )
    const [known, unknown] = answers.map(({ headers: { 'x-request-id': _, ...headers }, ...rest }) => ({
      ...rest,
      headers,
    }))
    expect(known).toMatchObject({ status: 422, cookies: [FORM_COOKIE] })
    expect(known).toEqual(unknown)
    expect(await countSessions()).toBe(0)
  })

  test('says it where a screen reader hears it, keeps the address, and never shows the password', async () => {
    const browser = new Browser()
    const page = await browser.submit(await browser.open('/sign-in'), {
      email: 'a"b@example.com',
      password: 'hunter2!',
    })
    expect(page.html).toMatch(/id="sign-in-notice" role="alert"/)
    expect(page.html).toContain('aria-describedby="sign-in-notice"')
    expect(page.html).toContain('value="a&quot;b@example.com"')
    expect(page.html).not.toContain('hunter2!')
  })

  test.each<Fields>([{ email: 'alice@example.com' }, { password }, {}])(
    'asks for what is missing in %j',
    async (fields) => {
      await person('alice')
      const browser = new Browser()
      const page = await browser.submit(await browser.open('/sign-in'), fields)
      expect(page.status).toBe(422)
      expect(page.html).toContain('Enter your e-mail address and your password.')
    },
  )
})
