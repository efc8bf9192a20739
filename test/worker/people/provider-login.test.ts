import { afterEach, describe, expect, test, vi } from 'vitest'

import { providerLoginsPerMinute } from '../../../src/platform/bounds.ts'
import { federationWorld, identities, sessionsIn } from '../../support/people/federation-world.ts'
import { PROVIDER } from '../../support/people/provider.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const carol = { sub: 'carol-at-acme', email: 'carol@acme.com', email_verified: true, name: 'Carol' }

describe('GET /sign-in/provider/{provider_id} 303', () => {
  test('leads to the provider with PKCE, state and nonce', async () => {
    const { visit } = await federationWorld()
    const { status, location } = await visit.open('/sign-in/provider/acme?continue=/account')
    expect([status, location.origin]).toEqual([303, PROVIDER])
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'gatewright',
      redirect_uri: 'http://localhost:8787/sign-in/callback',
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    })
  })

  test('is offered on the sign-in page', async () => {
    const { visit } = await federationWorld()
    expect((await visit.open('/sign-in')).text).toContain('Sign in with Acme')
  })
})

describe('GET /sign-in/provider/{provider_id} 400', () => {
  test('refuses to lead elsewhere afterwards', async () => {
    const { visit, provider } = await federationWorld()
    expect(await visit.open('/sign-in/provider/acme?continue=//evil.example')).toMatchObject({ status: 400 })
    expect(provider.asked).toEqual([])
  })
})

describe('GET /sign-in/provider/{provider_id} 404', () => {
  test('says that there is no such provider', async () => {
    const { visit } = await federationWorld()
    expect(await visit.open('/sign-in/provider/other')).toMatchObject({ status: 404 })
  })
})

describe('GET /sign-in/provider/{provider_id} 429', () => {
  test('lets one address begin so many logins', async () => {
    const { send } = await federationWorld()
    for (let begun = 0; begun < providerLoginsPerMinute; begun += 1) await send('/sign-in/provider/other')
    const answer = await send('/sign-in/provider/acme')
    expect(answer).toMatchObject({ status: 429 })
    expect(answer.headers.get('retry-after')).toBe('60')
  })
})

describe('GET /sign-in/provider/{provider_id} 502', () => {
  test('says that the provider does not answer', async () => {
    const { visit } = await federationWorld()
    vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('down'))
    expect(await visit.open('/sign-in/provider/acme')).toMatchObject({ status: 502 })
  })
})

describe('GET /sign-in/callback 303', () => {
  test('makes an account for somebody new where the operator wants it, once', async () => {
    const { signInThroughAcme } = await federationWorld({ makes_accounts: true })
    const page = await signInThroughAcme(carol)
    expect(page).toMatchObject({ status: 200 })
    expect(page.text).toContain('carol@acme.com')
    await signInThroughAcme({ ...carol, email: 'renamed@acme.com' })
    const [identity, ...others] = await identities()
    expect(others).toEqual([])
    expect(await sessionsIn()).toEqual([{ account_id: identity?.['account_id'], amr: '["fed"]' }])
  })
})

describe('GET /sign-in/callback 403', () => {
  test.each([
    [
      'whose address nobody has verified',
      { ...carol, email_verified: false },
      'You have no account here yet',
    ],
    ['who has no address', { sub: 'nobody' }, 'You have no account here yet'],
    ['who has no account', carol, 'You have no account here'],
  ])('does not let in somebody %s', async (_, person, title) => {
    const { signInThroughAcme } = await federationWorld()
    const page = await signInThroughAcme(person)
    expect(page).toMatchObject({ status: 403 })
    expect(page.text).toContain(title)
    expect([await identities(), await sessionsIn()]).toEqual([[], []])
  })

  test('says that the person declined', async () => {
    const { visit } = await federationWorld()
    const leaving = await visit.open('/sign-in/provider/acme')
    const state = leaving.location.searchParams.get('state') ?? ''
    const answer = new URLSearchParams({ error: 'access_denied', state, iss: PROVIDER })
    expect(await visit.open(`/sign-in/callback?${answer.toString()}`)).toMatchObject({ status: 403 })
  })

  test('refuses what nobody began', async () => {
    const { visit } = await federationWorld()
    expect(await visit.open('/sign-in/callback?state=x&code=y')).toMatchObject({ status: 403 })
    expect(await visit.open('/sign-in/callback')).toMatchObject({ status: 403 })
  })
})

describe('GET /sign-in/callback 502', () => {
  test('does not believe an answer that does not fit', async () => {
    const { signInThroughAcme, provider } = await federationWorld({ makes_accounts: true })
    provider.lie({ claims: { aud: 'another' } })
    expect(await signInThroughAcme(carol)).toMatchObject({ status: 502 })
    expect([await identities(), await sessionsIn()]).toEqual([[], []])
  })
})

describe('GET /sign-in/callback 400', () => {
  test('refuses a query that cannot be read', async () => {
    const { visit } = await federationWorld()
    expect(await visit.open('/sign-in/callback?state=%zz')).toMatchObject({ status: 400 })
  })
})
