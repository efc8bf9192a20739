import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { sha256 } from '../../../src/platform/digest.ts'
import { confidentialClient } from '../../support/oauth/clients.ts'
import { client_secret, codeWorld, without } from '../../support/oauth/code-world.ts'
import { claimsNow, signed } from '../../support/oauth/token-world.ts'
import { amplePlan, basic, issuer, redemptionOf, requestOf } from '../../support/oauth/world.ts'

/** @see RFC 9700 §4.2.4 (leaks by referrer), §4.16 (clickjacking) */
describe('RFC 9700 §4.2.4 and §4.16, pages', () => {
  test('the page of an authorization response SHOULD NOT leak its address by a referrer', async () => {
    const { authorize, client } = await codeWorld()
    const { headers } = await authorize(requestOf(client))
    expect(headers.get('referrer-policy')).toBe('no-referrer')
  })

  test('a server MUST prevent clickjacking: no page of its own may be framed', async () => {
    const { send } = await codeWorld()
    const { headers } = await send('/sign-in')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-frame-options')).toBe('DENY')
  })
})

/** @see RFC 9700 §4.3.2, §4.5.3 (codes in histories, and injected) */
describe('RFC 9700 §4.3.2 and §4.5.3, codes', () => {
  test('a code is invalidated after its first use, and a second use SHOULD revoke its tokens', async () => {
    const { token, client, code, send } = await codeWorld()
    const { body } = await token(redemptionOf(client, code))
    expect(await token(redemptionOf(client, code))).toMatchObject({ status: 400 })
    const headers = { authorization: `Bearer ${String(body['access_token'])}` }
    expect((await send('/oauth/userinfo', { headers })).status).toBe(401)
  })

  test('a code that was stolen and put into another session fails on its challenge', async () => {
    const { token, client, codeFor, cookie } = await codeWorld()
    const stolen = await codeFor(client, cookie, { code_challenge: sha256('v'.repeat(43)) })
    const answer = await token(redemptionOf(client, stolen))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })
})

/** @see RFC 9700 §4.4.2 (mix-up) */
describe('RFC 9700 §4.4.2, mix-up', () => {
  test('the server names itself in the authorization response by iss, as its metadata says', async () => {
    const { authorize, client, cookie, send } = await codeWorld()
    const { location } = await authorize(requestOf(client), cookie)
    expect(location.searchParams.get('iss')).toBe(issuer)
    const { body } = await send('/.well-known/oauth-authorization-server')
    expect(body['authorization_response_iss_parameter_supported']).toBe(true)
  })
})

/** @see RFC 9700 §4.8.2 (PKCE downgrade) */
describe('RFC 9700 §4.8.2, PKCE downgrade', () => {
  test('a server MUST refuse a code_verifier for a code whose request had no challenge', async () => {
    const { token, register, authorize, cookie } = await codeWorld()
    const made = { ...confidentialClient(sha256(client_secret)), first_party: true, plan: amplePlan }
    const service = await register(made)
    const bare = without(without(requestOf(service), 'code_challenge'), 'code_challenge_method')
    const { location } = await authorize(bare, cookie)
    const redemption = redemptionOf(service, location.searchParams.get('code') ?? '')
    const headers = basic('service', client_secret)
    const answer = await token(redemption, headers)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await token(without(redemption, 'code_verifier'), headers)).status).toBe(200)
  })
})

/** @see RFC 9700 §4.11.2, §4.12 (redirects by the server) */
describe('RFC 9700 §4.11.2 and §4.12, redirects', () => {
  test('a server MUST NOT redirect at once for a request that its client could not have made', async () => {
    const { authorize, client, cookie } = await codeWorld()
    const asked = requestOf(client)
    for (const changed of [
      { ...asked, client_id: 'nobody' },
      { ...asked, redirect_uri: 'https://elsewhere.example/' },
    ]) {
      const answer = await authorize(changed, cookie)
      expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
    }
  })

  test('a server MUST NOT redirect with 307 where credentials may be in the request, and SHOULD use 303', async () => {
    const { authorize, post, client, cookie } = await codeWorld()
    const answers = [
      await authorize(requestOf(client), cookie),
      await post('/oauth/authorize', requestOf(client), { cookie }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
  })
})

/** @see RFC 9700 §4.14.2 (refresh tokens) */
describe('RFC 9700 §4.14.2, refresh tokens', () => {
  test('refresh tokens MUST be bound to the scope and resources that were consented to', async () => {
    const { token, client, codeFor, cookie } = await codeWorld()
    const code = await codeFor(client, cookie, { scope: 'openid' })
    const { body } = await token(redemptionOf(client, code))
    const refresh_token = String(body['refresh_token'])
    const asked = { grant_type: 'refresh_token', client_id: client.client_id, refresh_token }
    expect(await token({ ...asked, scope: 'openid email' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    })
    expect((await token(asked)).body['scope']).toBe('openid')
  })

  test('refresh tokens of public clients MUST be bound to a key or rotate', async () => {
    const { token, client, code } = await codeWorld()
    const first = (await token(redemptionOf(client, code))).body['refresh_token']
    const asked = { grant_type: 'refresh_token', client_id: client.client_id }
    const { body } = await token({ ...asked, refresh_token: String(first) })
    expect(body['refresh_token']).toEqual(expect.stringMatching(/^gwr_/))
    expect(body['refresh_token']).not.toBe(first)
  })
})

/** @see RFC 9700 §4.15 (client impersonating resource owner) */
describe('RFC 9700 §4.15, a client that looks like a person', () => {
  test('a token of a client for itself can be told from that of a person', async () => {
    const { token, register, client, code } = await codeWorld()
    const made = { ...confidentialClient(sha256(client_secret)), plan: amplePlan }
    await register(made)
    const own = await token(
      { grant_type: 'client_credentials', scope: 'read' },
      basic('service', client_secret),
    )
    const ofPerson = await token(redemptionOf(client, code))
    const claims = [own, ofPerson].map(({ body }) => decodeJwt(String(body['access_token'])))
    expect(claims.map((each) => 'auth_time' in each)).toEqual([false, true])
    expect(claims.map(({ sub, client_id }) => sub === client_id)).toEqual([true, false])
  })

  test('a client cannot choose a client_id that could be somebody’s sub', async () => {
    const { postJson } = await codeWorld()
    const asked = { client_id: 'alice', client_name: 'Alice', redirect_uris: ['https://a.example/cb'] }
    const manage = await signed(claimsNow({ scope: 'manage' }))
    const answer = await postJson('/oauth/register', asked, { authorization: `Bearer ${manage}` })
    expect(answer).toMatchObject({ status: 201, body: { client_id: expect.stringMatching(/^[\w-]{22}$/) } })
  })
})
