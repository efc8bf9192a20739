import { gatewayWorld, type WorldOptions } from './world.ts'
import { ISSUER } from '../signing/door.ts'

export const ordersResource = `${ISSUER}/orders`
export const vaultResource = `${ISSUER}/vault`
export const multiFactor = 'urn:gatewright:acr:multi-factor'
export const singleFactor = 'urn:gatewright:acr:single-factor'

const TOKENS = { api_key: false, tokens: true }

/** A gateway with two published APIs, one of which wants more of its callers, and a route of none. */
export async function resourceWorld(options: WorldOptions = {}) {
  return gatewayWorld({
    routes: [
      { path: '/orders', authentication: TOKENS },
      { path: '/orders/{id}', authentication: TOKENS, scopes: ['read'] },
      { path: '/orders/{id}/refund', authentication: TOKENS, acr_values: [multiFactor] },
      { path: '/vault', authentication: TOKENS, max_age: 60 },
      { path: '/orders-archive', authentication: TOKENS },
    ],
    resources: [
      { resource: ordersResource, name: 'Orders' },
      { resource: vaultResource, name: 'Vault', acr_values: [singleFactor], max_age: 300 },
    ],
    ...options,
  })
}

/** The parameters of a challenge by name. */
export function challengeIn(headers: Headers): Readonly<Record<string, string>> {
  const text = headers.get('www-authenticate') ?? ''
  return Object.fromEntries(
    Array.from(text.matchAll(/(\w+)="([^"]*)"/g), ([, name = '', value = '']) => [name, value]),
  )
}
