import { describe, expect, test } from 'vitest'

import { sha256 } from '../../../src/platform/digest.ts'
import {
  challengeIn,
  multiFactor,
  resourceWorld,
  singleFactor,
  vaultResource,
  ordersResource,
} from '../../support/gateway/resources.ts'
import { NOW, withBearer } from '../../support/signing/door.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

/** RFC 9470 §3, authentication requirements challenge. */
describe('RFC 9470 §3', () => {
  test('a token that falls short is answered with 401 and insufficient_user_authentication', async () => {
    const { call, token, seen } = await resourceWorld()
    const weak = await token({ aud: ordersResource, acr: singleFactor, auth_time: NOW })
    const answer = await call('GET', '/orders/7/refund', { headers: withBearer(weak) })
    expect(answer).toMatchObject({
      status: 401,
      body: { error: { code: 'user_authentication_insufficient' } },
    })
    expect(challengeIn(answer.headers)).toMatchObject({ error: 'insufficient_user_authentication' })
    expect(seen).toEqual([])
  })

  test('acr_values names the levels that would do', async () => {
    const { call, token } = await resourceWorld()
    const weak = await token({ aud: ordersResource, acr: singleFactor, auth_time: NOW })
    const { headers } = await call('GET', '/orders/7/refund', { headers: withBearer(weak) })
    expect(challengeIn(headers)['acr_values']).toBe(multiFactor)
    expect(challengeIn(headers)['max_age']).toBe(undefined)
  })

  test('max_age names the allowable elapsed time in seconds since the last active authentication', async () => {
    const { call, token } = await resourceWorld()
    const old = await token({ aud: vaultResource, acr: multiFactor, auth_time: NOW - 61 })
    const { status, headers } = await call('GET', '/vault', { headers: withBearer(old) })
    expect(status).toBe(401)
    expect(challengeIn(headers)).toMatchObject({
      max_age: '60',
      acr_values: `${singleFactor} ${multiFactor}`,
    })
  })

  test('a token that is enough passes, one that is stronger or exactly as old too', async () => {
    const { call, token } = await resourceWorld()
    const strong = await token({ aud: ordersResource, acr: multiFactor, auth_time: NOW - 5000 })
    const recent = await token({ aud: vaultResource, acr: multiFactor, auth_time: NOW - 60 })
    expect(await call('GET', '/orders/7/refund', { headers: withBearer(strong) })).toMatchObject({
      status: 200,
    })
    expect(await call('GET', '/vault', { headers: withBearer(recent) })).toMatchObject({ status: 200 })
  })

  test('a token that says nothing of a sign-in is not enough', async () => {
    const { call, token, seen } = await resourceWorld()
    const silent = await token({ aud: vaultResource, acr: undefined, auth_time: undefined })
    expect(await call('GET', '/vault', { headers: withBearer(silent) })).toMatchObject({ status: 401 })
    expect(seen).toEqual([])
  })

  test('a level that nobody knows is not enough', async () => {
    const { call, token } = await resourceWorld()
    const made = await token({ aud: ordersResource, acr: 'urn:example:gold', auth_time: NOW })
    expect(await call('GET', '/orders/7/refund', { headers: withBearer(made) })).toMatchObject({
      status: 401,
    })
  })
  test('the challenge is of the scheme that the token came with: DPoP for one that is bound to a key', async () => {
    const { call, token, nonce, seen } = await resourceWorld()
    const holder = await newHolder()
    const bound = { aud: ordersResource, acr: singleFactor, auth_time: NOW, cnf: { jkt: holder.jkt } }
    const weak = await token(bound)
    const claims = { htm: 'GET', htu: `${ordersResource}/7/refund`, iat: NOW, nonce, ath: sha256(weak) }
    const headers = { authorization: `DPoP ${weak}`, dpop: await holder.prove(claims) }
    const answer = await call('GET', '/orders/7/refund', { headers })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(/^DPoP /)
    expect(challengeIn(answer.headers)).toMatchObject({
      error: 'insufficient_user_authentication',
      algs: 'ES256 PS256 EdDSA',
    })
    expect(seen).toEqual([])
  })
})
