import { SignJWT } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import {
  backChannelUri,
  frontChannelUri,
  logoutTokenIn,
  logoutWorld,
  outsideNetwork,
  signedOutUri,
} from '../../support/oauth/logout-world.ts'
import { issuer, redemptionOf } from '../../support/oauth/world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('whoever attacks signing out', () => {
  test('a link without a hint signs nobody out', async () => {
    const { logout, isSignedIn } = await logoutWorld()
    await logout({ client_id: 'app', logout_hint: 'alice' })
    expect(await isSignedIn()).toBe(true)
  })

  test('a hint signed with a key of the attacker signs nobody out', async () => {
    const { tokens, logout, isSignedIn } = await logoutWorld()
    const [header = ''] = (await tokens()).id_token.split('.')
    const kid = JSON.parse(atob(header)).kid
    const forged = await new SignJWT({ iss: issuer, sub: 'alice', aud: 'app' })
      .setProtectedHeader({ alg: 'HS256', kid, typ: 'JWT' })
      .sign(new Uint8Array(32))
    expect(await logout({ id_token_hint: forged })).toMatchObject({ status: 400 })
    expect(await isSignedIn()).toBe(true)
  })

  test('the hint of somebody else signs nobody out', async () => {
    const { tokens, logout, person, cookieOf, send } = await logoutWorld()
    const { id_token } = await tokens()
    const mallory = await cookieOf(await person('mallory'))
    await logout({ id_token_hint: id_token }, mallory)
    expect(await send('/account', { headers: { cookie: mallory } })).toMatchObject({ status: 200 })
  })

  test('an unregistered address to go to afterwards is not gone to', async () => {
    const { tokens, logout } = await logoutWorld()
    const { id_token } = await tokens()
    const evil = 'https://app.example.evil.example/signed-out'
    const page = await logout({ id_token_hint: id_token, post_logout_redirect_uri: evil })
    expect(page.headers.get('location')).toBeNull()
  })

  test('an address to go to is worth nothing without a hint that vouches for it', async () => {
    const { logout } = await logoutWorld()
    const { location } = await logout({ client_id: 'app', post_logout_redirect_uri: signedOutUri })
    expect(location.host).toBe(new URL(issuer).host)
  })

  test('a logout token is not sent to an address that only this server reaches', async () => {
    const sent = outsideNetwork(() => new Response(null, { status: 200 }))
    const { tokens, logout } = await logoutWorld({ backchannel_logout_uri: 'https://169.254.169.254/latest' })
    await logout({ id_token_hint: (await tokens()).id_token })
    expect(sent).toEqual([])
  })

  test('a client that redirects its logout token elsewhere is not followed', async () => {
    const sent = outsideNetwork(
      () => new Response(null, { status: 307, headers: { location: 'http://169.254.169.254/' } }),
    )
    const { tokens, logout } = await logoutWorld({ backchannel_logout_uri: backChannelUri })
    await logout({ id_token_hint: (await tokens()).id_token })
    expect(sent.map(({ init }) => init.redirect)).toEqual(['manual'])
  })

  test('a client that does not answer holds nobody up, and the person is signed out', async () => {
    outsideNetwork(() => Promise.reject(new Error('timed out')))
    const { tokens, logout, isSignedIn } = await logoutWorld({ backchannel_logout_uri: backChannelUri })
    expect(await logout({ id_token_hint: (await tokens()).id_token })).toMatchObject({ status: 303 })
    expect(await isSignedIn()).toBe(false)
  })

  test('a logout token is not an ID token: as a hint it signs nobody out', async () => {
    const sent = outsideNetwork(() => new Response(null, { status: 200 }))
    const { tokens, logout, cookieOf, account, send } = await logoutWorld({
      backchannel_logout_uri: backChannelUri,
    })
    await logout({ id_token_hint: (await tokens()).id_token })
    const again = await cookieOf(account)
    await logout({ id_token_hint: logoutTokenIn(sent[0]) }, again)
    expect(await send('/account', { headers: { cookie: again } })).toMatchObject({ status: 200 })
  })

  test('a client cannot write directives of its own into the policy of the page with the frames', async () => {
    const { tokens, logout } = await logoutWorld({ frontchannel_logout_uri: 'https://a;sandbox/x' })
    const page = await logout({ id_token_hint: (await tokens()).id_token })
    expect(page.headers.get('content-security-policy')).not.toContain('sandbox')
  })

  test('the page in a frame may neither lead the person away nor open windows', async () => {
    const { tokens, logout } = await logoutWorld({ frontchannel_logout_uri: frontChannelUri })
    const page = await logout({ id_token_hint: (await tokens()).id_token })
    expect(page.text).toContain('sandbox="allow-scripts allow-same-origin"')
  })

  test('an access token of the session stops working here with the session', async () => {
    const { codeFor, client, cookie, token, logout, tokens, send } = await logoutWorld()
    const { body } = await token(redemptionOf(client, await codeFor(client, cookie)))
    const headers = { authorization: `Bearer ${String(body.access_token)}` }
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 200 })
    await logout({ id_token_hint: (await tokens()).id_token })
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 401 })
  })
})
