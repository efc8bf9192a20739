import { afterEach, describe, expect, test, vi } from 'vitest'

import { formTtlSeconds } from '../../../src/platform/bounds.ts'
import { Browser, type Page } from '../../support/people/browser.ts'
import {
  application,
  authorizationQuery,
  countSessions,
  password,
  person,
  signedIn,
} from '../../support/people/cast.ts'
import { hiddenFields } from '../../support/people/form.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** Somebody has allowed an application what it asked for. */
async function connected(name: string) {
  const client = await application()
  const browser = await signedIn(name)
  const query = authorizationQuery(client)
  await browser.submit(await browser.open(`/consent?${query}`), { decision: 'allow' })
  return { client_id: client.client_id, browser, query }
}

async function mustAsk(browser: Browser, query: string): Promise<boolean> {
  const { location } = await browser.open(`/oauth/authorize?${query}`)
  return location?.startsWith('/consent?') ?? false
}

function tokenIn(page: Page): string {
  return hiddenFields(page)['form_token'] ?? ''
}

/** The sid that the list of sessions offers to end. */
function sidIn({ html }: Page): string {
  return /name="sid" value="([^"]+)"/.exec(html)?.[1] ?? ''
}

describe('whoever sends forms in somebody’s name', () => {
  test('a form of the attacker’s own browser signs the victim in nowhere', async () => {
    const { email } = await person('mallory')
    const theirs = hiddenFields(await new Browser().open('/sign-in'))
    const victim = new Browser()
    await victim.open('/sign-in')
    await victim.post('/sign-in', { ...theirs, email, password })
    expect(await countSessions()).toBe(0)
  })

  test('sign-in leads to no other host', async () => {
    const page = await new Browser().open('/sign-in?continue=//evil.example/account')
    expect(page).toMatchObject({ status: 400, location: null })
    expect(page.html).not.toContain('evil.example')
  })

  test('consent that the attacker’s session was asked for is not given by the victim’s', async () => {
    const query = authorizationQuery(await application())
    const theirs = hiddenFields(await (await signedIn('mallory')).open(`/consent?${query}`))
    const victim = await signedIn('alice')
    await victim.post(`/consent?${query}`, { ...theirs, decision: 'allow' })
    expect(await mustAsk(victim, query)).toBe(true)
  })

  test('consent to one request allows no other', async () => {
    const victim = await signedIn('alice')
    const harmless = await application({ client_name: 'Harmless' })
    const fields = hiddenFields(await victim.open(`/consent?${authorizationQuery(harmless)}`))
    const query = authorizationQuery(await application({ client_name: 'Harmful' }))
    await victim.post(`/consent?${query}`, { ...fields, decision: 'allow' })
    expect(await mustAsk(victim, query)).toBe(true)
  })

  test('consent on a page that was left open is not given hours later', async () => {
    const victim = await signedIn('alice')
    const query = authorizationQuery(await application())
    const page = await victim.open(`/consent?${query}`)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + formTtlSeconds * 1000 })
    expect(await victim.submit(page, { decision: 'allow' })).toMatchObject({ status: 403 })
  })

  test('another site signs nobody out', async () => {
    const victim = await signedIn('alice')
    await victim.post('/sign-out', {})
    expect(await countSessions()).toBe(1)
  })

  test('another site ends no session', async () => {
    const victim = await signedIn('alice')
    await signedIn('alice')
    const sid = sidIn(await victim.open('/account/sessions'))
    await victim.post('/account/sessions/end', { sid })
    expect(await countSessions()).toBe(2)
  })

  test('another site disconnects no application', async () => {
    const { browser, client_id, query } = await connected('alice')
    await browser.post('/account/apps/disconnect', { client_id })
    expect(await mustAsk(browser, query)).toBe(false)
  })

  test('a token of one form is good for no other', async () => {
    const { browser, client_id, query } = await connected('alice')
    await signedIn('alice')
    const form_token = tokenIn(await browser.open('/account/sessions'))
    await browser.post('/account/apps/disconnect', { form_token, client_id })
    expect(await mustAsk(browser, query)).toBe(false)
  })
})

describe('whoever reaches for what is somebody else’s', () => {
  test('a session of another person is not ended by whoever knows its sid', async () => {
    const alice = await signedIn('alice')
    await signedIn('alice')
    const sid = sidIn(await alice.open('/account/sessions'))
    const mallory = await signedIn('mallory')
    await signedIn('mallory')
    const form_token = tokenIn(await mallory.open('/account/sessions'))
    await mallory.post('/account/sessions/end', { form_token, sid })
    expect(await countSessions()).toBe(4)
  })

  test('to end one’s other sessions ends nobody else’s', async () => {
    const alice = await signedIn('alice')
    const mallory = await signedIn('mallory')
    await signedIn('mallory')
    const form_token = tokenIn(await mallory.open('/account/sessions'))
    await mallory.post('/account/sessions/end-others', { form_token })
    expect(await alice.open('/account')).toMatchObject({ status: 200 })
  })

  test('an application of another account is not disconnected, whatever the link says', async () => {
    const { browser, client_id, query } = await connected('alice')
    const { vault_id } = await person('alice')
    const mallory = await connected('mallory')
    const form_token = tokenIn(await mallory.browser.open('/account/apps'))
    await mallory.browser.post(`/account/apps/disconnect?vault_id=${vault_id}`, { form_token, client_id })
    expect(await mustAsk(browser, query)).toBe(false)
  })

  test('to disconnect one application takes nothing from another', async () => {
    const { browser, query } = await connected('alice')
    const other = await application()
    const form_token = tokenIn(await browser.open('/account/apps'))
    await browser.post('/account/apps/disconnect', { form_token, client_id: other.client_id })
    expect(await mustAsk(browser, query)).toBe(false)
  })
})
