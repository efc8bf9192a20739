import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { deviceWorld } from '../../support/oauth/device-world.ts'
import { invoices, orders, publishResources } from '../../support/oauth/resources.ts'
import { asService, tokenWorld } from '../../support/oauth/token-world.ts'
import { issuer, redemptionOf } from '../../support/oauth/world.ts'

const both = [orders, invoices].toSorted()

/** RFC 8707 §2.2, the resource parameter of access token requests. */
describe('RFC 8707 §2.2', () => {
  const audienceIn = (body: Readonly<Record<string, unknown>>) => decodeJwt(String(body['access_token'])).aud

  test('without resource the token is for all resources that were granted', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const { body } = await token(redemptionOf(app, await codeWith(app, { resource: both })))
    expect(audienceIn(body)).toEqual(both)
  })

  test('without any resource the token is for this gateway', async () => {
    const { app, codeWith, token } = await tokenWorld()
    expect(audienceIn((await token(redemptionOf(app, await codeWith(app)))).body)).toBe(issuer)
  })

  test('with a code, resource narrows the token to one of those that were granted', async () => {
    const { app, codeWith, token } = await tokenWorld()
    const code = await codeWith(app, { resource: both })
    const { body } = await token({ ...redemptionOf(app, code), resource: orders })
    expect(audienceIn(body)).toBe(orders)
  })

  test('with a refresh token, each refresh may be for another of them; the grant stays as it is', async () => {
    const { app, token, tokensOf } = await tokenWorld()
    const { refresh_token } = await tokensOf(app, { resource: both })
    const fields = { grant_type: 'refresh_token', client_id: app.client_id }
    const first = await token({ ...fields, refresh_token, resource: orders })
    expect(audienceIn(first.body)).toBe(orders)
    const next = { ...fields, refresh_token: String(first.body['refresh_token']) }
    expect(audienceIn((await token({ ...next, resource: invoices })).body)).toBe(invoices)
  })

  test('multiple resource parameters MAY be used', async () => {
    const { send } = await tokenWorld()
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    for (const resource of both) body.append('resource', resource)
    const answer = await send('/oauth/token', { method: 'POST', body, headers: asService('service') })
    expect(audienceIn(answer.body)).toEqual(both)
  })

  test('a client for itself may name a published resource, and this gateway too', async () => {
    const { token } = await tokenWorld()
    const fields = { grant_type: 'client_credentials' }
    for (const resource of [orders, issuer]) {
      expect(audienceIn((await token({ ...fields, resource }, asService('service'))).body)).toBe(resource)
    }
  })

  test.each(['https://unknown.example/', 'not a URI', `${orders}#part`, `${orders}/`])(
    'a resource that is invalid or unknown (%s) is answered with invalid_target',
    async (resource) => {
      const { token } = await tokenWorld()
      const answer = await token({ grant_type: 'client_credentials', resource }, asService('service'))
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
    },
  )

  test('in JSON, the extension of ours, resource is a text or a list', async () => {
    const { postJson } = await tokenWorld()
    for (const resource of [orders, [orders]]) {
      const fields = { grant_type: 'client_credentials', resource }
      const { body } = await postJson('/oauth/token', fields, asService('service'))
      expect(audienceIn(body)).toBe(orders)
    }
  })
  test('with a device code, resource narrows the token to one of those that were granted', async () => {
    await publishResources()
    const { post, decide, pollInTime } = await deviceWorld()
    const asked = new URLSearchParams({ client_id: 'tv' })
    for (const resource of both) asked.append('resource', resource)
    const { device_code, user_code } = (await post('/oauth/device_authorization', asked.toString())).body
    await decide(user_code, 'allow')
    expect(audienceIn((await pollInTime(device_code, { resource: orders })).body)).toBe(orders)
  })
})
