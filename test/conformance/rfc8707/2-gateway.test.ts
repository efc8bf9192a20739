import { describe, expect, test } from 'vitest'

import { ordersResource, resourceWorld, vaultResource } from '../../support/gateway/resources.ts'
import { ISSUER, NOW, withBearer } from '../../support/signing/door.ts'

/** RFC 8707 §2 and RFC 9068 §4: what the audience is worth at the resource. */
describe('RFC 8707 §2, at the gateway', () => {
  test('a token whose aud names the resource is accepted by its routes', async () => {
    const { call, token } = await resourceWorld()
    const one = withBearer(await token({ aud: ordersResource }))
    const several = withBearer(await token({ aud: [vaultResource, ordersResource] }))
    expect(await call('GET', '/orders', { headers: one })).toMatchObject({ status: 200 })
    expect(await call('GET', '/orders/7', { headers: several })).toMatchObject({ status: 200 })
  })

  test.each([
    ['for another resource', vaultResource],
    ['for the gateway as a whole', ISSUER],
    ['for a path below it', `${ordersResource}/7`],
    ['for its name in other letters', ordersResource.toUpperCase()],
    ['for a list that does not name it', [ISSUER, vaultResource]],
    ['for nobody', []],
  ])('a token %s MUST be refused', async (_, aud) => {
    const { call, token, seen } = await resourceWorld()
    const headers = withBearer(await token({ aud }))
    expect(await call('GET', '/orders', { headers })).toMatchObject({
      status: 401,
      body: { error: { code: 'token_invalid' } },
    })
    expect(seen).toEqual([])
  })

  test('a token for one resource is refused where no resource is published', async () => {
    const { call, token } = await resourceWorld()
    const headers = withBearer(await token({ aud: ordersResource, auth_time: NOW }))
    expect(await call('GET', '/orders-archive', { headers })).toMatchObject({ status: 401 })
  })
})
