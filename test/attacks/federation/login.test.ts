import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { newIsolate } from '../../support/oauth/world.ts'
import { withApp } from '../../support/people/factors.ts'
import {
  federationWorld,
  identities,
  residentWorld,
  sessionsIn,
} from '../../support/people/federation-world.ts'
import { hiddenFields } from '../../support/people/form.ts'
import { mails } from '../../support/people/mail-world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const carol = { sub: 'carol-at-acme', email: 'carol@acme.com', email_verified: true }
const makes_accounts = true

describe('whoever attacks signing in through another provider', () => {
  /** RFC 9700 §4.7: the victim would work in the attacker's account from then on. */
  test('an answer that the attacker obtained signs nobody in elsewhere', async () => {
    const { backFromAcme, newBrowser } = await federationWorld({ makes_accounts })
    const planted = await backFromAcme(carol)
    const victim = newBrowser()
    await victim.open('/sign-in')
    expect(await victim.open(planted)).toMatchObject({ status: 403 })
    expect(await sessionsIn()).toEqual([])
  })

  test('an answer works once', async () => {
    const { backFromAcme, visit } = await federationWorld({ makes_accounts })
    const answer = await backFromAcme(carol)
    await visit.open(answer)
    await visit.open('/sign-in')
    expect(await visit.open(answer)).toMatchObject({ status: 403 })
    expect(await sessionsIn()).toHaveLength(1)
  })

  test('an ID token that somebody else signed names nobody', async () => {
    const { signInThroughAcme, provider } = await federationWorld({ makes_accounts })
    provider.lie({ signedByAnother: true })
    expect(await signInThroughAcme(carol)).toMatchObject({ status: 502 })
    expect(await identities()).toEqual([])
  })

  test('an ID token for another login is not taken', async () => {
    const { signInThroughAcme, provider } = await federationWorld({ makes_accounts })
    provider.lie({ claims: { nonce: 'of another login' } })
    expect(await signInThroughAcme(carol)).toMatchObject({ status: 502 })
    expect(await identities()).toEqual([])
  })

  /** The mix-up attack: one provider's code is brought to another's token endpoint (RFC 9700 §4.4). */
  test('an answer in the name of another issuer is not taken', async () => {
    const { backFromAcme, visit } = await federationWorld({ makes_accounts })
    const answer = (await backFromAcme(carol)).replace('login.acme.com', 'login.evil.com')
    expect(await visit.open(answer)).toMatchObject({ status: 502 })
    expect(await identities()).toEqual([])
  })

  test('the address of an account does not open it, although the provider has verified it', async () => {
    const { signInThroughAcme, person } = await federationWorld({ makes_accounts })
    const alice = await person('alice')
    const page = await signInThroughAcme({ sub: 'new', email: alice.email, email_verified: true })
    expect(page).toMatchObject({ status: 403 })
    expect([await identities(), await sessionsIn()]).toEqual([[], []])
  })

  test('an address that nobody has verified makes no account', async () => {
    const { signInThroughAcme } = await federationWorld({ makes_accounts })
    expect(await signInThroughAcme({ ...carol, email_verified: false })).toMatchObject({ status: 403 })
    expect(await identities()).toEqual([])
  })

  test('a second factor is asked for all the same', async () => {
    const { backToConnect, visit, newBrowser, backFromAcme, account } = await residentWorld()
    await visit.submit(await backToConnect(carol), {})
    await withApp(account.account_id)
    const before = await sessionsIn()
    const another = newBrowser()
    const page = await another.open(await backFromAcme(carol, another))
    expect(page.text).toContain('one-time-code')
    expect(await sessionsIn()).toEqual(before)
  })

  test('an identity is not connected unseen', async () => {
    const { backToConnect } = await residentWorld()
    await backToConnect({ sub: 'attacker' })
    expect(await identities()).toEqual([])
  })

  test('an identity is not connected to whoever else has signed in meanwhile', async () => {
    const { visit, provider, person, cookieOf } = await residentWorld()
    const list = await visit.open('/account/providers')
    const leaving = await visit.submit(list, { provider_id: 'acme' })
    const [, url = ''] = /url=(.*)$/.exec(leaving.headers.get('refresh') ?? '') ?? []
    const [, mallory = ''] = (await cookieOf(await person('mallory'))).split('=')
    visit.keep('__Host-gatewright_session', mallory)
    const page = await visit.open(provider.signIn(new URL(url), carol))
    expect(page.text).not.toContain('name="identity"')
  })

  test('a confirmation that was made for another session connects nothing', async () => {
    const { backToConnect, post, person, cookieOf } = await residentWorld()
    const question = await backToConnect(carol)
    const [, identity = ''] = /name="identity" value="([^"]+)"/.exec(question.text) ?? []
    const mallory = await cookieOf(await person('mallory'))
    const list = await post('/account/providers/disconnect', { provider_id: 'acme' }, { cookie: mallory })
    const [, form_token = ''] = /name="form_token" value="([^"]+)"/.exec(list.text) ?? []
    await post('/account/providers/confirm', { form_token, identity }, { cookie: mallory })
    expect(await identities()).toEqual([])
  })

  test('a form of another site connects nothing', async () => {
    const { backToConnect, post, cookie } = await residentWorld()
    const [, identity = ''] = /name="identity" value="([^"]+)"/.exec((await backToConnect(carol)).text) ?? []
    await post('/account/providers/confirm', { identity }, { cookie })
    expect(await identities()).toEqual([])
  })

  test('one account cannot take away the identities of another', async () => {
    const { backToConnect, visit, person, cookieOf } = await residentWorld()
    await visit.submit(await backToConnect(carol), {})
    const [, mallory = ''] = (await cookieOf(await person('mallory'))).split('=')
    visit.keep('__Host-gatewright_session', mallory)
    const question = await backToConnect({ sub: 'mallory-at-acme' })
    const list = await visit.submit(question, {})
    await visit.submit(list, { provider_id: 'acme' })
    expect(await identities()).toMatchObject([{ sub: 'carol-at-acme', account_id: 'alice' }])
  })

  test('the address of a provider cannot be one that only this server reaches', async () => {
    const { visit, provider } = await federationWorld()
    provider.lie({ metadata: { token_endpoint: 'https://169.254.169.254/token' } })
    const leaving = await visit.open('/sign-in/provider/acme')
    await visit.open(provider.signIn(leaving.location, carol))
    expect(provider.asked.filter((url) => url.includes('169.254'))).toEqual([])
  })

  test('a name with a line break, or without end, does not become the name of an account', async () => {
    const { backFromAcme, newBrowser } = await federationWorld({ makes_accounts })
    const strangers = [
      { ...carol, name: 'Carol\r\nBcc: everybody@acme.com' },
      { sub: 'dave-at-acme', email: 'dave@acme.com', email_verified: true, name: 'Dave'.repeat(100) },
    ]
    for (const stranger of strangers) {
      const browser = newBrowser()
      await browser.open(await backFromAcme(stranger, browser))
    }
    const { results } = await env.DB.prepare('SELECT claims FROM accounts').all()
    expect(results).toEqual([{ claims: '{}' }, { claims: '{}' }])
  })

  test('a text that no mail goes to does not become the address of an account', async () => {
    const { signInThroughAcme } = await federationWorld({ makes_accounts })
    const email = 'carol@acme.com\r\nBcc: everybody@acme.com'
    expect(await signInThroughAcme({ ...carol, email })).toMatchObject({ status: 403 })
    expect(await identities()).toEqual([])
  })

  test('an address in one document is not verified by a word in another', async () => {
    const { signInThroughAcme, provider } = await federationWorld({ makes_accounts })
    const userinfo = { sub: carol.sub, email: 'boss@acme.com' }
    provider.lie({ userinfo, metadata: { userinfo_endpoint: 'https://login.acme.com/userinfo' } })
    expect(await signInThroughAcme({ sub: carol.sub, email_verified: true })).toMatchObject({ status: 403 })
    expect(await identities()).toEqual([])
  })

  test('an identity does not pass for the person who is asked to connect it', async () => {
    const { backToConnect } = await residentWorld()
    const posing = { email: 'alice@example.com', email_verified: false, name: 'alice@example.com' }
    const page = await backToConnect({ sub: 'mallory-at-acme', ...posing })
    expect(page.text).toContain('as mallory-at-acme')
    expect(page.text).not.toContain('as alice@example.com will')
  })

  test('an identity is not connected without the person being told', async () => {
    const { backToConnect, cookie } = await residentWorld()
    const body = new URLSearchParams(hiddenFields({ html: (await backToConnect(carol)).text }))
    const { send } = newIsolate({ loopbackIsAllowed: true })
    await send('/account/providers/confirm', { method: 'POST', body, headers: { cookie } })
    expect(await mails()).toMatchObject([
      { to: 'alice@example.com', subject: 'The way you sign in has changed' },
    ])
  })
})
