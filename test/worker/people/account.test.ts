import { afterEach, describe, expect, test, vi } from 'vitest'

import { sessionTtlSeconds } from '../../../src/platform/bounds.ts'
import { Browser } from '../../support/people/browser.ts'
import { signedIn } from '../../support/people/cast.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('GET /account 200', () => {
  test('shows who is signed in, and a button to sign out that works', async () => {
    const browser = await signedIn('alice')
    const page = await browser.open('/account')
    expect(page).toMatchObject({ status: 200 })
    expect(page.html).toContain('alice Example')
    expect(page.html).toContain('alice@example.com')
    expect(await browser.submit(page, {})).toMatchObject({ status: 303, location: '/sign-out' })
  })
})

describe('GET /account 303', () => {
  test('leads to sign-in and back', async () => {
    expect(await new Browser().open('/account')).toMatchObject({
      status: 303,
      location: '/sign-in?continue=%2Faccount',
    })
  })

  test('does the same once the session has ended', async () => {
    const browser = await signedIn('alice')
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + sessionTtlSeconds * 1000 })
    expect(await browser.open('/account')).toMatchObject({ status: 303 })
  })
})

describe('GET /account 400', () => {
  test('refuses a query that cannot be read', async () => {
    expect(await new Browser().open('/account?a=1&a=2')).toMatchObject({ status: 400 })
  })
})
