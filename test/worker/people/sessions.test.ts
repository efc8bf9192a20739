import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { sessionStore } from '../../../src/accounts/session.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { formTtlSeconds } from '../../../src/platform/bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Browser, type Page } from '../../support/people/browser.ts'
import { countSessions, signedIn } from '../../support/people/cast.ts'
import { hiddenFields } from '../../support/people/form.ts'

const END = '/account/sessions/end'
const END_OTHERS = '/account/sessions/end-others'

/** Alice is signed in in two browsers, and looks at the list in one of them. */
async function twoBrowsers() {
  const here = await signedIn('alice')
  const there = await signedIn('alice')
  return { here, there, list: await here.open('/account/sessions') }
}

/** What the list says of sessions that can be ended: their identifiers. */
function sidsIn({ html }: Page): readonly string[] {
  return Array.from(html.matchAll(/name="sid" value="([^"]+)"/g), ([, sid = '']) => sid)
}

function tokenIn(page: Page): string {
  return hiddenFields(page)['form_token'] ?? ''
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.open('/account')).status === 200
}

afterEach(() => {
  vi.useRealTimers()
})

describe('GET /account/sessions 200', () => {
  test('lists each session with when and how, marks this one, and offers to end the other', async () => {
    const { list } = await twoBrowsers()
    expect(list).toMatchObject({ status: 200 })
    expect(list.html.match(/<li>/g)).toHaveLength(2)
    expect(list.html.match(/This browser/g)).toHaveLength(1)
    expect(list.html).toContain('Signed in with password')
    expect(sidsIn(list)).toHaveLength(1)
  })

  test('shows nobody else’s, and none that has expired', async () => {
    await signedIn('mallory')
    const page = await (await signedIn('alice')).open('/account/sessions')
    expect(page.html.match(/<li>/g)).toHaveLength(1)
    expect(page.html).not.toContain('End all others')
  })
})

describe('GET /account/sessions 303', () => {
  test('leads to sign-in and back', async () => {
    const { location } = await new Browser().open('/account/sessions')
    expect(location).toBe('/sign-in?continue=%2Faccount%2Fsessions')
    expect(await new Browser().open(location ?? '')).toMatchObject({ status: 200 })
  })
})

describe('GET /account/sessions 400', () => {
  test('refuses a query that cannot be read', async () => {
    expect(await new Browser().open('/account/sessions?a=%zz')).toMatchObject({ status: 400 })
  })
})

describe('POST /account/sessions/end 303', () => {
  test('ends the session at once, and this one goes on', async () => {
    const { here, there, list } = await twoBrowsers()
    const [sid = ''] = sidsIn(list)
    const answer = await here.post(END, { form_token: tokenIn(list), sid })
    expect(answer).toMatchObject({ status: 303, location: '/account/sessions' })
    expect(await isSignedIn(there)).toBe(false)
    expect(await isSignedIn(here)).toBe(true)
  })

  test('is no fault for a session that is over already', async () => {
    const { here, list } = await twoBrowsers()
    expect(await here.post(END, { form_token: tokenIn(list), sid: 'gone' })).toMatchObject({ status: 303 })
    expect(await countSessions()).toBe(2)
  })

  test('leads to sign-in when nobody is signed in any more', async () => {
    expect(await new Browser().post(END, { sid: 'any' })).toMatchObject({
      status: 303,
      location: '/sign-in?continue=%2Faccount%2Fsessions',
    })
  })
})

describe('POST /account/sessions/end 400', () => {
  test('refuses a form without a session', async () => {
    const { here, list } = await twoBrowsers()
    expect(await here.post(END, { form_token: tokenIn(list) })).toMatchObject({ status: 400 })
    expect(await countSessions()).toBe(2)
  })
})

describe('POST /account/sessions/end 403', () => {
  test('shows the list anew when the page was open too long, and ends nothing', async () => {
    const { here, list } = await twoBrowsers()
    const [sid = ''] = sidsIn(list)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + formTtlSeconds * 1000 })
    const again = await here.post(END, { form_token: tokenIn(list), sid })
    expect(again).toMatchObject({ status: 403 })
    expect(again.html).toContain('nothing was ended')
    expect(await countSessions()).toBe(2)
  })
})

describe('POST /account/sessions/end-others 303', () => {
  test('ends all but this one, however many there are, and nobody else’s', async () => {
    const { here, there, list } = await twoBrowsers()
    const mallory = await signedIn('mallory')
    const sessions = sessionStore(openDb(env.DB), systemRandom)
    for (let at = 0; at < 100; at += 1) {
      await sessions.start({ account_id: 'alice', amr: ['pwd'] }, Date.now())
    }
    const answer = await here.post(END_OTHERS, { form_token: tokenIn(list) })
    expect(answer).toMatchObject({ status: 303, location: '/account/sessions' })
    expect(await countSessions()).toBe(2)
    expect([await isSignedIn(here), await isSignedIn(there), await isSignedIn(mallory)]).toEqual([
      true,
      false,
      true,
    ])
  })

  test('leads to sign-in when nobody is signed in', async () => {
    expect(await new Browser().post(END_OTHERS, {})).toMatchObject({ status: 303 })
  })
})

describe('POST /account/sessions/end-others 400', () => {
  test('refuses a form that cannot be read', async () => {
    const { here } = await twoBrowsers()
    expect(await here.post(END_OTHERS, 'form_token=a&form_token=b')).toMatchObject({ status: 400 })
    expect(await countSessions()).toBe(2)
  })
})

describe('POST /account/sessions/end-others 403', () => {
  test('takes no form that another site made', async () => {
    const { here } = await twoBrowsers()
    expect(await here.post(END_OTHERS, {})).toMatchObject({ status: 403 })
    expect(await countSessions()).toBe(2)
  })
})
