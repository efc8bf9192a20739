import { clientAgeMaxMs, clientsCachedMax } from '../platform/bounds.ts'
import { Lru } from '../platform/lru.ts'
import type { Client } from './client.ts'

/**
 * Wraps a lookup of clients in a short memory of this isolate.
 *
 * Only clients that exist are remembered: a client that was registered a moment ago must be found at once, and made-up
 * identifiers must not push real ones out.
 */
export function createClientCache(find: (client_id: string) => Promise<Client | undefined>) {
  const held = new Lru<{ readonly client: Client; readonly readAtMs: number }>(clientsCachedMax)
  return {
    async find(client_id: string, nowMs: number): Promise<Client | undefined> {
      const entry = held.get(client_id)
      if (entry !== undefined && nowMs - entry.readAtMs < clientAgeMaxMs) return entry.client
      const client = await find(client_id)
      if (client === undefined) held.delete(client_id)
      else held.set(client_id, { client, readAtMs: nowMs })
      return client
    },

    /** Makes the next request look again, after a change that this isolate itself has made. */
    forget(client_id: string): void {
      held.delete(client_id)
    },
  }
}
