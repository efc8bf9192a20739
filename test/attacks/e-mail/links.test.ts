import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { issueLink, readLink } from '../../../src/accounts/e-mail-link.ts'
import { resetLinkTtlSeconds } from '../../../src/platform/account-bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { publicClient } from '../../support/oauth/clients.ts'
import { keys, newIsolate, redemptionOf } from '../../support/oauth/world.ts'
import {
  accountLinks,
  askForMail,
  faceOf,
  mails,
  mailWorld,
  newestLink,
  newPassword,
  signInBy,
  storedHash,
  tokenIn,
} from '../../support/people/mail-world.ts'

const email = 'alice@example.com'

/** Alice was mailed a link for a new password. */
async function mailed() {
  const world = await mailWorld()
  const account = await world.person('alice')
  const alice = world.visit()
  await askForMail(alice, '/reset-password', email)
  const link = await newestLink(email)
  const [, secret = ''] = tokenIn(link).split('.')
  return { ...world, account, alice, link, link_digest: sha256(secret) }
}

const untouched = 'no password'

/** A thief lets an application of theirs in, something comes between, Alice sets a new password, the application refreshes. */
async function letInBefore(request: { readonly scope: string }, between: () => Promise<void>) {
  const { alice, link, account, cookieOf, register, codeFor, post } = await mailed()
  const metadata = { scope: 'openid read offline_access' }
  const client = await register({ ...publicClient(metadata), first_party: true })
  const code = await codeFor(client, await cookieOf(account), request)
  const { refresh_token } = (await post('/oauth/token', redemptionOf(client, code))).body
  await between()
  await alice.submit(await alice.open(link), { password: newPassword })
  const { client_id } = client
  const fields = { grant_type: 'refresh_token', client_id, refresh_token: String(refresh_token) }
  return { refused: await post('/oauth/token', fields) }
}

describe('whoever attacks the links in mails', () => {
  test('does not learn from a forgotten password who has an account', async () => {
    const { visit, person } = await mailWorld()
    await person('alice')
    const known = await askForMail(visit(), '/reset-password', email)
    const unknown = await askForMail(visit(), '/reset-password', 'nobody@example.com')
    expect(faceOf(known, email)).toEqual(faceOf(unknown, 'nobody@example.com'))
  })

  test('sets no password by a link that confirms an address', async () => {
    const { account, visit } = await mailed()
    const { token, ...link } = issueLink('verify_email', keys.emailLinkMac, systemRandom, Date.now())
    await accountLinks.begin(link, 'verify_email', account, Date.now())
    const mallory = visit()
    expect(await mallory.open(`/reset-password/confirm?token=${token.reveal()}`)).toMatchObject({
      status: 404,
    })
    const read = readLink(token, 'reset_password', keys.emailLinkMac, Date.now())
    expect(read).toMatchObject({ failure: { reason: 'link_forged' } })
  })

  test('finds no link of one purpose in the table for another', async () => {
    const { link_digest } = await mailed()
    expect(await accountLinks.find(link_digest, 'verify_email', Date.now())).toBeUndefined()
  })

  test('asks the database nothing by links that were made up', async () => {
    const { link } = await mailed()
    const [expiry, secret, mac = ''] = tokenIn(link).split('.')
    const later = `${Number(expiry) + 3600}.${secret}.${mac}`
    const guessed = `${expiry}.${'A'.repeat(43)}.${mac}`
    for (const token of [later, guessed]) {
      const read = readLink(new Secret(token), 'reset_password', keys.emailLinkMac, Date.now())
      expect(read).toMatchObject({ ok: false, failure: { reason: 'link_forged' } })
    }
  })

  test('opens nothing by a link that is too old', async () => {
    const { link } = await mailed()
    const laterMs = Date.now() + resetLinkTtlSeconds * 1000
    const read = readLink(new Secret(tokenIn(link)), 'reset_password', keys.emailLinkMac, laterMs)
    expect(read).toMatchObject({ failure: { reason: 'link_expired' } })
  })

  test('sets no password by a form that was opened in time and sent too late', async () => {
    const { account, link_digest } = await mailed()
    const link = { link_digest, account_id: account.account_id, email }
    const laterMs = Date.now() + resetLinkTtlSeconds * 1000
    expect(await accountLinks.resetPassword(link, 'what the thief wants', laterMs)).toBe(false)
    expect(await storedHash(email)).toBe(untouched)
  })

  test('sets no second password by a link that was used', async () => {
    const { alice, visit, link } = await mailed()
    const thief = visit()
    const theirs = await thief.open(link)
    await alice.submit(await alice.open(link), { password: newPassword })
    const set = await storedHash(email)
    expect(await thief.submit(theirs, { password: 'what the thief wants' })).toMatchObject({ status: 404 })
    expect(await storedHash(email)).toBe(set)
  })

  test('sets no password by an older link that lies about', async () => {
    const { alice, visit, link } = await mailed()
    await askForMail(alice, '/reset-password', email)
    expect(await visit().open(link)).toMatchObject({ status: 404 })
  })

  test('sets the password of one account, and of no other', async () => {
    const { alice, link, person } = await mailed()
    await person('bob')
    await alice.submit(await alice.open(link), { password: newPassword })
    expect(await storedHash('bob@example.com')).toBe(untouched)
  })

  test('sets no password by a link to an address that the account gave up', async () => {
    const { account, link_digest } = await mailed()
    await env.DB.prepare("UPDATE accounts SET email = 'new@example.com'").run()
    const link = { link_digest, account_id: account.account_id, email }
    expect(await accountLinks.resetPassword(link, 'what the thief wants', Date.now())).toBe(false)
    expect(await storedHash('new@example.com')).toBe(untouched)
  })

  test('does not stay signed in when the password is changed', async () => {
    const { account, cookieOf, link_digest, send } = await mailed()
    const cookie = await cookieOf(account)
    const link = { link_digest, account_id: account.account_id, email }
    expect(await accountLinks.resetPassword(link, 'another hash', Date.now())).toBe(true)
    expect(await send('/account', { headers: { cookie } })).toMatchObject({ status: 303 })
  })

  test('keeps no application that was let in with the old password', async () => {
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

  test('keeps no application that was to go on without its person', async () => {
    const { refused } = await letInBefore({ scope: 'openid offline_access' }, async () => undefined)
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('keeps no application of a session that was over when the password was changed', async () => {
    const { refused } = await letInBefore({ scope: 'openid read' }, async () => {
      await env.DB.prepare('DELETE FROM sessions').run()
    })
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('gets past no second factor by reading the mail', async () => {
    const { visit, account, link } = await mailed()
    await env.DB.prepare("INSERT INTO totp_factors VALUES (?, 'factor', 'sealed', 0, 0)")
      .bind(account.account_id)
      .run()
    const thief = visit()
    await thief.submit(await thief.open(link), { password: newPassword })
    await signInBy(thief, email, newPassword)
    expect((await thief.open('/account')).text).not.toContain('Your account')
    const left = await env.DB.prepare('SELECT count(*) AS count FROM totp_factors').first<{ count: number }>()
    expect(left).toEqual({ count: 1 })
  })

  test('is not signed in by a new password', async () => {
    const { visit, link } = await mailed()
    const thief = visit()
    const done = await thief.submit(await thief.open(link), { password: newPassword })
    expect(done).toMatchObject({ status: 200 })
    expect(done.headers.getSetCookie()).toEqual([])
  })

  test('cannot change a password without its holder being told', async () => {
    const { visit, link } = await mailed()
    const thief = visit()
    await thief.submit(await thief.open(link), { password: newPassword })
    expect((await mails())[0]).toMatchObject({ to: email, subject: 'Your password was changed' })
  })

  test('confirms no address by having a scanner open the link', async () => {
    const { send, account } = await mailed()
    await env.DB.prepare('UPDATE accounts SET email_verified = 0').run()
    const { token, ...link } = issueLink('verify_email', keys.emailLinkMac, systemRandom, Date.now())
    await accountLinks.begin(link, 'verify_email', account, Date.now())
    expect(await send(`/verify-email?token=${token.reveal()}`)).toMatchObject({ status: 200 })
    const row = await env.DB.prepare('SELECT email_verified AS it FROM accounts').first<{ it: number }>()
    expect(row).toEqual({ it: 0 })
  })

  test('has no mail sent to a signed-in person by a form of another site', async () => {
    const { send, account, cookieOf } = await mailed()
    await env.DB.prepare('UPDATE accounts SET email_verified = 0').run()
    const headers = { cookie: await cookieOf(account) }
    const body = new URLSearchParams({ form_token: '1895000000.AAAAAAAAAAAAAAAAAAAAAA' })
    const answer = await send('/account/verify-email', { method: 'POST', body, headers })
    expect(answer).toMatchObject({ status: 403 })
    expect(await mails()).toHaveLength(1)
  })

  test('finds in the tables nothing that makes a link', async () => {
    const { link } = await mailed()
    const [, secret = ''] = tokenIn(link).split('.')
    const { results } = await env.DB.prepare('SELECT * FROM account_links').all()
    expect(results).toHaveLength(1)
    expect(JSON.stringify(results)).not.toContain(secret)
  })

  test('reads no mail of others where real people have accounts', async () => {
    await mailed()
    const { send } = newIsolate({ loopbackIsAllowed: false })
    expect(await send('/mailbox')).toMatchObject({ status: 404, body: { error: { code: 'not_found' } } })
  })

  test('does not choose a password that is guessed first, not even for themselves', async () => {
    const { alice, link } = await mailed()
    expect(await alice.submit(await alice.open(link), { password: 'Password123' })).toMatchObject({
      status: 422,
    })
    expect(await storedHash(email)).toBe(untouched)
  })
})
