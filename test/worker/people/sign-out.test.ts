import { afterEach, describe, expect, test, vi } from 'vitest'

import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import { formTtlSeconds } from '../../../src/platform/bounds.ts'
import { Browser } from '../../support/people/browser.ts'
import { countSessions, signedIn } from '../../support/people/cast.ts'
import { hiddenFields } from '../../support/people/form.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('GET /sign-out 200', () => {
  test('asks whoever is signed in, and ends nothing by being opened', async () => {
    const browser = await signedIn('alice')
    const page = await browser.open('/sign-out')
    expect(page).toMatchObject({ status: 200 })
    expect(page.html).toContain('alice@example.com')
    expect(await countSessions()).toBe(1)
  })

  test('says that nobody is signed in', async () => {
    const page = await new Browser().open('/sign-out')
    expect(page).toMatchObject({ status: 200 })
    expect(page.html).toContain('You are signed out')
  })
})

describe('GET /sign-out 400', () => {
  test('refuses a query that cannot be read', async () => {
    expect(await new Browser().open('/sign-out?a=%zz')).toMatchObject({ status: 400 })
  })
})

describe('POST /sign-out 303', () => {
  test('ends the session: the cookie is gone, and worth nothing to who kept it', async () => {
    const browser = await signedIn('alice')
    const kept = browser.cookies[SESSION_COOKIE] ?? ''
    const answer = await browser.submit(await browser.open('/sign-out'), {})
    expect(answer).toMatchObject({ status: 303, location: '/sign-out' })
    expect(browser.cookies).toEqual({})
    expect(await countSessions()).toBe(0)
    browser.setCookie(SESSION_COOKIE, kept)
    expect(await browser.open('/account')).toMatchObject({ status: 303 })
  })

  test('is no fault when nobody is signed in any more', async () => {
    expect(await new Browser().post('/sign-out', {})).toMatchObject({ status: 303, location: '/sign-out' })
  })
})

describe('POST /sign-out 400', () => {
  test('refuses a form that cannot be read, and the session goes on', async () => {
    const browser = await signedIn('alice')
    expect(await browser.post('/sign-out', 'form_token=a&form_token=b')).toMatchObject({ status: 400 })
    expect(await countSessions()).toBe(1)
  })
})

describe('POST /sign-out 403', () => {
  test('takes no form that another site made', async () => {
    const theirs = hiddenFields(await (await signedIn('mallory')).open('/sign-out'))
    const browser = await signedIn('alice')
    for (const fields of [{}, theirs]) {
      expect(await browser.post('/sign-out', fields)).toMatchObject({ status: 403 })
    }
    expect(await browser.open('/account')).toMatchObject({ status: 200 })
  })

  test('asks again when the page was open too long', async () => {
    const browser = await signedIn('alice')
    const form = await browser.open('/sign-out')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + formTtlSeconds * 1000 })
    const again = await browser.submit(form, {})
    expect(again).toMatchObject({ status: 403 })
    expect(await browser.submit(again, {})).toMatchObject({ status: 303 })
  })
})
