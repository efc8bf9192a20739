import { env } from 'cloudflare:workers'

import { CatalogDocument } from '../../../src/catalog/catalog.contract.ts'
import { catalogStore } from '../../../src/catalog/catalog.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { assert } from '../../../src/platform/assert.ts'
import { issuer } from './world.ts'

/** Two published APIs. Clients of these names are the APIs themselves. */
export const orders = `${issuer}/orders`
export const invoices = `${issuer}/sales/invoices`
export const ordersClient = 'orders-api'

const TOKENS = { api_key: false, tokens: true }

/** Publishes both, before the isolate of a test has read anything. */
export async function publishResources(): Promise<void> {
  const document = CatalogDocument.parse({
    upstreams: [{ name: 'shop', origin: 'https://shop.example.com' }],
    routes: [
      { method: 'GET', path: '/orders/{id}', upstream: 'shop', authentication: TOKENS, scopes: ['read'] },
      { method: 'GET', path: '/sales/invoices', upstream: 'shop', authentication: TOKENS },
      { method: 'GET', path: '/anything', upstream: 'shop', authentication: TOKENS },
    ],
    resources: [
      { resource: orders, name: 'Orders', scopes: ['read', 'write'], client_id: ordersClient },
      { resource: invoices, name: 'Invoices' },
    ],
  })
  const catalog = catalogStore(openDb(env.DB))
  const { version } = await catalog.newest()
  const replaced = await catalog.replace(version, document, Date.now())
  assert(replaced.ok, 'the resources of a test are published')
}
