import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { LimiterShell } from '../../../src/limits/limiter.object.ts'
import { mailRequestsPerAddressPerHour, resetLinkTtlSeconds } from '../../../src/platform/account-bounds.ts'
import { publicClient } from '../../support/oauth/clients.ts'
import { ADDRESS, redemptionOf } from '../../support/oauth/world.ts'
import { spend } from '../../support/people/cast.ts'
import {
  accountLinks,
  askForMail,
  count,
  faceOf,
  mails,
  mailWorld,
  newestLink,
  newPassword,
  signInBy,
  storedHash,
} from '../../support/people/mail-world.ts'

const email = 'alice@example.com'

afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

/** Alice has an account, asked for a new password and was mailed a link. */
async function mailed() {
  const world = await mailWorld()
  const account = await world.person('alice')
  const alice = world.visit()
  await askForMail(alice, '/reset-password', email)
  return { ...world, account, alice, link: await newestLink(email) }
}

describe('GET /reset-password 200', () => {
  test('asks for the address, in both languages', async () => {
    const { send } = await mailWorld()
    const page = await send('/reset-password')
    expect(page).toMatchObject({ status: 200 })
    expect(page.text).toMatch(/<label for="email">.*<input id="email"[^>]* autocomplete="email"/)
    const german = await send('/reset-password?ui_locales=de')
    expect(german.text).toContain('Passwort vergessen')
  })
})

describe('GET /reset-password 400', () => {
  test('refuses a repeated parameter', async () => {
    const { send } = await mailWorld()
    expect(await send('/reset-password?a=1&a=2')).toMatchObject({ status: 400 })
  })
})

describe('GET /reset-password 503', () => {
  test('says that this deployment cannot send e-mail', async () => {
    const { send } = await mailWorld({ loopbackIsAllowed: false, mailSender: undefined })
    expect(await send('/reset-password')).toMatchObject({ status: 503 })
  })
})

describe('POST /reset-password 200', () => {
  test('mails the holder a link, strangers nothing, and answers both alike', async () => {
    const { visit, person } = await mailWorld()
    await person('alice')
    const known = await askForMail(visit(), '/reset-password', ' Alice@example.com')
    const unknown = await askForMail(visit(), '/reset-password', 'nobody@example.com')
    expect(faceOf(known, email)).toEqual(faceOf(unknown, 'nobody@example.com'))
    expect(await mails()).toMatchObject([{ to: email, subject: 'Choose a new password' }])
  })

  test('ends the links of earlier mails', async () => {
    const { alice, link } = await mailed()
    await askForMail(alice, '/reset-password', email)
    expect(await alice.open(link)).toMatchObject({ status: 404 })
    expect(await alice.open(await newestLink(email))).toMatchObject({ status: 200 })
  })
})

describe('POST /reset-password 400', () => {
  test('refuses an address over its bound', async () => {
    const { visit } = await mailWorld()
    const page = await askForMail(visit(), '/reset-password', `${'x'.repeat(254)}@example.com`)
    expect(page).toMatchObject({ status: 400 })
  })
})

describe('POST /reset-password 403', () => {
  test('mails nothing for a form that we did not show', async () => {
    const { send, person } = await mailWorld()
    await person('alice')
    const body = new URLSearchParams({ email })
    expect(await send('/reset-password', { method: 'POST', body })).toMatchObject({ status: 403 })
    expect(await mails()).toEqual([])
  })
})

describe('POST /reset-password 422', () => {
  test('does not take for an address what is none', async () => {
    const { visit } = await mailWorld()
    expect(await askForMail(visit(), '/reset-password', 'alice')).toMatchObject({ status: 422 })
  })
})

describe('POST /reset-password 429', () => {
  test('stops a flood from one network address', async () => {
    const { visit, person } = await mailWorld()
    await person('alice')
    await spend({ kind: 'mail_request', address: ADDRESS }, mailRequestsPerAddressPerHour)
    const page = await askForMail(visit(), '/reset-password', email)
    expect(page).toMatchObject({ status: 429 })
    expect(page.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await mails()).toEqual([])
  })
})

describe('POST /reset-password 503', () => {
  test('mails nothing where no mail can be sent', async () => {
    const { send } = await mailWorld({ loopbackIsAllowed: false, mailSender: undefined })
    const body = new URLSearchParams({ email })
    expect(await send('/reset-password', { method: 'POST', body })).toMatchObject({ status: 503 })
  })

  test('mails nothing while mails cannot be counted', async () => {
    const { visit, person } = await mailWorld()
    await person('alice')
    vi.spyOn(LimiterShell.prototype, 'take').mockRejectedValue(new Error('unreachable'))
    expect(await askForMail(visit(), '/reset-password', email)).toMatchObject({ status: 503 })
    expect(await mails()).toEqual([])
  })
})

describe('GET /reset-password/confirm 200', () => {
  test('shows a form for the new password as often as it is opened, and changes nothing', async () => {
    const { alice, link } = await mailed()
    await alice.open(link)
    const page = await alice.open(link)
    expect(page).toMatchObject({ status: 200 })
    expect(page.text).toMatch(/<label for="password">.*<input id="password"[^>]* autocomplete="new-password"/)
    expect(await storedHash(email)).toBe('no password')
  })
})

describe('GET /reset-password/confirm 400', () => {
  test('refuses a link without its token', async () => {
    const { send } = await mailWorld()
    expect(await send('/reset-password/confirm')).toMatchObject({ status: 400 })
  })
})

describe('GET /reset-password/confirm 404', () => {
  test('shows no form behind a link that is too old', async () => {
    const { alice, link } = await mailed()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + resetLinkTtlSeconds * 1000 })
    expect(await alice.open(link)).toMatchObject({ status: 404 })
  })
})

describe('POST /reset-password/confirm 200', () => {
  test('sets the password, ends every session, signs nobody in, and says so by mail', async () => {
    const { alice, link, account, cookieOf } = await mailed()
    await cookieOf(account)
    await cookieOf(account)
    const done = await alice.submit(await alice.open(link), { password: newPassword })
    expect(done).toMatchObject({ status: 200 })
    expect(done.text).toContain('Your password was changed')
    expect(done.headers.getSetCookie()).toEqual([])
    expect(await count('sessions')).toBe(0)
    expect(await mails()).toMatchObject([{ to: email, subject: 'Your password was changed' }, {}])
    expect((await signInBy(alice, email, newPassword)).text).toContain(email)
  })

  /** Whoever knew the old password may have let an application of theirs in. */
  test('takes back what applications got in those sessions', async () => {
    const { alice, link, account, cookieOf, register, codeFor, post } = await mailed()
    const client = await register({ ...publicClient(), first_party: true })
    const code = await codeFor(client, await cookieOf(account))
    const { refresh_token } = (await post('/oauth/token', redemptionOf(client, code))).body
    await alice.submit(await alice.open(link), { password: newPassword })
    const refresh = {
      grant_type: 'refresh_token',
      client_id: client.client_id,
      refresh_token: String(refresh_token),
    }
    const refused = await post('/oauth/token', refresh)
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('leaves the sessions of everybody else alone', async () => {
    const { alice, link, cookieOf, person, send } = await mailed()
    const cookie = await cookieOf(await person('bob'))
    await alice.submit(await alice.open(link), { password: newPassword })
    expect(await send('/account', { headers: { cookie } })).toMatchObject({ status: 200 })
  })
})

describe('POST /reset-password/confirm 400', () => {
  test('refuses a password over its bound, and the link still works', async () => {
    const { alice, link } = await mailed()
    const form = await alice.open(link)
    expect(await alice.submit(form, { password: 'x'.repeat(257) })).toMatchObject({ status: 400 })
    expect(await alice.open(link)).toMatchObject({ status: 200 })
  })
})

describe('POST /reset-password/confirm 403', () => {
  test('shows a form that is not ours anew, and changes nothing', async () => {
    const { alice, link } = await mailed()
    const form = await alice.open(link)
    const again = await alice.submit(form, { password: newPassword, form_token: '' })
    expect(again).toMatchObject({ status: 403 })
    expect(again.text).toContain('open too long')
    expect(await storedHash(email)).toBe('no password')
  })
})

describe('POST /reset-password/confirm 404', () => {
  test('changes nothing by a link that was used', async () => {
    const { alice, link } = await mailed()
    const form = await alice.open(link)
    await alice.submit(form, { password: newPassword })
    const set = await storedHash(email)
    expect(await alice.submit(form, { password: 'what the thief wants' })).toMatchObject({ status: 404 })
    expect(await storedHash(email)).toBe(set)
  })

  test('changes nothing once the account has another address', async () => {
    const { alice, link } = await mailed()
    const form = await alice.open(link)
    await env.DB.prepare("UPDATE accounts SET email = 'new@example.com'").run()
    expect(await alice.submit(form, { password: newPassword })).toMatchObject({ status: 404 })
    expect(await storedHash('new@example.com')).toBe('no password')
  })
})

describe('POST /reset-password/confirm 422', () => {
  test.each(['', 'short', '1q2w3e4r', 'Alice@example.com'])(
    'does not take the password %j',
    async (password) => {
      const { alice, link } = await mailed()
      const form = await alice.open(link)
      expect(await alice.submit(form, { password })).toMatchObject({ status: 422 })
      expect(await storedHash(email)).toBe('no password')
      expect(await alice.open(link)).toMatchObject({ status: 200 })
    },
  )
})

describe('the link of a forgotten password', () => {
  test('followed fifty times at once changes the password once', async () => {
    const { account, cookieOf } = await mailed()
    const row = await env.DB.prepare('SELECT link_digest FROM account_links').first<{ link_digest: string }>()
    const link = { link_digest: row?.link_digest ?? '', account_id: account.account_id, email }
    await cookieOf(account)
    const hashes = Array.from({ length: 50 }, (_, at) => `hash ${at}`)
    const set = await Promise.all(hashes.map((hash) => accountLinks.resetPassword(link, hash, Date.now())))
    expect(set.filter((isSet) => isSet)).toEqual([true])
    expect(await storedHash(email)).toBe(hashes[set.indexOf(true)])
    expect(await count('sessions')).toBe(0)
    expect(await count('account_links')).toBe(0)
  })

  test('that was spent ends no session that began since', async () => {
    const { account, cookieOf } = await mailed()
    const row = await env.DB.prepare('SELECT link_digest FROM account_links').first<{ link_digest: string }>()
    const link = { link_digest: row?.link_digest ?? '', account_id: account.account_id, email }
    await accountLinks.resetPassword(link, 'a hash', Date.now())
    await cookieOf(account)
    expect(await accountLinks.resetPassword(link, 'another hash', Date.now())).toBe(false)
    expect(await count('sessions')).toBe(1)
  })
})
