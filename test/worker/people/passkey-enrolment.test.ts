import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { factorChangeFreshSeconds } from '../../../src/platform/factor-bounds.ts'
import { Browser } from '../../support/people/browser.ts'
import { signedIn } from '../../support/people/cast.ts'
import { codesIn, PASSKEY, withPasskey } from '../../support/people/enrolment.ts'
import { SoftPasskey } from '../../support/people/soft-passkey.ts'

const LIST = '/account/security'

afterEach(() => {
  vi.useRealTimers()
})

function later(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

async function count(): Promise<number> {
  const row = await env.DB.prepare('SELECT count(*) AS count FROM passkeys').first<{ count: number }>()
  return row?.count ?? 0
}

describe('GET /account/security/passkey 200', () => {
  test('asks for a key that is discoverable, checks its person, and is for this host', async () => {
    const page = await (await signedIn('alice')).open(PASSKEY)
    expect(page.html).toContain('&quot;residentKey&quot;:&quot;required&quot;')
    expect(page.html).toContain('&quot;userVerification&quot;:&quot;required&quot;')
    expect(page.html).toContain('&quot;id&quot;:&quot;localhost&quot;')
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self';")
    expect(page.html).toContain('<script type="module" src="/passkey.js">')
  })
})

describe('GET /account/security/passkey 303', () => {
  test('asks for a new sign-in when the last one is too long ago', async () => {
    const browser = await signedIn('alice')
    later(factorChangeFreshSeconds + 60)
    expect(await browser.open(PASSKEY)).toMatchObject({ status: 303 })
  })
})

describe('GET /account/security/passkey 400', () => {
  test('refuses a repeated parameter', async () => {
    expect(await new Browser().open(`${PASSKEY}?ui_locales=de&ui_locales=en`)).toMatchObject({ status: 400 })
  })
})

describe('POST /account/security/passkey 200', () => {
  test('adds the passkey, and shows recovery codes with the first factor', async () => {
    const { browser, added } = await withPasskey()
    expect(added.status).toBe(200)
    expect(codesIn(added)).toHaveLength(10)
    expect(await count()).toBe(1)
    expect((await browser.open(LIST)).html).toContain('Not used yet')
  })
})

describe('POST /account/security/passkey 303', () => {
  test('leads to the list when there are recovery codes already', async () => {
    const { browser } = await withPasskey()
    const page = await browser.open(PASSKEY)
    const another = await SoftPasskey.make()
    expect(await browser.submit(page, { credential: await another.create(page) })).toMatchObject({
      status: 303,
      location: LIST,
    })
    expect(await count()).toBe(2)
  })
})

describe('POST /account/security/passkey 400', () => {
  test('refuses what is over its bound', async () => {
    const browser = await signedIn('alice')
    const page = await browser.open(PASSKEY)
    expect(await browser.submit(page, { credential: 'x'.repeat(20_000) })).toMatchObject({ status: 400 })
  })
})

describe('POST /account/security/passkey 403', () => {
  test('takes no form of another site', async () => {
    const browser = await signedIn('alice')
    const passkey = await SoftPasskey.make()
    const credential = await passkey.create(await browser.open(PASSKEY))
    expect(await browser.post(PASSKEY, { credential })).toMatchObject({ status: 403 })
    expect(await count()).toBe(0)
  })
})

describe('POST /account/security/passkey 422', () => {
  test.each([
    ['nothing', {}, ''],
    ['what is no JSON', {}, '{'],
    ['a key of another origin', { origin: 'https://evil.example' }, undefined],
    ['a key for another host', { rpId: 'evil.example' }, undefined],
    ['a key that did not check its person', { flags: 0b100_0001 }, undefined],
    ['an answer to another challenge', { challenge: 'AAAA' }, undefined],
    ['an answer of another kind', { type: 'webauthn.get' }, undefined],
    ['an answer from within a frame', { crossOrigin: true }, undefined],
    ['an attestation that nobody asked for', { fmt: 'fido-u2f' }, undefined],
  ])('adds nothing for %s', async (_, deviation, text) => {
    const browser = await signedIn('alice')
    const page = await browser.open(PASSKEY)
    const passkey = await SoftPasskey.make()
    const credential = text ?? (await passkey.create(page, deviation))
    expect(await browser.submit(page, { credential })).toMatchObject({ status: 422 })
    expect(await count()).toBe(0)
  })
})
