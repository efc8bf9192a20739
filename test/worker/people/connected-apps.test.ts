import { afterEach, describe, expect, test, vi } from 'vitest'

import { formTtlSeconds } from '../../../src/platform/bounds.ts'
import { Browser } from '../../support/people/browser.ts'
import { application, authorizationQuery, signedIn } from '../../support/people/cast.ts'
import { hiddenFields } from '../../support/people/form.ts'

const DISCONNECT = '/account/apps/disconnect'

/** Somebody has allowed an application what it asked for. */
async function connected(name = 'alice') {
  const client = await application()
  const browser = await signedIn(name)
  const query = authorizationQuery(client)
  await browser.submit(await browser.open(`/consent?${query}`), { decision: 'allow' })
  return { client, browser, query, list: await browser.open('/account/apps') }
}

/** Whether an application would have to ask again. */
async function mustAsk(browser: Browser, query: string): Promise<boolean> {
  const { location } = await browser.open(`/oauth/authorize?${query}`)
  return location?.startsWith('/consent?') ?? false
}

afterEach(() => {
  vi.useRealTimers()
})

describe('GET /account/apps 200', () => {
  test('lists who was allowed what, in plain words, and since when', async () => {
    const { list } = await connected()
    expect(list).toMatchObject({ status: 200 })
    for (const words of ['Photo Printer', 'See your e-mail address', 'Connected since <time']) {
      expect(list.html).toContain(words)
    }
  })

  test('says that there is none, and shows nobody else’s', async () => {
    await connected('mallory')
    const { html } = await (await signedIn('alice')).open('/account/apps')
    expect(html).toContain('No application may use your account.')
    expect(html).not.toContain('Photo Printer')
  })
})

describe('GET /account/apps 303', () => {
  test('leads to sign-in and back', async () => {
    expect(await new Browser().open('/account/apps')).toMatchObject({
      status: 303,
      location: '/sign-in?continue=%2Faccount%2Fapps',
    })
  })
})

describe('GET /account/apps 400', () => {
  test('refuses a query that cannot be read', async () => {
    expect(await new Browser().open('/account/apps?a=%zz')).toMatchObject({ status: 400 })
  })
})

describe('POST /account/apps/disconnect 303', () => {
  test('ends the access, and the application has to ask again', async () => {
    const { browser, list, query } = await connected()
    expect(await mustAsk(browser, query)).toBe(false)
    const answer = await browser.submit(list, {})
    expect(answer).toMatchObject({ status: 303, location: '/account/apps' })
    expect((await browser.open('/account/apps')).html).not.toContain('Photo Printer')
    expect(await mustAsk(browser, query)).toBe(true)
  })

  test('leads to sign-in when nobody is signed in any more', async () => {
    expect(await new Browser().post(DISCONNECT, { client_id: 'any' })).toMatchObject({ status: 303 })
  })
})

describe('POST /account/apps/disconnect 400', () => {
  test('refuses a form without an application, and the access goes on', async () => {
    const { browser, list, query } = await connected()
    const { form_token = '' } = hiddenFields(list)
    expect(await browser.post(DISCONNECT, { form_token })).toMatchObject({ status: 400 })
    expect(await mustAsk(browser, query)).toBe(false)
  })
})

describe('POST /account/apps/disconnect 403', () => {
  test('shows the list anew when the page was open too long, and changes nothing', async () => {
    const { browser, list, query } = await connected()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + formTtlSeconds * 1000 })
    const again = await browser.submit(list, {})
    expect(again).toMatchObject({ status: 403 })
    expect(again.html).toContain('nothing was changed')
    vi.useRealTimers()
    expect(await mustAsk(browser, query)).toBe(false)
  })
})
