import { describe, expect, test } from 'vitest'

import { asService, claimsNow, signed, tokenWorld } from '../../support/oauth/token-world.ts'

/** RFC 6750 §2 and §3, bearer tokens at userinfo. */
describe('RFC 6750', () => {
  test('2.1: a token in the Authorization header MUST be supported, its scheme in any case', async () => {
    const { app, send, tokensOf } = await tokenWorld()
    const { access_token } = await tokensOf(app)
    for (const scheme of ['Bearer', 'bearer', 'BEARER']) {
      const headers = { authorization: `${scheme} ${access_token}` }
      expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 200 })
    }
  })

  test('2.2: a token in a form body may be sent by POST, as application/x-www-form-urlencoded', async () => {
    const { app, post, tokensOf } = await tokenWorld()
    const { access_token } = await tokensOf(app)
    expect(await post('/oauth/userinfo', { access_token })).toMatchObject({ status: 200 })
  })

  test('2.3: a token in the query SHOULD NOT be used, and is not looked at', async () => {
    const { app, send, tokensOf } = await tokenWorld()
    const { access_token } = await tokensOf(app)
    expect(await send(`/oauth/userinfo?access_token=${access_token}`)).toMatchObject({ status: 401 })
  })

  test('2: clients MUST NOT use more than one method; that is invalid_request with 400', async () => {
    const { app, post, tokensOf } = await tokenWorld()
    const { access_token } = await tokensOf(app)
    const headers = { authorization: `Bearer ${access_token}` }
    expect(await post('/oauth/userinfo', { access_token }, headers)).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  test('3: a request without credentials MUST be answered with WWW-Authenticate: Bearer', async () => {
    const { send } = await tokenWorld()
    const { status, headers } = await send('/oauth/userinfo')
    expect([status, headers.get('www-authenticate')]).toEqual([401, expect.stringMatching(/^Bearer /)])
  })

  test('3.1: a request without credentials SHOULD NOT be told an error code in the challenge', async () => {
    const { send } = await tokenWorld()
    const { headers } = await send('/oauth/userinfo')
    expect(headers.get('www-authenticate')).not.toContain('error=')
  })

  test('3.1: an expired, revoked or malformed token is invalid_token with 401', async () => {
    const { userinfo } = await tokenWorld()
    for (const token of ['garbage', await signed(claimsNow({ exp: 1 }))]) {
      const { status, headers } = await userinfo(token)
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toContain('error="invalid_token"')
    }
  })

  test('3.1: a token that lacks the scope is insufficient_scope with 403, and the scope MAY be named', async () => {
    const { token, userinfo } = await tokenWorld()
    const { body } = await token({ grant_type: 'client_credentials' }, asService('service'))
    const { status, headers } = await userinfo(String(body['access_token']))
    expect(status).toBe(403)
    expect(headers.get('www-authenticate')).toContain('error="insufficient_scope"')
    expect(headers.get('www-authenticate')).toContain('scope="openid"')
  })
})
