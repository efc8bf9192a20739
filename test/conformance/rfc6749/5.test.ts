import { describe, expect, test } from 'vitest'

import { asService, tokenWorld } from '../../support/oauth/token-world.ts'
import { redemptionOf } from '../../support/oauth/world.ts'

const own = { grant_type: 'client_credentials' }

/** RFC 6749 §5.1 and §5.2, what the token endpoint answers; §4.4.3 and §6. */
describe('RFC 6749 §5', () => {
  test('5.1: access_token and token_type are REQUIRED, expires_in RECOMMENDED', async () => {
    const { token } = await tokenWorld()
    const { body } = await token(own, asService('service'))
    expect(body).toMatchObject({
      access_token: expect.any(String),
      token_type: 'Bearer',
      expires_in: expect.any(Number),
    })
  })

  test('5.1: scope is REQUIRED where it is not what was asked for, and is always told', async () => {
    const { token } = await tokenWorld()
    const { body } = await token({ ...own, scope: 'read' }, asService('service'))
    expect(body['scope']).toBe('read')
  })

  test('5.1: Cache-Control: no-store and Pragma: no-cache MUST be there in any answer with tokens', async () => {
    const { token } = await tokenWorld()
    const { headers } = await token(own, asService('service'))
    expect([headers.get('cache-control'), headers.get('pragma')]).toEqual(['no-store', 'no-cache'])
    expect(headers.get('content-type')).toBe('application/json')
  })

  test('5.2: an unsupported grant type is unsupported_grant_type, with 400', async () => {
    const { token } = await tokenWorld()
    const answer = await token({ grant_type: 'password', username: 'a', password: 'b' }, asService('service'))
    expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
  })

  test('5.2: a grant type that the client may not use is unauthorized_client', async () => {
    const { app, token } = await tokenWorld()
    const answer = await token({ ...own, client_id: app.client_id })
    expect(answer).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
  })

  test('5.2: a scope that is unknown, malformed or too much is invalid_scope', async () => {
    const { token } = await tokenWorld()
    for (const scope of ['manage', 'read  write', 'a"b']) {
      const answer = await token({ ...own, scope }, asService('service'))
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    }
  })

  test('5.2: a client that fails by the Authorization header MUST get 401 with WWW-Authenticate', async () => {
    const { token } = await tokenWorld()
    const answer = await token(own, { authorization: `Basic ${btoa('service:wrong')}` })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
  })

  test('5.2: error and error_description hold no characters outside of what is allowed', async () => {
    const { token } = await tokenWorld()
    const { body } = await token({ ...own, scope: 'a"b\\c' }, asService('service'))
    expect(String(body['error_description'])).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/)
  })

  test('4.4.3: a refresh token SHOULD NOT be included for client_credentials', async () => {
    const { token } = await tokenWorld()
    expect((await token(own, asService('service'))).body).not.toHaveProperty('refresh_token')
  })

  test('6: the scope of a refresh MUST NOT include what was not granted, and less is allowed', async () => {
    const { app, token, tokensOf } = await tokenWorld()
    const { refresh_token } = await tokensOf(app, { scope: 'openid read' })
    const fields = { grant_type: 'refresh_token', client_id: app.client_id, refresh_token }
    expect(await token({ ...fields, scope: 'write' })).toMatchObject({ body: { error: 'invalid_scope' } })
    expect(await token({ ...fields, scope: 'read' })).toMatchObject({ body: { scope: 'read' } })
  })

  test('6: a new refresh token has the scope of the one it replaces, whatever was asked for', async () => {
    const { app, token, codeWith } = await tokenWorld()
    const first = await token(redemptionOf(app, await codeWith(app, { scope: 'openid read' })))
    const fields = { grant_type: 'refresh_token', client_id: app.client_id }
    const refresh_token = String(first.body['refresh_token'])
    const narrow = await token({ ...fields, refresh_token, scope: 'read' })
    const next = await token({ ...fields, refresh_token: String(narrow.body['refresh_token']) })
    expect(next.body['scope']).toBe('openid read')
  })
})
