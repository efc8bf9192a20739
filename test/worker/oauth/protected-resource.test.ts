import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { invoices, orders, publishResources } from '../../support/oauth/resources.ts'
import { issuer, newIsolate, newWorld } from '../../support/oauth/world.ts'

const WELL_KNOWN = '/.well-known/oauth-protected-resource'

describe('GET /.well-known/oauth-protected-resource 200', () => {
  test('describes the gateway itself', async () => {
    const { send } = await newWorld()
    const { status, body, headers } = await send(WELL_KNOWN)
    expect(status).toBe(200)
    expect(body).toMatchObject({ resource: issuer, authorization_servers: [issuer] })
    expect(headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('GET /.well-known/oauth-protected-resource 400', () => {
  test('refuses a query that cannot be read', async () => {
    const { send } = await newWorld()
    expect(await send(`${WELL_KNOWN}?a=%ff`)).toMatchObject({
      status: 400,
      body: { error: { code: 'request_malformed' } },
    })
  })
})

describe('GET /.well-known/oauth-protected-resource/{resource_path} 200', () => {
  test.each([
    [orders, { resource_name: 'Orders', scopes_supported: ['read', 'write'] }],
    [invoices, { resource_name: 'Invoices' }],
  ])('describes %s, whose path may have several segments', async (resource, own) => {
    await publishResources()
    const { send } = await newWorld()
    const { status, body, headers } = await send(WELL_KNOWN + resource.slice(issuer.length))
    expect(status).toBe(200)
    expect(body).toEqual({
      resource,
      authorization_servers: [issuer],
      bearer_methods_supported: ['header'],
      dpop_signing_alg_values_supported: ['ES256', 'PS256', 'EdDSA'],
      ...own,
    })
    expect(headers.get('access-control-allow-origin')).toBe('*')
  })
})

describe('GET /.well-known/oauth-protected-resource/{resource_path} 400', () => {
  test('refuses a query that cannot be read', async () => {
    const { send } = await newWorld()
    expect(await send(`${WELL_KNOWN}/orders?a=%ff`)).toMatchObject({ status: 400 })
  })
})

describe('GET /.well-known/oauth-protected-resource/{resource_path} 404', () => {
  test.each(['/nothing', '/orders/7', '/ORDERS', '/orders/'])('finds nothing at %s', async (path) => {
    await publishResources()
    const { send } = await newWorld()
    expect(await send(WELL_KNOWN + path)).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    })
  })
})

describe('GET /.well-known/oauth-protected-resource/{resource_path} 503', () => {
  test('does not say that nothing is published while nobody knows', async () => {
    await env.DB.exec('DROP TABLE snapshots')
    const { send } = newIsolate()
    expect(await send(`${WELL_KNOWN}/orders`)).toMatchObject({
      status: 503,
      body: { error: { code: 'unavailable' } },
    })
  })
})
