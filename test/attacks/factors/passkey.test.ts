import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { Browser } from '../../support/people/browser.ts'
import { countSessions, signedIn } from '../../support/people/cast.ts'
import { toSecondFactor } from '../../support/people/factors.ts'
import { SoftPasskey } from '../../support/people/soft-passkey.ts'

const ENROL = '/account/security/passkey'
const SIGN_IN = '/sign-in/passkey'

/** A passkey of somebody, who is signed in nowhere. */
async function passkeyOf(name: string): Promise<SoftPasskey> {
  const browser = await signedIn(name)
  const passkey = await SoftPasskey.make()
  const page = await browser.open(ENROL)
  await browser.submit(page, { credential: await passkey.create(page) })
  await env.DB.prepare('DELETE FROM sessions').run()
  return passkey
}

async function refused(passkey: SoftPasskey, deviation: Parameters<SoftPasskey['get']>[1]): Promise<void> {
  const browser = new Browser()
  const page = await browser.open(SIGN_IN)
  const credential = await passkey.get(page, deviation)
  expect(await browser.submit(page, { credential })).toMatchObject({ status: 422 })
  expect(await countSessions()).toBe(0)
}

describe('somebody with a passkey that is not theirs to use', () => {
  test('brings the answer to a challenge a second time, and no second session begins', async () => {
    const passkey = await passkeyOf('alice')
    const browser = new Browser()
    const page = await browser.open(SIGN_IN)
    const form = browser.cookies['__Host-gatewright_form'] ?? ''
    const credential = await passkey.get(page, { counter: 0 })
    expect(await browser.submit(page, { credential })).toMatchObject({ status: 303 })
    const thief = new Browser()
    thief.setCookie('__Host-gatewright_form', form)
    expect(await thief.submit(page, { credential })).toMatchObject({ status: 422 })
    expect(await countSessions()).toBe(1)
  })

  test('brings an answer that was given to another browser', async () => {
    const passkey = await passkeyOf('alice')
    const credential = await passkey.get(await new Browser().open(SIGN_IN))
    const thief = new Browser()
    expect(await thief.submit(await thief.open(SIGN_IN), { credential })).toMatchObject({ status: 422 })
    expect(await countSessions()).toBe(0)
  })

  test('uses their own passkey as the second factor of somebody else', async () => {
    await passkeyOf('alice')
    const own = await passkeyOf('mallory')
    const browser = new Browser()
    const page = await toSecondFactor(browser, 'alice@example.com')
    expect(await browser.submit(page, { credential: await own.get(page) })).toMatchObject({ status: 422 })
    expect(await countSessions()).toBe(0)
  })

  test('says that their own passkey is of somebody else', async () => {
    await passkeyOf('alice')
    const own = await passkeyOf('mallory')
    await refused(own, { userHandle: btoa('alice').replaceAll('=', '') })
  })

  test('had it answer a page of another origin', async () => {
    await refused(await passkeyOf('alice'), { origin: 'https://evil.example' })
  })

  test('had it answer for another host', async () => {
    await refused(await passkeyOf('alice'), { rpId: 'evil.example' })
  })

  test('found it unlocked, and it did not check who holds it', async () => {
    await refused(await passkeyOf('alice'), { flags: 0b001 })
  })

  test('has a copy of it, whose counter is behind', async () => {
    const passkey = await passkeyOf('alice')
    const browser = new Browser()
    const page = await browser.open(SIGN_IN)
    await browser.submit(page, { credential: await passkey.get(page, { counter: 9 }) })
    await env.DB.prepare('DELETE FROM sessions').run()
    await refused(passkey, { counter: 9 })
  })

  test('made the challenge up', async () => {
    await refused(await passkeyOf('alice'), { challenge: 'AAAAAAAAAAAAAAAAAAAAAA' })
  })

  test('registers a passkey of somebody else as their own, and it stays whose it was', async () => {
    const passkey = await passkeyOf('alice')
    const mallory = await signedIn('mallory')
    const page = await mallory.open(ENROL)
    expect(await mallory.submit(page, { credential: await passkey.create(page) })).toMatchObject({
      status: 422,
    })
    const owner = await env.DB.prepare('SELECT account_id FROM passkeys').first('account_id')
    expect(owner).toBe('alice')
  })

  test('sends certificates along, and this server fetches nothing for them', async () => {
    const browser = await signedIn('alice')
    const page = await browser.open(ENROL)
    const passkey = await SoftPasskey.make()
    const credential = await passkey.create(page, { fmt: 'apple' })
    expect(await browser.submit(page, { credential })).toMatchObject({ status: 422 })
  })
})
