import { env } from 'cloudflare:workers'

import { catalogRoutes } from '../../../src/catalog/catalog.route.ts'
import { catalogStore } from '../../../src/catalog/catalog.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { door, foundation, ISSUER, tokenWith, withBearer } from '../signing/door.ts'

export const EMPTY = { upstreams: [], routes: [], trusted_issuers: [], plans: [], resources: [] }
export const PLAN = { name: 'races', requests_per_second: 1_000, token_requests_per_minute: 10_000 }
export const DOCUMENT = {
  upstreams: [{ name: 'users', origin: 'https://users.example.com', timeout_ms: 5_000 }],
  routes: [
    {
      method: 'GET',
      path: '/api/users',
      upstream: 'users',
      authentication: { api_key: true, tokens: true },
      scopes: ['read'],
      allowed_origins: [],
      body_bytes_max: 1024,
    },
  ],
  trusted_issuers: [],
  resources: [],
  plans: [PLAN],
}

/** The catalogue's doors over real D1, opened with the scope `manage`. */
export async function catalogDoor() {
  const { bearer, keyRing } = await foundation()
  const catalog = catalogStore(openDb(env.DB))
  const rules = { issuer: ISSUER, loopbackIsAllowed: false }
  const published = { count: 0 }
  const notePublished = () => {
    published.count += 1
  }
  const call = door(catalogRoutes({ bearer, rules, catalog, notePublished }))
  const token = await tokenWith(keyRing, { scope: 'read manage' })
  const put = (body: object | string, headers: Record<string, string> = {}) =>
    call('PUT', '/v1/catalog', {
      headers: { ...withBearer(token), 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const get = () => call('GET', '/v1/catalog', { headers: withBearer(token) })
  return { call, keyRing, catalog, put, get, published }
}

/** What D1 holds of the catalogue. */
export async function stored() {
  const { results: snapshots } = await env.DB.prepare('SELECT version FROM snapshots ORDER BY version').all()
  const { results: plans } = await env.DB.prepare('SELECT * FROM plans ORDER BY name').all()
  return { versions: snapshots.map(({ version }) => version), plans }
}

export const NOTHING_STORED = { versions: [], plans: [] }
