import { describe, expect, test } from 'vitest'

import { invoices, orders } from '../../support/oauth/resources.ts'
import { asService, service, tokenWorld } from '../../support/oauth/token-world.ts'
import { redemptionOf } from '../../support/oauth/world.ts'
import { without } from '../../support/oauth/code-world.ts'

const REFUSED = { status: 400, body: { error: 'invalid_grant' } }

/** Somebody has a code, or something like one, and wants its tokens. RFC 6749 §10, RFC 9700 §4. */
describe('somebody who has a code', () => {
  test('presents it as another client: nothing is issued, and the owner still gets its tokens', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const code = await codeWith(app)
    expect(await token(redemptionOf({ client_id: 'other' }, code), asService('other'))).toMatchObject(REFUSED)
    expect(await token(redemptionOf(app, code))).toMatchObject({ status: 200 })
  })

  test('changes the redirect URI at the token endpoint: nothing is issued', async () => {
    const { app, codeWith, token } = await tokenWorld({
      redirect_uris: ['https://app.example/callback', 'https://app.example/other'],
    })
    const code = await codeWith(app)
    const redirect_uri = 'https://app.example/other'
    expect(await token({ ...redemptionOf(app, code), redirect_uri })).toMatchObject(REFUSED)
    expect(await token(redemptionOf(app, code))).toMatchObject({ status: 200 })
  })

  test('leaves the verifier out: nothing is issued', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const code = await codeWith(app)
    const answer = await token(without(redemptionOf(app, code), 'code_verifier'))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(await token(redemptionOf(app, code))).toMatchObject({ status: 200 })
  })

  test('brings a verifier of its own: nothing is issued', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const code = await codeWith(app)
    expect(await token({ ...redemptionOf(app, code), code_verifier: 'v'.repeat(43) })).toMatchObject(REFUSED)
    expect(await token(redemptionOf(app, code))).toMatchObject({ status: 200 })
  })

  test('sends the challenge for the verifier: nothing is issued', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const code = await codeWith(app)
    const { code_challenge } = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM' }
    expect(await token({ ...redemptionOf(app, code), code_verifier: code_challenge })).toMatchObject(REFUSED)
  })

  test('brings a verifier too short to be random: it is not even compared', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const code = await codeWith(app)
    const answer = await token({ ...redemptionOf(app, code), code_verifier: 'v'.repeat(42) })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('spends it a second time: the tokens of the first time stop', async () => {
    const { app, codeWith, token, userinfo } = await tokenWorld()
    const code = await codeWith(app)
    const { body } = await token(redemptionOf(app, code))
    expect(await token(redemptionOf(app, code))).toMatchObject(REFUSED)
    expect(await userinfo(String(body['access_token']))).toMatchObject({ status: 401 })
  })

  test('presents a refresh token as a code, and a code as a refresh token: neither is the other', async () => {
    const { app, codeWith, token, tokensOf } = await tokenWorld()
    const { refresh_token } = await tokensOf(app)
    expect(await token(redemptionOf(app, refresh_token))).toMatchObject(REFUSED)
    const code = await codeWith(app)
    const fields = { grant_type: 'refresh_token', client_id: app.client_id, refresh_token: code }
    expect(await token(fields)).toMatchObject(REFUSED)
  })

  test('asks for a resource that the person never saw: nothing is issued, and the code is unspent', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const code = await codeWith(app, { resource: [orders] })
    const widened = await token({ ...redemptionOf(app, code), resource: invoices })
    expect(widened).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    expect(await token(redemptionOf(app, code))).toMatchObject({ status: 200 })
  })
})

/** Somebody has found a refresh token. */
describe('somebody who has a refresh token', () => {
  test('presents it as another client: nothing is issued, and the owner goes on', async () => {
    const { app, token, tokensOf } = await tokenWorld()
    const { refresh_token } = await tokensOf(app)
    const fields = { grant_type: 'refresh_token', refresh_token }
    expect(await token(fields, asService('other'))).toMatchObject(REFUSED)
    expect(await token({ ...fields, client_id: app.client_id })).toMatchObject({ status: 200 })
  })

  test('names the confidential client without its secret: nothing is issued', async () => {
    const { token, tokensOf } = await tokenWorld()
    const { refresh_token } = await tokensOf(service('service'))
    const fields = { grant_type: 'refresh_token', refresh_token }
    expect(await token({ ...fields, client_id: 'service' })).toMatchObject({ status: 401 })
    expect(await token(fields, asService('service'))).toMatchObject({ status: 200 })
  })

  test('asks for a wider scope: nothing is issued and nothing is spent', async () => {
    const { app, token, tokensOf } = await tokenWorld()
    const { refresh_token } = await tokensOf(app, { scope: 'openid read' })
    const fields = { grant_type: 'refresh_token', client_id: app.client_id, refresh_token }
    const widened = await token({ ...fields, scope: 'openid read write' })
    expect(widened).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    expect(await token(fields)).toMatchObject({ status: 200, body: { scope: 'openid read' } })
  })

  test('asks for another resource: nothing is issued and nothing is spent', async () => {
    const { app, token, tokensOf } = await tokenWorld()
    const { refresh_token } = await tokensOf(app, { resource: [orders] })
    const fields = { grant_type: 'refresh_token', client_id: app.client_id, refresh_token }
    const widened = await token({ ...fields, resource: invoices })
    expect(widened).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    expect(await token(fields)).toMatchObject({ status: 200 })
  })
})

/** A client that acts for itself. */
describe('a client that acts for itself', () => {
  test('names a resource that nobody published: it gets no token for it', async () => {
    const { token } = await tokenWorld()
    const fields = { grant_type: 'client_credentials', resource: 'https://bank.example/' }
    expect(await token(fields, asService('service'))).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    })
  })

  test('calls userinfo with its own token: it learns nothing', async () => {
    const { token, userinfo } = await tokenWorld()
    const { body } = await token({ grant_type: 'client_credentials' }, asService('service'))
    const answer = await userinfo(String(body['access_token']))
    expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
    expect(answer.text).not.toContain('alice')
  })
})
