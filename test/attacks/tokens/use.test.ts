import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { accessTokenTtlSeconds, clockSkewSeconds } from '../../../src/platform/bounds.ts'
import { invoices, orders } from '../../support/oauth/resources.ts'
import { resourceWorld, vaultResource } from '../../support/gateway/resources.ts'
import { withBearer } from '../../support/signing/door.ts'
import { claimsNow, service, signed, tokenWorld } from '../../support/oauth/token-world.ts'
import { issuer, requestOf } from '../../support/oauth/world.ts'

/** Somebody has a token that is good for something, and wants to use it for something else. */
describe('somebody who has a token', () => {
  test('sends a token for one API to another: it is not let in', async () => {
    const { call, token, seen } = await resourceWorld()
    const headers = withBearer(await token({ aud: vaultResource }))
    expect(await call('GET', '/orders', { headers })).toMatchObject({ status: 401 })
    expect(seen).toEqual([])
  })

  test('sends a token for an API to userinfo: it learns nothing', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [orders] })
    expect(await userinfo(access_token)).toMatchObject({ status: 401 })
  })

  test('makes an audience that holds the issuer as part of a longer name: it is not let in', async () => {
    const { userinfo } = await tokenWorld()
    for (const aud of [`${issuer}.evil.example`, `${issuer}/`, [`x ${issuer}`], { 0: issuer }]) {
      expect(await userinfo(await signed(claimsNow({ aud })))).toMatchObject({ status: 401 })
    }
  })

  test('sends an ID token as an access token: it is not let in', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld({ id_token_signed_response_alg: 'ES256' })
    const { id_token } = await tokensOf(app)
    expect(await userinfo(id_token)).toMatchObject({ status: 401 })
    const dressed = await signed(claimsNow(), 'JWT')
    expect(await userinfo(dressed)).toMatchObject({ status: 401 })
  })

  test('sends an access token as an ID token hint: nobody is let in by it', async () => {
    const { app, authorize, cookie, tokensOf } = await tokenWorld()
    const { access_token } = await tokensOf(app)
    for (const id_token_hint of [access_token, await signed(claimsNow({ aud: 'app' }))]) {
      const query = { ...requestOf(app), prompt: 'none', id_token_hint }
      const { location } = await authorize(query, cookie)
      expect(location.searchParams.get('code')).toBe(null)
    }
  })

  test('uses a signed introspection answer as an access token: it is not let in', async () => {
    const { userinfo } = await tokenWorld()
    const answer = await signed(claimsNow(), 'token-introspection+jwt')
    expect(await userinfo(answer)).toMatchObject({ status: 401 })
  })

  test('changes the header to alg none and drops the signature: it is not let in', async () => {
    const { userinfo } = await tokenWorld()
    const [head = '', payload = ''] = (await signed(claimsNow())).split('.')
    const { kid } = JSON.parse(atob(head.replaceAll('-', '+').replaceAll('_', '/')))
    const none = btoa(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid })).replaceAll('=', '')
    expect(await userinfo(`${none}.${payload}.`)).toMatchObject({ status: 401 })
  })

  test('sends one that is expired, not yet valid, of another issuer or endless: it is not let in', async () => {
    const { userinfo } = await tokenWorld()
    const now = Math.floor(Date.now() / 1000)
    const later = now + clockSkewSeconds + 60
    const wrong = [
      { exp: now - 1 },
      { nbf: later },
      { iat: later },
      { iss: 'https://other.example' },
      { exp: undefined },
    ]
    for (const changes of wrong) {
      expect(await userinfo(await signed(claimsNow(changes)))).toMatchObject({ status: 401 })
    }
  })

  test('reads whose account a pairwise token is about: it cannot', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld({ subject_type: 'pairwise' })
    const { access_token, id_token } = await tokensOf(app)
    expect(JSON.stringify([decodeJwt(access_token), decodeJwt(id_token)])).not.toContain('alice')
    const { body } = await userinfo(access_token)
    expect(body).toMatchObject({ sub: decodeJwt(id_token).sub, name: 'Alice Example' })
    expect(body['sub']).not.toBe('alice')
  })

  test('compares the tokens of two clients for the account in them: they differ each time', async () => {
    const { app, tokensOf } = await tokenWorld({ subject_type: 'pairwise' })
    const one = decodeJwt((await tokensOf(app)).access_token)
    const two = decodeJwt((await tokensOf(app)).access_token)
    expect(one['account']).toEqual(expect.any(String))
    expect(one['account']).not.toBe(two['account'])
  })

  test('puts the sealed account of one subject under the name of another: userinfo answers nobody', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld({ subject_type: 'pairwise' })
    const { account } = decodeJwt((await tokensOf(app)).access_token)
    const swapped = await signed(claimsNow({ sub: 'another-subject', account }))
    expect(await userinfo(swapped)).toMatchObject({ status: 401 })
  })

  test('asks by name for claims that no scope of it opens, at another place: only those asked for come', async () => {
    const { app, tokensOf, userinfo } = await tokenWorld()
    const ask = { scope: 'openid', claims: { userinfo: { gender: null }, id_token: { phone_number: null } } }
    const { access_token, id_token } = await tokensOf(app, ask)
    expect((await userinfo(access_token)).body).toEqual({ sub: 'alice', gender: 'female' })
    expect(decodeJwt(id_token)).not.toHaveProperty('gender')
  })

  test('asks by name for claims of the protocol itself: they stay what they are', async () => {
    const { app, tokensOf } = await tokenWorld()
    const id_token = {
      iss: { value: 'https://evil.example' },
      vault_id: null,
      at_hash: null,
      account_id: null,
    }
    const claims = decodeJwt((await tokensOf(app, { claims: { id_token } })).id_token)
    expect(claims.iss).toBe(issuer)
    expect(claims).not.toHaveProperty('vault_id')
    expect(claims).not.toHaveProperty('account_id')
  })

  test('keeps a token of a client that was removed: userinfo tells it nothing more', async () => {
    const { userinfo } = await tokenWorld()
    expect(await userinfo(await signed(claimsNow({ client_id: 'removed' })))).toMatchObject({ status: 401 })
  })

  test('has tokens live on after their grant: none is longer than an hour', async () => {
    const { tokensOf } = await tokenWorld()
    const { exp = 0, iat = 0 } = decodeJwt(
      (await tokensOf(service('service'), { resource: [invoices] })).access_token,
    )
    expect(exp - iat).toBe(accessTokenTtlSeconds)
  })
})
