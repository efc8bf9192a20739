import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { LimiterShell } from '../../../src/limits/limiter.object.ts'
import { failedSignInsPerAddressPerMinute } from '../../../src/platform/bounds.ts'
import { Browser } from '../../support/people/browser.ts'
import { application, authorizationQuery, countSessions, signedIn, spend } from '../../support/people/cast.ts'
import { toSecondFactor } from '../../support/people/factors.ts'
import { SoftPasskey } from '../../support/people/soft-passkey.ts'

const ENROL = '/account/security/passkey'
const SIGN_IN = '/sign-in/passkey'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A passkey of Alice's, who is signed in nowhere. */
async function passkeyOfAlice(): Promise<SoftPasskey> {
  const browser = await signedIn('alice')
  const passkey = await SoftPasskey.make()
  const page = await browser.open(ENROL)
  await browser.submit(page, { credential: await passkey.create(page) })
  await env.DB.prepare('DELETE FROM sessions').run()
  return passkey
}

async function amrOfSession(): Promise<unknown> {
  const row = await env.DB.prepare('SELECT amr FROM sessions').first<{ amr: string }>()
  return JSON.parse(row?.amr ?? 'null')
}

describe('GET /sign-in/passkey 200', () => {
  test('asks for any passkey of this host, and names nobody', async () => {
    const page = await new Browser().open(SIGN_IN)
    expect(page.status).toBe(200)
    expect(page.html).toContain('&quot;allowCredentials&quot;:[]')
    expect(page.html).toContain('&quot;userVerification&quot;:&quot;required&quot;')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
  })

  test('is reached from the page of the password, which keeps its policy without scripts', async () => {
    const page = await new Browser().open('/sign-in?continue=/account/security')
    expect(page.html).toContain('href="/sign-in/passkey?continue=%2Faccount%2Fsecurity"')
    expect(page.headers.get('content-security-policy')).not.toContain('script-src')
  })
})

describe('GET /sign-in/passkey 400', () => {
  test('will not lead on to elsewhere', async () => {
    expect(await new Browser().open(`${SIGN_IN}?continue=//evil.example`)).toMatchObject({ status: 400 })
  })
})

describe('POST /sign-in/passkey 303', () => {
  test('signs in with the passkey alone, as with two factors, and leads on', async () => {
    const passkey = await passkeyOfAlice()
    const browser = new Browser()
    const path = `/oauth/authorize?${authorizationQuery(await application())}`
    const page = await browser.open(`${SIGN_IN}?continue=${encodeURIComponent(path)}`)
    expect(await browser.submit(page, { credential: await passkey.get(page) })).toMatchObject({
      status: 303,
      location: path,
    })
    expect(await amrOfSession()).toEqual(['pop', 'user', 'mfa'])
    expect((await browser.open('/account')).html).toContain('alice@example.com')
  })

  test('takes the passkey as second factor, too', async () => {
    const passkey = await passkeyOfAlice()
    const browser = new Browser()
    const page = await toSecondFactor(browser, 'alice@example.com')
    expect(page.html).toContain(passkey.credential_id)
    expect(await browser.submit(page, { credential: await passkey.get(page) })).toMatchObject({
      status: 303,
      location: '/account',
    })
    expect(await amrOfSession()).toEqual(['pwd', 'pop', 'user', 'mfa'])
  })

  test('takes a passkey that keeps no counter, again and again', async () => {
    const passkey = await passkeyOfAlice()
    for (let times = 0; times < 2; times += 1) {
      const browser = new Browser()
      const page = await browser.open(SIGN_IN)
      expect(
        await browser.submit(page, { credential: await passkey.get(page, { counter: 0 }) }),
      ).toMatchObject({
        status: 303,
      })
    }
  })
})

describe('POST /sign-in/passkey 400', () => {
  test('refuses what is over its bound', async () => {
    const browser = new Browser()
    const page = await browser.open(SIGN_IN)
    expect(await browser.submit(page, { credential: 'x'.repeat(20_000) })).toMatchObject({ status: 400 })
  })
})

describe('POST /sign-in/passkey 403', () => {
  test('takes no form of another site: nobody is signed in as somebody else', async () => {
    const passkey = await passkeyOfAlice()
    const mallory = new Browser()
    const theirs = await mallory.open(SIGN_IN)
    const credential = await passkey.get(theirs)
    const victim = new Browser()
    await victim.open(SIGN_IN)
    expect(await victim.post(SIGN_IN, { credential })).toMatchObject({ status: 403 })
    expect(await victim.submit(theirs, { credential })).toMatchObject({ status: 403 })
    expect(await countSessions()).toBe(0)
  })
})

describe('POST /sign-in/passkey 422', () => {
  test.each([
    ['nothing', ''],
    ['what is no JSON', '{'],
    ['JSON of another shape', '{"id":"x"}'],
  ])('signs nobody in for %s', async (_, credential) => {
    const browser = new Browser()
    const page = await browser.open(SIGN_IN)
    expect(await browser.submit(page, { credential })).toMatchObject({ status: 422 })
    expect(await countSessions()).toBe(0)
  })

  test('signs nobody in with a passkey that was removed', async () => {
    const passkey = await passkeyOfAlice()
    await env.DB.prepare('DELETE FROM passkeys').run()
    const browser = new Browser()
    const page = await browser.open(SIGN_IN)
    expect(await browser.submit(page, { credential: await passkey.get(page) })).toMatchObject({ status: 422 })
    expect(await countSessions()).toBe(0)
  })
})

describe('POST /sign-in/passkey 429', () => {
  test('counts refused passkeys of an address together with its wrong passwords', async () => {
    await spend({ kind: 'sign_in_address', address: '203.0.113.7' }, failedSignInsPerAddressPerMinute)
    const browser = new Browser()
    const page = await browser.open(SIGN_IN)
    const refused = await browser.submit(page, { credential: '{}' })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('POST /sign-in/passkey 503', () => {
  test('lets nobody in while attempts cannot be counted', async () => {
    const browser = new Browser()
    const page = await browser.open(SIGN_IN)
    vi.spyOn(LimiterShell.prototype, 'take').mockRejectedValue(new Error('unreachable'))
    expect(await browser.submit(page, { credential: '{}' })).toMatchObject({ status: 503 })
  })
})
