import { env } from 'cloudflare:workers'

import { mintApiKey } from '../../../src/apikeys/api-key.ts'
import { systemRandom } from '../../../src/platform/random.ts'

export const MAC_KEY = new Uint8Array(32).fill(7)

export async function addClient(client_id: string, plan: string | null = null): Promise<void> {
  await env.DB.prepare(
    `INSERT INTO clients (client_id, metadata, plan, created_at, updated_at) VALUES (?, '{}', ?, 0, 0)`,
  )
    .bind(client_id, plan)
    .run()
}

export async function addPlan(name: string, perSecond: number, perMinute: number): Promise<void> {
  await env.DB.prepare(
    'INSERT INTO plans (name, requests_per_second, token_requests_per_minute) VALUES (?, ?, ?)',
  )
    .bind(name, perSecond, perMinute)
    .run()
}

/** Adds an API key of the client and gives it back, as its holder has it. */
export async function addKey(client_id: string, changes: { plan?: string; expires_at?: number } = {}) {
  const minted = mintApiKey('live', MAC_KEY, systemRandom)
  await env.DB.prepare(
    `INSERT INTO api_keys (key_id, secret_digest, environment, name, client_id, scope, plan, created_at, expires_at)
     VALUES (?, ?, 'live', 'a key', ?, 'read', ?, 0, ?)`,
  )
    .bind(minted.key_id, minted.secret_digest, client_id, changes.plan ?? null, changes.expires_at ?? null)
    .run()
  return minted
}
