import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { invoices, orders, ordersClient } from '../../support/oauth/resources.ts'
import { accessTokenType, service, tokenWorld } from '../../support/oauth/token-world.ts'

/** RFC 8693 §2 and §4, token exchange. */
describe('RFC 8693', () => {
  async function exchangeWorld() {
    const world = await tokenWorld()
    const ask = { resource: [orders, invoices], scope: 'read write' }
    const { access_token } = await world.tokensOf(world.app, ask)
    const exchange = (fields: Readonly<Record<string, string>> = {}, subject = access_token) =>
      world.exchange(ordersClient, subject, fields)
    return { ...world, access_token, exchange }
  }

  const claimsIn = (body: Readonly<Record<string, unknown>>) => decodeJwt(String(body['access_token']))

  test('2.1: subject_token_type is REQUIRED', async () => {
    const { exchange } = await exchangeWorld()
    expect(await exchange({ subject_token_type: '' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    })
  })

  test('2.1: actor_token_type is REQUIRED with actor_token and MUST NOT be there without it', async () => {
    const { exchange, access_token } = await exchangeWorld()
    const refused = { status: 400, body: { error: 'invalid_request' } }
    expect(await exchange({ actor_token: access_token })).toMatchObject(refused)
    expect(await exchange({ actor_token_type: accessTokenType })).toMatchObject(refused)
  })

  test.each(['subject_token_type', 'requested_token_type'])(
    '2.1: a %s that is not supported is refused',
    async (name) => {
      const { exchange } = await exchangeWorld()
      const answer = await exchange({ [name]: 'urn:ietf:params:oauth:token-type:saml2' })
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    },
  )

  test('2.2.1: access_token, issued_token_type and token_type are REQUIRED, and expires_in RECOMMENDED', async () => {
    const { exchange } = await exchangeWorld()
    expect(await exchange()).toMatchObject({
      status: 200,
      body: {
        issued_token_type: accessTokenType,
        token_type: 'Bearer',
        expires_in: expect.any(Number),
        scope: 'read write',
      },
    })
  })

  test('2.1: resource, audience and scope say what the token is to be for', async () => {
    const { exchange } = await exchangeWorld()
    const narrow = await exchange({ resource: invoices, scope: 'read' })
    expect(claimsIn(narrow.body)).toMatchObject({ aud: invoices, scope: 'read', sub: 'alice' })
    expect(claimsIn((await exchange({ audience: orders })).body)).toMatchObject({ aud: orders })
  })

  test('2.2.2: a target that the server will not issue for is answered with invalid_target', async () => {
    const { exchange } = await exchangeWorld()
    const answer = await exchange({ resource: 'https://unknown.example/' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  test('2.2.2: an invalid subject_token is answered with invalid_request', async () => {
    const { exchange } = await exchangeWorld()
    expect(await exchange({}, 'garbage')).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('4.1: act names who acts now', async () => {
    const { exchange } = await exchangeWorld()
    expect(claimsIn((await exchange()).body)).toMatchObject({
      client_id: ordersClient,
      act: { sub: ordersClient },
    })
  })

  test('4.1: an actor_token of the client says in whose name it acts', async () => {
    const { exchange, tokensOf } = await exchangeWorld()
    const own = await tokensOf({ client_id: ordersClient })
    const fields = { actor_token: own.access_token, actor_token_type: accessTokenType }
    expect(claimsIn((await exchange(fields)).body)).toMatchObject({ sub: 'alice', act: { sub: 'alice' } })
  })

  test('4.1: a client that narrows its own token is no actor', async () => {
    const world = await tokenWorld()
    const ask = { resource: [orders, invoices] }
    const { access_token } = await world.tokensOf(service('service'), ask)
    const { body } = await world.exchange('service', access_token, { resource: orders })
    expect(claimsIn(body).aud).toBe(orders)
    expect(claimsIn(body)).not.toHaveProperty('act')
  })
})
