import { afterEach, describe, expect, test, vi } from 'vitest'

import { LimiterShell } from '../../../src/limits/limiter.object.ts'
import { formTtlSeconds } from '../../../src/platform/bounds.ts'
import { askForMail, count, faceOf, mails, mailWorld, newestLink } from '../../support/people/mail-world.ts'
import { spend } from '../../support/people/cast.ts'
import { mailRequestsPerAddressPerHour } from '../../../src/platform/account-bounds.ts'
import { ADDRESS } from '../../support/oauth/world.ts'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

describe('GET /sign-up 200', () => {
  test('asks for the address only, in a form that a screen reader understands and nobody may cache', async () => {
    const { send } = await mailWorld()
    const page = await send('/sign-up')
    expect(page).toMatchObject({ status: 200 })
    expect(page.text).toMatch(
      /<label for="email">.*<input id="email"[^>]* type="email"[^>]* autocomplete="email"/,
    )
    expect(page.text).not.toContain('type="password"')
    expect(page.headers.get('cache-control')).toBe('no-store')
  })

  test('speaks German to who asks for it', async () => {
    const { send } = await mailWorld()
    const page = await send('/sign-up', { headers: { 'accept-language': 'de-AT,de;q=0.9' } })
    expect(page.text).toContain('<html lang="de">')
    expect(page.text).toContain('Konto anlegen')
  })

  test('is reached from the sign-in page, and leads back there with what waits', async () => {
    const { send } = await mailWorld()
    const waiting = encodeURIComponent('/oauth/authorize?client_id=app')
    const signIn = await send(`/sign-in?continue=${waiting}`)
    expect(signIn.text).toContain(`href="/sign-up?continue=${waiting}"`)
    expect(signIn.text).toContain('href="/reset-password"')
    const signUp = await send(`/sign-up?continue=${waiting}`)
    expect(signUp.text).toContain(`href="/sign-in?continue=${waiting}"`)
  })
})

describe('GET /sign-up 400', () => {
  test('will not lead on to elsewhere', async () => {
    const { send } = await mailWorld()
    const page = await send(`/sign-up?continue=${encodeURIComponent('https://evil.example/')}`)
    expect(page).toMatchObject({ status: 400 })
    expect(page.text).not.toContain('evil.example')
  })
})

describe('GET /sign-up 404', () => {
  test('says that nobody can sign up here, and the sign-in page does not lead there', async () => {
    const { send } = await mailWorld({ signUpIsOpen: false })
    const page = await send('/sign-up')
    expect(page).toMatchObject({ status: 404 })
    expect(page.text).toContain('Nobody can sign up here')
    expect((await send('/sign-in')).text).not.toContain('/sign-up')
  })
})

describe('GET /sign-up 503', () => {
  test('says that this deployment cannot send e-mail, and the sign-in page leads to nothing that needs it', async () => {
    const { send } = await mailWorld({ loopbackIsAllowed: false, mailSender: undefined })
    const page = await send('/sign-up')
    expect(page).toMatchObject({ status: 503 })
    expect(page.text).toContain('E-mail cannot be sent here')
    expect((await send('/sign-in')).text).not.toMatch(/\/sign-up|\/reset-password/)
  })
})

describe('POST /sign-up 200', () => {
  test('mails a link and makes nothing yet', async () => {
    const { visit } = await mailWorld()
    const answer = await askForMail(visit(), '/sign-up', 'Ada@Example.com ')
    expect(answer).toMatchObject({ status: 200 })
    expect(await mails()).toMatchObject([{ to: 'ada@example.com', subject: 'Create your account' }])
    expect(await newestLink('ada@example.com')).toMatch(/^\/sign-up\/confirm\?token=/)
    expect(await count('accounts')).toBe(0)
  })

  test('tells the holder of an account that somebody tried, and answers as if there were none', async () => {
    const { visit, person } = await mailWorld()
    await person('alice')
    const taken = await askForMail(visit(), '/sign-up', 'alice@example.com')
    const free = await askForMail(visit(), '/sign-up', 'nobody@example.com')
    expect(faceOf(taken, 'alice@example.com')).toEqual(faceOf(free, 'nobody@example.com'))
    const [, toAlice] = await mails()
    expect(toAlice).toMatchObject({ to: 'alice@example.com', subject: 'You already have an account' })
    expect(toAlice?.text).not.toContain('token=')
    expect(await count('sign_ups')).toBe(1)
  })
})

describe('POST /sign-up 400', () => {
  test.each([
    ['a continue to elsewhere', { continue: 'https://evil.example/' }],
    ['an address over its bound', { email: `${'x'.repeat(254)}@example.com` }],
  ])('refuses %s, and no mail is sent', async (_, fields) => {
    const { visit } = await mailWorld()
    const ada = visit()
    const form = await ada.open('/sign-up')
    expect(await ada.submit(form, { email: 'ada@example.com', ...fields })).toMatchObject({ status: 400 })
    expect(await mails()).toEqual([])
  })
})

describe('POST /sign-up 403', () => {
  test('shows a form that was open too long anew, and that one works', async () => {
    const { visit } = await mailWorld()
    const ada = visit()
    const form = await ada.open('/sign-up')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + formTtlSeconds * 1000 })
    const again = await ada.submit(form, { email: 'ada@example.com' })
    expect(again).toMatchObject({ status: 403 })
    expect(again.text).toContain('open too long')
    expect(await mails()).toEqual([])
    expect(await ada.submit(again, { email: 'ada@example.com' })).toMatchObject({ status: 200 })
  })
})

describe('POST /sign-up 404', () => {
  test('mails nothing where nobody can sign up', async () => {
    const { send } = await mailWorld({ signUpIsOpen: false })
    const body = new URLSearchParams({ email: 'ada@example.com' })
    expect(await send('/sign-up', { method: 'POST', body })).toMatchObject({ status: 404 })
    expect(await mails()).toEqual([])
  })
})

describe('POST /sign-up 422', () => {
  test.each(['', 'ada', 'ada@', 'ada@localhost', 'a,b@example.com', '"ada lovelace"@example.com'])(
    'does not take %j for an address, and says so where a screen reader hears it',
    async (email) => {
      const { visit } = await mailWorld()
      const page = await askForMail(visit(), '/sign-up', email)
      expect(page).toMatchObject({ status: 422 })
      expect(page.text).toContain('role="alert"')
      expect(page.text).toContain('aria-describedby="mail-request-notice"')
      expect(await mails()).toEqual([])
    },
  )
})

describe('POST /sign-up 429', () => {
  test('stops a flood from one network address, and says for how long', async () => {
    const { visit } = await mailWorld()
    await spend({ kind: 'mail_request', address: ADDRESS }, mailRequestsPerAddressPerHour)
    const page = await askForMail(visit(), '/sign-up', 'ada@example.com')
    expect(page).toMatchObject({ status: 429 })
    expect(Number(page.headers.get('retry-after'))).toBeGreaterThan(3_500)
    expect(page.text).toMatch(/Wait \d+ minutes/)
    expect(await mails()).toEqual([])
  })
})

describe('POST /sign-up 503', () => {
  test('mails nothing where no mail can be sent', async () => {
    const { send } = await mailWorld({ loopbackIsAllowed: false, mailSender: undefined })
    const body = new URLSearchParams({ email: 'ada@example.com' })
    expect(await send('/sign-up', { method: 'POST', body })).toMatchObject({ status: 503 })
    expect(await count('sign_ups')).toBe(0)
  })

  test('mails nothing while mails cannot be counted', async () => {
    const { visit } = await mailWorld()
    vi.spyOn(LimiterShell.prototype, 'take').mockRejectedValue(new Error('unreachable'))
    expect(await askForMail(visit(), '/sign-up', 'ada@example.com')).toMatchObject({ status: 503 })
    expect(await mails()).toEqual([])
  })
})
