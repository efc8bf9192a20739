import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { actorsMax } from '../../../src/platform/bounds.ts'
import { boundWorld, tokenProof } from '../../support/oauth/bound-world.ts'
import { invoices, orders, ordersClient } from '../../support/oauth/resources.ts'
import {
  accessTokenType,
  asService,
  claimsNow,
  exchangeGrant,
  service,
  signed,
  tokenWorld,
} from '../../support/oauth/token-world.ts'
import { newIsolate, redemptionOf } from '../../support/oauth/world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

const INVALID = { status: 400, body: { error: 'invalid_request' } }

/** Somebody has an access token and wants to make more of it. RFC 8693 §5. */
describe('somebody who exchanges a token', () => {
  test('is neither its client nor the API that it is for: nothing is issued', async () => {
    const { app, tokensOf, exchange } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [orders] })
    expect(await exchange('other', access_token)).toMatchObject(INVALID)
  })

  test('is the API of another resource: nothing is issued', async () => {
    const { app, tokensOf, exchange } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [invoices] })
    expect(await exchange(ordersClient, access_token)).toMatchObject(INVALID)
  })

  test('is called as the token says its audience is called, which proves nothing: nothing is issued', async () => {
    const { exchange } = await tokenWorld()
    const token = await signed(claimsNow({ aud: ['other', 'https://other.example'] }))
    expect(await exchange('other', token)).toMatchObject(INVALID)
  })

  test('asks for a resource that the token is not for: nothing is issued', async () => {
    const { app, tokensOf, exchange } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [orders] })
    const refused = { status: 400, body: { error: 'invalid_target' } }
    expect(await exchange(ordersClient, access_token, { resource: invoices })).toMatchObject(refused)
    expect(await exchange(ordersClient, access_token, { audience: invoices })).toMatchObject(refused)
  })

  test('asks for a scope that the token lacks: nothing is issued', async () => {
    const { app, tokensOf, exchange } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [orders], scope: 'read' })
    const answer = await exchange(ordersClient, access_token, { scope: 'read write' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  })

  test('asks for a scope that it is not registered for: nothing is issued', async () => {
    const { app, tokensOf, exchange, register } = await tokenWorld()
    await register(service(ordersClient, { scope: 'read' }))
    const { access_token } = await tokensOf(app, { resource: [orders], scope: 'read write' })
    const answer = await exchange(ordersClient, access_token, { scope: 'write' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    expect(await exchange(ordersClient, access_token)).toMatchObject({ body: { scope: 'read' } })
  })

  test('exchanges again and again to live longer: no token outlives the first', async () => {
    const { exchange } = await tokenWorld()
    const exp = Math.floor(Date.now() / 1000) + 60
    const first = await exchange('service', await signed(claimsNow({ client_id: 'service', exp })))
    const second = await exchange('service', String(first.body['access_token']))
    expect(decodeJwt(String(second.body['access_token'])).exp).toBe(exp)
  })

  test('wants a refresh token or an ID token with it: there is none', async () => {
    const { app, tokensOf, exchange } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [orders] })
    const { body } = await exchange(ordersClient, access_token)
    expect(Object.keys(body).toSorted()).toEqual([
      'access_token',
      'expires_in',
      'issued_token_type',
      'scope',
      'token_type',
    ])
  })

  test('goes on with it after the grant was revoked: both tokens stop', async () => {
    const { app, exchange, introspect, token, codeWith } = await tokenWorld()
    const code = await codeWith(app, { resource: [orders] })
    const { body } = await token(redemptionOf(app, code))
    const exchanged = await exchange(ordersClient, String(body['access_token']))
    const made = String(exchanged.body['access_token'])
    expect((await introspect(ordersClient, made)).body).toMatchObject({ active: true })
    await token(redemptionOf(app, code))
    expect((await introspect(ordersClient, made)).body).toEqual({ active: false })
    expect(await exchange(ordersClient, made)).toMatchObject(INVALID)
  })

  test('raises how well the person signed in: it stays as it was', async () => {
    const { app, tokensOf, exchange } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [orders] })
    const { body } = await exchange(ordersClient, access_token)
    const { acr, auth_time, sid, grant_id } = decodeJwt(access_token)
    expect(decodeJwt(String(body['access_token']))).toMatchObject({ acr, auth_time, sid, grant_id })
  })

  test('hides who acts: the chain of actors grows with each, up to its bound', async () => {
    const { exchange } = await tokenWorld()
    let act: object = { sub: 'first' }
    for (let count = 2; count <= actorsMax; count += 1) act = { sub: `actor ${count}`, act }
    const full = await signed(claimsNow({ aud: [orders], act }))
    expect(await exchange(ordersClient, full)).toMatchObject(INVALID)
    const short = await signed(claimsNow({ aud: [orders], act: { sub: 'first' } }))
    const { body } = await exchange(ordersClient, short)
    expect(decodeJwt(String(body['access_token']))).toMatchObject({
      sub: 'alice',
      client_id: ordersClient,
      act: { sub: ordersClient, act: { sub: 'first' } },
    })
  })

  test('acts with a token of somebody else: nothing is issued', async () => {
    const { app, tokensOf, exchange } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [orders] })
    const fields = { actor_token: access_token, actor_token_type: accessTokenType }
    expect(await exchange(ordersClient, access_token, fields)).toMatchObject(INVALID)
  })

  test('brings an ID token, a refresh token or garbage for a subject: nothing is issued', async () => {
    const { tokensOf, exchange } = await tokenWorld()
    const { id_token, refresh_token } = await tokensOf(service('service'))
    for (const subject of [id_token, refresh_token, 'garbage', 'a.b.c']) {
      expect(await exchange('service', subject)).toMatchObject(INVALID)
    }
  })

  test('does not authenticate, or is a public client: nothing is issued', async () => {
    const { app, register, tokensOf, token } = await tokenWorld()
    const { access_token } = await tokensOf(app)
    const fields = {
      grant_type: exchangeGrant,
      subject_token: access_token,
      subject_token_type: accessTokenType,
    }
    expect(await token({ ...fields, client_id: 'service' })).toMatchObject({ status: 401 })
    const grant_types = [...app.metadata.grant_types, exchangeGrant]
    await register({ ...app, client_id: 'public', metadata: { ...app.metadata, grant_types } })
    expect(await token({ ...fields, client_id: 'public' })).toMatchObject({
      status: 400,
      body: { error: 'unauthorized_client' },
    })
  })

  test('is not registered for the grant: nothing is issued', async () => {
    const { register, tokensOf, exchange } = await tokenWorld()
    await register(service('plain', { grant_types: ['authorization_code'] }))
    const { access_token } = await tokensOf({ client_id: 'plain' })
    expect(await exchange('plain', access_token)).toMatchObject({ body: { error: 'unauthorized_client' } })
  })

  test('drops the key that a token is bound to: nothing is issued', async () => {
    const { register, tokens } = await boundWorld()
    await register(service('app'))
    const { access_token } = await tokens()
    const { send } = newIsolate()
    const body = new URLSearchParams({
      grant_type: exchangeGrant,
      subject_token: access_token,
      subject_token_type: accessTokenType,
    })
    const answer = await send('/oauth/token', { method: 'POST', body, headers: asService('app') })
    expect(answer.status).toBe(400)
  })

  test('swaps the key that a token is bound to: nothing is issued', async () => {
    const { register, tokens, holder } = await boundWorld()
    await register(service('app'))
    const { access_token } = await tokens()
    const thief = await newHolder()
    const fields = {
      grant_type: exchangeGrant,
      subject_token: access_token,
      subject_token_type: accessTokenType,
    }
    const ask = async (dpop: string) =>
      newIsolate().send('/oauth/token', {
        method: 'POST',
        body: new URLSearchParams(fields),
        headers: { ...asService('app'), dpop },
      })
    expect(await ask(await tokenProof(thief))).toMatchObject({ status: 400 })
    const { body, status } = await ask(await tokenProof(holder))
    expect([status, decodeJwt(String(body['access_token']))['cnf']]).toEqual([200, { jkt: holder.jkt }])
  })
})
