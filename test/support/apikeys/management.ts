import { env } from 'cloudflare:workers'

import { apiKeyRoutes } from '../../../src/apikeys/api-key.route.ts'
import { apiKeyStore } from '../../../src/apikeys/api-key.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { addClient, MAC_KEY } from '../limits/rows.ts'
import { door, foundation, tokenWith, withBearer } from '../signing/door.ts'

export const wanted = { name: 'nightly export', client_id: 'service', scope: 'read' }

/** The routes over real tables, with a client `service` that may `read write`. */
export async function management() {
  const base = await foundation()
  await addClient('service')
  const noted: string[] = []
  const routes = apiKeyRoutes({
    bearer: base.bearer,
    macKey: MAC_KEY,
    random: base.random,
    apiKeys: apiKeyStore(openDb(env.DB)),
    findClient: async (client_id) =>
      client_id === 'service' ? { metadata: { scope: 'read write' } } : undefined,
    noteRevocation: (grant_id, expires_at) => noted.push(`${grant_id} ${expires_at}`),
  })
  const knock = door(routes)
  const operator = withBearer(await tokenWith(base.keyRing, {}))
  const call = async (method: string, path: string, body?: unknown, headers: HeadersInit = operator) =>
    knock(method, path, {
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  return { ...base, knock, operator, call, noted }
}

export async function storedKeys() {
  const { results } = await env.DB.prepare('SELECT * FROM api_keys').all()
  return results
}

export async function storedRevocations() {
  const { results } = await env.DB.prepare('SELECT kind, id, expires_at FROM revocations').all()
  return results
}
