import { describe, expect, test } from 'vitest'

import { invoices, orders, publishResources } from '../../support/oauth/resources.ts'
import { issuer, newWorld } from '../../support/oauth/world.ts'

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

/** RFC 9728 §3, obtaining metadata. */
describe('RFC 9728 §3', () => {
  test.each([orders, invoices])(
    '3.1: the well-known string MUST be inserted between the host and the path of the resource identifier (%s)',
    async (resource) => {
      await publishResources()
      const { send } = await newWorld()
      const answer = await send(resource.replace(issuer, WELL_KNOWN))
      expect(answer).toMatchObject({ status: 200, body: { resource } })
    },
  )

  test('3.2: a successful response MUST use 200 and application/json', async () => {
    const { send } = await newWorld()
    const { status, headers } = await send(WELL_KNOWN)
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json'])
  })

  test('3.2: members with zero values MUST be omitted, and every member is registered', async () => {
    await publishResources()
    const { send } = await newWorld()
    const { body } = await send(`${WELL_KNOWN}/sales/invoices`)
    expect(Object.keys(body).toSorted()).toEqual([
      'authorization_servers',
      'bearer_methods_supported',
      'dpop_signing_alg_values_supported',
      'resource',
      'resource_name',
    ])
  })

  test('3.3: resource MUST be identical to the identifier that the URL was made from', async () => {
    await publishResources()
    const { send } = await newWorld()
    expect((await send(`${WELL_KNOWN}/orders`)).body['resource']).toBe(orders)
    expect((await send(WELL_KNOWN)).body['resource']).toBe(issuer)
  })

  test('the authorization servers named are this one, whose own metadata says the same issuer', async () => {
    const { send } = await newWorld()
    const { body } = await send(WELL_KNOWN)
    const server = await send('/.well-known/oauth-authorization-server')
    expect(body['authorization_servers']).toEqual([server.body['issuer']])
  })
})
