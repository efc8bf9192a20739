import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { logoutTriesMax } from '../../../src/platform/bounds.ts'
import { deliverDueNotices } from '../../../src/oauth/logout/logout-delivery.ts'
import { logoutNoticeStore } from '../../../src/oauth/logout/logout-notice.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import {
  backChannelUri,
  frontChannelUri,
  logoutWorld,
  outsideNetwork,
  signedOutUri,
} from '../../support/oauth/logout-world.ts'
import type { Client } from '../../../src/clients/client.ts'
import { issuer } from '../../support/oauth/world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const notices = () => env.DB.prepare('SELECT client_id, tries, due_at FROM logout_notices').all()

describe('GET /oauth/logout 303', () => {
  test('with a hint and a registered address it signs out, and leads there with the state', async () => {
    const { tokens, logout, isSignedIn } = await logoutWorld()
    const { id_token } = await tokens()
    const answer = await logout({
      id_token_hint: id_token,
      post_logout_redirect_uri: signedOutUri,
      state: 'a b&c',
    })
    expect(answer).toMatchObject({ status: 303 })
    expect(answer.headers.get('location')).toBe(`${signedOutUri}&state=a+b%26c`)
    expect(answer.headers.get('set-cookie')).toContain('Max-Age=0')
    expect(await isSignedIn()).toBe(false)
  })

  test('without a hint it signs nobody out, and leads to the page that asks', async () => {
    const { logout, isSignedIn } = await logoutWorld()
    const answer = await logout({ post_logout_redirect_uri: signedOutUri, ui_locales: 'de' })
    expect(answer).toMatchObject({ status: 303 })
    expect(answer.headers.get('location')).toBe('/sign-out?ui_locales=de')
    expect(await isSignedIn()).toBe(true)
  })

  test('what was granted in the session ends with it, and what was granted beyond it goes on', async () => {
    const { tokens, logout, refresh } = await logoutWorld()
    const within = await tokens('openid')
    const beyond = await tokens('openid offline_access')
    await logout({ id_token_hint: within.id_token })
    expect(await refresh(within.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await refresh(beyond.refresh_token)).toMatchObject({ status: 200 })
  })
})

describe('GET /oauth/logout 200', () => {
  test('loads the address of a client that wants to hear of it in a frame, and then goes on', async () => {
    const { tokens, logout, isSignedIn } = await logoutWorld({ frontchannel_logout_uri: frontChannelUri })
    const { id_token } = await tokens()
    const page = await logout({ id_token_hint: id_token, post_logout_redirect_uri: signedOutUri })
    expect(page).toMatchObject({ status: 200 })
    expect(page.text).toContain('https://app.example/front-channel?by=us&amp;iss=')
    expect(page.headers.get('refresh')).toBe(`3; url=${signedOutUri}`)
    expect(page.headers.get('content-security-policy')).toContain('frame-src https://app.example')
    expect(await isSignedIn()).toBe(false)
  })
})

describe('GET /oauth/logout 400', () => {
  test.each([
    ['a hint that is no token', 'not a token'],
    ['an unsigned hint', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbGljZSJ9.'],
  ])('%s is refused with a page, and nobody is signed out', async (_, id_token_hint) => {
    const { logout, isSignedIn } = await logoutWorld()
    const page = await logout({ id_token_hint, post_logout_redirect_uri: signedOutUri })
    expect(page).toMatchObject({ status: 400 })
    expect(page.text).toContain('This sign-out link is not valid')
    expect(await isSignedIn()).toBe(true)
  })

  test('a query that cannot be read is refused', async () => {
    const { send } = await logoutWorld()
    expect(await send('/oauth/logout?a=%zz')).toMatchObject({ status: 400 })
  })
})

describe('POST /oauth/logout 303', () => {
  test('leads to the GET with the same parameters, where the cookies of the browser arrive', async () => {
    const { post } = await logoutWorld()
    const answer = await post('/oauth/logout', { id_token_hint: 'x', state: 'a b' })
    expect(answer.headers.get('location')).toBe('/oauth/logout?id_token_hint=x&state=a+b')
  })
})

describe('POST /oauth/logout 400', () => {
  test('a body of another type is refused', async () => {
    const { postJson } = await logoutWorld()
    expect(await postJson('/oauth/logout', {})).toMatchObject({ status: 400 })
  })
})

describe('a logout token', () => {
  test('that a client could not take is sent again by the schedule, and no more once it was heard', async () => {
    const sent = outsideNetwork(() => new Response(null, { status: sent.length < 3 ? 503 : 200 }))
    const { tokens, logout, client } = await logoutWorld({ backchannel_logout_uri: backChannelUri })
    await logout({ id_token_hint: (await tokens()).id_token })
    expect(sent).toHaveLength(1)
    const ports = deliveryPorts(client)
    await deliverDueNotices(ports, Date.now() + 50_000)
    expect(sent).toHaveLength(1)
    await deliverDueNotices(ports, Date.now() + 61_000)
    await deliverDueNotices(ports, Date.now() + 3_600_000)
    expect(sent).toHaveLength(3)
    expect((await notices()).results).toEqual([])
  })

  test('is given up on after its tries, and at once when the client refuses it', async () => {
    outsideNetwork(() => new Response(null, { status: 500 }))
    const { tokens, logout, client } = await logoutWorld({ backchannel_logout_uri: backChannelUri })
    await logout({ id_token_hint: (await tokens()).id_token })
    for (let hours = 1; hours < logoutTriesMax; hours += 1) {
      expect((await notices()).results).toHaveLength(1)
      await deliverDueNotices(deliveryPorts(client), Date.now() + hours * 7_200_000)
    }
    expect((await notices()).results).toEqual([])
  })

  /** Written in one batch with the end of the session: dying before it is sent loses nothing. */
  test('that died on the way is still due', async () => {
    outsideNetwork(() => Promise.reject(new Error('gone')))
    const { tokens, logout, client } = await logoutWorld({ backchannel_logout_uri: backChannelUri })
    await logout({ id_token_hint: (await tokens()).id_token })
    expect((await notices()).results).toMatchObject([{ client_id: client.client_id, tries: 1 }])
  })
})

function deliveryPorts(client: Client) {
  return {
    issuer,
    random: systemRandom,
    keyRing: { sign: async () => 'a.logout.token' },
    findClient: async () => client,
    notices: logoutNoticeStore(openDb(env.DB)),
    loopbackIsAllowed: false,
    fetch: (url: string, init: RequestInit) => fetch(url, init),
  }
}
