import { afterEach, describe, expect, test, vi } from 'vitest'

import { reauthenticationSeconds, providerLoginsPerMinute } from '../../../src/platform/bounds.ts'
import {
  federationWorld,
  identities,
  residentWorld,
  sessionsIn,
} from '../../support/people/federation-world.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const alice = { sub: 'alice-at-acme', email: 'alice@acme.com', email_verified: true }

const later = (seconds: number) => vi.useFakeTimers({ now: Date.now() + seconds * 1000, toFake: ['Date'] })

describe('GET /account/providers 200', () => {
  test('lists the providers', async () => {
    const { visit } = await residentWorld()
    expect((await visit.open('/account/providers')).text).toContain('Connect Acme')
  })
})

describe('GET /account/providers 303', () => {
  test('leads to sign-in', async () => {
    const { send } = await federationWorld()
    expect((await send('/account/providers')).headers.get('location')).toBe(
      '/sign-in?continue=%2Faccount%2Fproviders',
    )
  })
})

describe('GET /account/providers 400', () => {
  test('refuses a query that cannot be read', async () => {
    const { visit } = await residentWorld()
    expect(await visit.open('/account/providers?a=%zz')).toMatchObject({ status: 400 })
  })
})

describe('POST /account/providers/connect 200', () => {
  test('leads to the provider, from which one comes back to a question', async () => {
    const { backToConnect } = await residentWorld()
    const page = await backToConnect(alice)
    expect(page.text).toContain('alice@acme.com')
    expect(await identities()).toEqual([])
  })
})

describe('GET /sign-in/callback 200', () => {
  test('asks whether to connect the identity, and names it', async () => {
    const { backToConnect } = await residentWorld()
    expect(await backToConnect(alice)).toMatchObject({ status: 200 })
  })
})

describe('POST /account/providers/connect 303', () => {
  test('asks somebody who signed in a while ago to do so again', async () => {
    const { visit } = await residentWorld()
    const page = await visit.open('/account/providers')
    later(reauthenticationSeconds + 1)
    const answer = await visit.submit(page, { provider_id: 'acme' })
    expect(answer.text).toContain('<h1>Sign in</h1>')
  })
})

describe('POST /account/providers/connect 400', () => {
  test('refuses a form without a provider', async () => {
    const { post, cookie } = await residentWorld()
    expect(await post('/account/providers/connect', {}, { cookie })).toMatchObject({ status: 400 })
  })
})

describe('POST /account/providers/connect 403', () => {
  test('shows the list again to a form that is not ours', async () => {
    const { post, cookie, provider } = await residentWorld()
    const answer = await post('/account/providers/connect', { provider_id: 'acme' }, { cookie })
    expect(answer).toMatchObject({ status: 403 })
    expect(provider.asked).toEqual([])
  })
})

describe('POST /account/providers/connect 404', () => {
  test('says that there is no such provider', async () => {
    const { visit } = await residentWorld()
    const page = await visit.open('/account/providers')
    expect(await visit.submit(page, { provider_id: 'other' })).toMatchObject({ status: 404 })
  })
})

describe('POST /account/providers/connect 429', () => {
  test('lets one address begin so many', async () => {
    const { visit, send } = await residentWorld()
    const page = await visit.open('/account/providers')
    for (let begun = 0; begun < providerLoginsPerMinute; begun += 1) await send('/sign-in/provider/other')
    expect(await visit.submit(page, { provider_id: 'acme' })).toMatchObject({ status: 429 })
  })
})

describe('POST /account/providers/connect 502', () => {
  test('says that the provider does not answer', async () => {
    const { visit } = await residentWorld()
    const page = await visit.open('/account/providers')
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('down'))
    expect(await visit.submit(page, { provider_id: 'acme' })).toMatchObject({ status: 502 })
  })
})

describe('POST /account/providers/confirm 303', () => {
  test('connects the identity, which signs in from then on', async () => {
    const { backToConnect, visit, newBrowser, backFromAcme } = await residentWorld()
    const list = await visit.submit(await backToConnect(alice), {})
    expect(list.text).toContain('Disconnect Acme')
    expect(await identities()).toMatchObject([{ sub: 'alice-at-acme', account_id: 'alice' }])
    const another = newBrowser()
    await another.open(await backFromAcme(alice, another))
    expect(await sessionsIn()).toContainEqual({ account_id: 'alice', amr: '["fed"]' })
  })
})

describe('POST /account/providers/confirm 400', () => {
  test('refuses a body of another type', async () => {
    const { postJson, cookie } = await residentWorld()
    expect(await postJson('/account/providers/confirm', {}, { cookie })).toMatchObject({ status: 400 })
  })
})

describe('POST /account/providers/confirm 403', () => {
  test('refuses an identity that is connected to another account, and changes nothing', async () => {
    const { backToConnect, visit, person, cookieOf } = await residentWorld()
    await visit.submit(await backToConnect(alice), {})
    const [, value = ''] = (await cookieOf(await person('mallory'))).split('=')
    visit.keep('__Host-gatewright_session', value)
    const page = await visit.submit(await backToConnect(alice), {})
    expect(page).toMatchObject({ status: 403 })
    expect(page.text).toContain('connected to another account')
    expect(await identities()).toMatchObject([{ account_id: 'alice' }])
  })
})

describe('POST /account/providers/disconnect 303', () => {
  test('ends the link, and the identity lets nobody in any more', async () => {
    const { backToConnect, visit, newBrowser, backFromAcme } = await residentWorld()
    await visit.submit(await visit.submit(await backToConnect(alice), {}), { provider_id: 'acme' })
    expect(await identities()).toEqual([])
    const another = newBrowser()
    expect(await another.open(await backFromAcme(alice, another))).toMatchObject({ status: 403 })
  })
})

describe('POST /account/providers/disconnect 400', () => {
  test('refuses a form without a provider', async () => {
    const { post, cookie } = await residentWorld()
    expect(await post('/account/providers/disconnect', {}, { cookie })).toMatchObject({ status: 400 })
  })
})

describe('POST /account/providers/disconnect 403', () => {
  test('shows the list again to a form that is not ours, and ends nothing', async () => {
    const { backToConnect, visit, post, cookie } = await residentWorld()
    await visit.submit(await backToConnect(alice), {})
    const answer = await post('/account/providers/disconnect', { provider_id: 'acme' }, { cookie })
    expect(answer).toMatchObject({ status: 403 })
    expect(await identities()).toHaveLength(1)
  })
})
