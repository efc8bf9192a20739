import { afterEach, describe, expect, test, vi } from 'vitest'

import { clientWith, redirect_uri } from '../../support/oauth/clients.ts'
import { logoutWorld, signedOutUri, strangersCookie } from '../../support/oauth/logout-world.ts'
import { redemptionOf } from '../../support/oauth/world.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('OpenID Connect RP-Initiated Logout 1.0 §2', () => {
  test('the OP MUST support GET and POST at the end session endpoint', async () => {
    const { tokens, logout, post, isSignedIn } = await logoutWorld()
    const { id_token } = await tokens()
    const posted = await post('/oauth/logout', { id_token_hint: id_token })
    expect(posted).toMatchObject({ status: 303 })
    expect(await isSignedIn()).toBe(true)
    await logout(Object.fromEntries(posted.location.searchParams))
    expect(await isSignedIn()).toBe(false)
  })

  test('the OP SHOULD accept ID tokens that have expired as hints', async () => {
    const { tokens, logout, isSignedIn } = await logoutWorld()
    const { id_token } = await tokens()
    vi.useFakeTimers({ now: Date.now() + 3_700_000, toFake: ['Date'] })
    expect(await logout({ id_token_hint: id_token })).toMatchObject({ status: 303 })
    expect(await isSignedIn()).toBe(false)
  })

  test('the OP MUST verify that client_id matches the client that the ID token was issued to', async () => {
    const { tokens, logout, isSignedIn } = await logoutWorld()
    const { id_token } = await tokens()
    expect(await logout({ id_token_hint: id_token, client_id: 'another' })).toMatchObject({ status: 400 })
    expect(await isSignedIn()).toBe(true)
  })

  test('the OP MUST verify that it was the issuer of the ID token', async () => {
    const { tokens, logout, isSignedIn } = await logoutWorld()
    const [header = '', claims = '', signature = ''] = (await tokens()).id_token.split('.')
    const altered = claims.replace(/^./, (first) => (first === 'e' ? 'f' : 'e'))
    const id_token_hint = [header, altered, signature].join('.')
    expect(await logout({ id_token_hint })).toMatchObject({ status: 400 })
    expect(await isSignedIn()).toBe(true)
  })

  test('the OP SHOULD ask the person when no hint says who is to be signed out', async () => {
    const { logout, isSignedIn } = await logoutWorld()
    expect((await logout({})).headers.get('location')).toBe('/sign-out')
    expect(await isSignedIn()).toBe(true)
  })

  test('the OP MUST ask the person when the hint is about somebody else than who is signed in', async () => {
    const { tokens, logout, person, cookieOf, authorize, client } = await logoutWorld()
    const { id_token } = await tokens()
    const mallory = await cookieOf(await person('mallory'))
    const answer = await logout({ id_token_hint: id_token, post_logout_redirect_uri: signedOutUri }, mallory)
    expect(answer.headers.get('location')).toBe('/sign-out')
    const silent = { response_type: 'code', client_id: client.client_id, redirect_uri, prompt: 'none' }
    expect((await authorize(silent, mallory)).location.search).not.toContain('login_required')
  })

  test('the hint of a pairwise client is about the person that it names by its own subject', async () => {
    const { tokens, logout, isSignedIn } = await logoutWorld({ subject_type: 'pairwise' })
    await logout({ id_token_hint: (await tokens()).id_token })
    expect(await isSignedIn()).toBe(false)
  })
})

describe('OpenID Connect RP-Initiated Logout 1.0 §3', () => {
  test('the OP MUST NOT redirect to an address that was not registered, compared to the letter', async () => {
    const { tokens, logout, isSignedIn } = await logoutWorld()
    const { id_token } = await tokens()
    const near = [`${signedOutUri}&x=1`, `${signedOutUri}/`, 'https://app.example/signed-out', redirect_uri]
    for (const post_logout_redirect_uri of near) {
      const page = await logout({ id_token_hint: id_token, post_logout_redirect_uri })
      expect(page).toMatchObject({ status: 400 })
      expect(page.headers.has('location')).toBe(false)
    }
    expect(await isSignedIn()).toBe(true)
  })

  test('the OP MUST pass the state back unchanged, and none when there was none', async () => {
    const { tokens, logout } = await logoutWorld()
    const { id_token } = await tokens()
    const request = { id_token_hint: id_token, post_logout_redirect_uri: signedOutUri }
    const state = `${'s'.repeat(1_000)} &=#%"<>`
    expect((await logout({ ...request, state }, strangersCookie)).location.searchParams.get('state')).toBe(
      state,
    )
    expect((await logout(request)).headers.get('location')).toBe(signedOutUri)
  })

  test('the OP MUST NOT redirect when nothing vouches for the request', async () => {
    const { logout, client } = await logoutWorld()
    const request = { client_id: client.client_id, post_logout_redirect_uri: signedOutUri, state: 's' }
    expect((await logout(request)).headers.get('location')).toBe('/sign-out')
  })

  test('an address of another client is not an address of this one', async () => {
    const { tokens, logout, register } = await logoutWorld()
    const other = 'https://other.example/signed-out'
    await register(clientWith({ client_id: 'other' }, { post_logout_redirect_uris: [other] }))
    const { id_token } = await tokens()
    expect(await logout({ id_token_hint: id_token, post_logout_redirect_uri: other })).toMatchObject({
      status: 400,
    })
  })

  test('after logout prompt=none fails with login_required', async () => {
    const { tokens, logout, authorize, client, cookie } = await logoutWorld()
    await logout({ id_token_hint: (await tokens()).id_token })
    const silent = { response_type: 'code', client_id: client.client_id, redirect_uri, prompt: 'none' }
    const challenge = { code_challenge: 'c'.repeat(43), code_challenge_method: 'S256' }
    const { location } = await authorize({ ...silent, ...challenge }, cookie)
    expect(location.searchParams.get('error')).toBe('login_required')
  })

  test('a code that was issued in the session cannot be redeemed after it', async () => {
    const { tokens, logout, codeFor, client, cookie, token } = await logoutWorld()
    const { id_token } = await tokens()
    const code = await codeFor(client, cookie)
    await logout({ id_token_hint: id_token })
    expect(await token(redemptionOf(client, code))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })
})
