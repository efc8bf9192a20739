import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import {
  backChannelUri,
  claimsIn,
  formIn,
  logoutTokenIn,
  logoutWorld,
  outsideNetwork,
} from '../../support/oauth/logout-world.ts'
import { issuer } from '../../support/oauth/world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

/** A client that was told, with what it was told. */
async function toldClient(status = 200) {
  const sent = outsideNetwork(() => new Response(null, { status }))
  const world = await logoutWorld({ backchannel_logout_uri: backChannelUri })
  const { id_token } = await world.tokens()
  await world.logout({ id_token_hint: id_token })
  const [delivery] = sent
  return { ...world, sent, delivery, id_token, logout_token: logoutTokenIn(delivery) }
}

describe('OpenID Connect Back-Channel Logout 1.0 §2.4', () => {
  test('a logout token MUST have iss, aud, iat, exp, jti and events, and be signed like an ID token', async () => {
    const { logout_token, client, send } = await toldClient()
    const { body } = await send('/.well-known/jwks.json')
    const keys = createLocalJWKSet({ keys: Array.isArray(body.keys) ? body.keys : [] })
    const { payload } = await jwtVerify(logout_token, keys, { issuer, audience: client.client_id })
    expect(payload).toMatchObject({
      iat: expect.any(Number),
      exp: expect.any(Number),
      jti: expect.any(String),
    })
    expect(payload['events']).toEqual({ 'http://schemas.openid.net/event/backchannel-logout': {} })
    expect(decodeProtectedHeader(logout_token).alg).toBe('RS256')
  })

  test('exp SHOULD be at most two minutes ahead', async () => {
    const { exp = 0, iat = 0 } = claimsIn((await toldClient()).logout_token)
    expect(exp - iat).toBeLessThanOrEqual(120)
  })

  test('a logout token MUST carry sub or sid; ours carries both, as the ID token had them', async () => {
    const { logout_token, id_token } = await toldClient()
    const { sub, sid } = claimsIn(id_token)
    expect(claimsIn(logout_token)).toMatchObject({ sub, sid })
  })

  test('a nonce MUST NOT be present', async () => {
    expect(claimsIn((await toldClient()).logout_token)).not.toHaveProperty('nonce')
  })

  test('typ SHOULD be logout+jwt, so that it passes for no other token', async () => {
    const { logout_token } = await toldClient()
    expect(decodeProtectedHeader(logout_token).typ).toBe('logout+jwt')
  })
})

describe('OpenID Connect Back-Channel Logout 1.0 §2.5', () => {
  test('the request is a POST of a form that holds logout_token and nothing else', async () => {
    const { delivery } = await toldClient()
    expect(delivery).toMatchObject({ url: backChannelUri, init: { method: 'POST', redirect: 'manual' } })
    expect([...formIn(delivery).keys()]).toEqual(['logout_token'])
  })

  test('only clients that took part in the session are told', async () => {
    const sent = outsideNetwork(() => new Response(null, { status: 200 }))
    const { tokens, logout, register, client } = await logoutWorld({ backchannel_logout_uri: backChannelUri })
    await register({ ...client, client_id: 'bystander' })
    await logout({ id_token_hint: (await tokens()).id_token })
    expect(sent.map(({ init }) => claimsIn(logoutTokenIn({ url: '', init })).aud)).toEqual([client.client_id])
  })
})

describe('OpenID Connect Back-Channel Logout 1.0 §2.7', () => {
  test('refresh tokens without offline_access SHOULD be revoked, those with it SHOULD NOT', async () => {
    outsideNetwork(() => new Response(null, { status: 200 }))
    const { tokens, logout, refresh } = await logoutWorld({ backchannel_logout_uri: backChannelUri })
    const within = await tokens('openid')
    const beyond = await tokens('openid offline_access')
    await logout({ id_token_hint: within.id_token })
    expect((await refresh(within.refresh_token)).status).toBe(400)
    expect((await refresh(beyond.refresh_token)).status).toBe(200)
  })
})

describe('OpenID Connect Back-Channel Logout 1.0 §2.8', () => {
  test('a client that answers 400 has refused the token, and the person is signed out all the same', async () => {
    const { isSignedIn } = await toldClient(400)
    expect(await isSignedIn()).toBe(false)
  })
})

describe('OpenID Connect Back-Channel Logout 1.0 §2.1', () => {
  test('discovery says that logout tokens are sent, and that they carry sid', async () => {
    const { send } = await logoutWorld()
    expect((await send('/.well-known/openid-configuration')).body).toMatchObject({
      backchannel_logout_supported: true,
      backchannel_logout_session_supported: true,
    })
  })
})
