import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { redirect_uri } from '../../support/oauth/clients.ts'
import { codeWorld, without } from '../../support/oauth/code-world.ts'
import { code_challenge, issuer, redemptionOf, requestOf } from '../../support/oauth/world.ts'

/** @see RFC 9700 §2.1 (protecting redirect-based flows) */
describe('RFC 9700 §2.1, redirects', () => {
  test.each([
    `${redirect_uri}/`,
    `${redirect_uri}?added=1`,
    redirect_uri.toUpperCase(),
    'https://app.example:443/callback',
    'https://app.example/callback/../callback',
  ])('redirect URIs MUST be compared by exact string: %s is another', async (uri) => {
    const { authorize, client, cookie } = await codeWorld()
    const answer = await authorize({ ...requestOf(client), redirect_uri: uri }, cookie)
    expect([answer.status, answer.headers.get('location')]).toEqual([400, null])
  })

  test('servers MUST NOT expose open redirectors: an address that nobody registered is not gone to', async () => {
    const { send } = await codeWorld()
    for (const name of ['continue', 'post_logout_redirect_uri', 'redirect_uri']) {
      const query = new URLSearchParams({ [name]: 'https://elsewhere.example/' }).toString()
      for (const path of ['/sign-in', '/sign-out', '/oauth/logout', '/oauth/authorize'])
        expect((await send(`${path}?${query}`)).location.origin).toBe(issuer)
    }
  })
})

/** @see RFC 9700 §2.1.1 (authorization code grant) */
describe('RFC 9700 §2.1.1, the code', () => {
  test('public clients MUST use PKCE', async () => {
    const { authorize, client, cookie } = await codeWorld()
    const bare = without(without(requestOf(client), 'code_challenge'), 'code_challenge_method')
    const { location } = await authorize(bare, cookie)
    expect(location.searchParams.get('error')).toBe('invalid_request')
  })

  test('challenge methods SHOULD not show the verifier in the request: plain is refused', async () => {
    const { authorize, client, cookie } = await codeWorld()
    const { location } = await authorize({ ...requestOf(client), code_challenge_method: 'plain' }, cookie)
    expect(location.searchParams.get('error')).toBe('invalid_request')
  })

  test('a server MUST enforce the right code_verifier where a challenge was there', async () => {
    const { token, client, code } = await codeWorld()
    const redemption = redemptionOf(client, code)
    expect((await token(without(redemption, 'code_verifier'))).status).toBe(400)
    const wrong = await token({ ...redemption, code_verifier: code_challenge })
    expect(wrong).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await token(redemption)).status).toBe(200)
  })

  test('a server MUST provide a way to detect its support of PKCE: code_challenge_methods_supported', async () => {
    const { send } = await codeWorld()
    const { body } = await send('/.well-known/oauth-authorization-server')
    expect(body['code_challenge_methods_supported']).toEqual(['S256'])
  })
})

/** @see RFC 9700 §2.1.2 (implicit grant), §2.4 (password grant) */
describe('RFC 9700 §2.1.2 and §2.4, grants that are gone', () => {
  test.each(['token', 'id_token token', 'code token'])(
    'an access token SHOULD NOT be issued in the authorization response: %s',
    async (response_type) => {
      const { authorize, client, cookie } = await codeWorld()
      const { location } = await authorize({ ...requestOf(client), response_type }, cookie)
      expect(location.searchParams.get('error')).toBe('unsupported_response_type')
      expect(location.href).not.toContain('access_token')
    },
  )

  test('the resource owner password credentials grant MUST NOT be used', async () => {
    const { token, client } = await codeWorld()
    const asked = { grant_type: 'password', client_id: client.client_id, username: 'alice', password: 'x' }
    expect(await token(asked)).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })
})

/** @see RFC 9700 §2.3 (access token privilege restriction) */
describe('RFC 9700 §2.3, what a token may do', () => {
  test('the privileges of an access token SHOULD be those that are needed: audience and scope are in it', async () => {
    const { token, client, codeFor, cookie } = await codeWorld()
    const { body } = await token(redemptionOf(client, await codeFor(client, cookie, { scope: 'openid' })))
    expect(decodeJwt(String(body['access_token']))).toMatchObject({ aud: issuer, scope: 'openid' })
  })
})
