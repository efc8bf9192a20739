import { afterEach, describe, expect, test, vi } from 'vitest'

import { LimiterShell } from '../../../src/limits/limiter.object.ts'
import { failedSignInsPerAddressPerMinute, failedSignInsPerMinute } from '../../../src/platform/bounds.ts'
import { Browser } from '../../support/people/browser.ts'
import { countSessions, password, person, signIn, spend } from '../../support/people/cast.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('POST /sign-in 429', () => {
  const address = '198.51.100.1'

  test('stops guesses at one account from one address, even with the right password, and says for how long', async () => {
    const { email } = await person('alice')
    await spend({ kind: 'sign_in', account: email, address }, failedSignInsPerMinute - 1)
    const guesser = new Browser(address)
    const form = await guesser.open('/sign-in')
    expect(await guesser.submit(form, { email, password: 'guess' })).toMatchObject({ status: 422 })

    const refused = await guesser.submit(form, { email: email.toUpperCase(), password })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(refused.html).toMatch(/Too many attempts\. Wait \d+ seconds, then try again\./)
    expect(await countSessions()).toBe(0)
    expect(await signIn(new Browser('198.51.100.2'), email)).toMatchObject({ status: 303 })
  })

  test('stops guesses at many accounts from one address', async () => {
    await spend({ kind: 'sign_in_address', address }, failedSignInsPerAddressPerMinute - 1)
    const guesser = new Browser(address)
    const form = await guesser.open('/sign-in')
    expect(await guesser.submit(form, { email: 'a@example.com', password })).toMatchObject({ status: 422 })
    expect(await guesser.submit(form, { email: 'b@example.com', password })).toMatchObject({ status: 429 })
  })

  test('does not count right passwords', async () => {
    const { email } = await person('alice')
    await spend({ kind: 'sign_in', account: email, address }, failedSignInsPerMinute - 1)
    expect(await signIn(new Browser(address), email)).toMatchObject({ status: 303 })
    expect(await signIn(new Browser(address), email)).toMatchObject({ status: 303 })
  })
})

describe('POST /sign-in 503', () => {
  /** A limiter that is down must not become a way to guess without limit. */
  test('lets nobody in while attempts cannot be counted, and says so in a page', async () => {
    const { email } = await person('alice')
    vi.spyOn(LimiterShell.prototype, 'take').mockRejectedValue(new Error('unreachable'))
    const answer = await signIn(new Browser(), email)
    expect(answer.status).toBe(503)
    expect(answer.html).toContain('Signing in is not possible right now')
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await countSessions()).toBe(0)
  })
})
