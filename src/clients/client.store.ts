import { eq, sql } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { plans } from '../db/schema/catalog.ts'
import { clients } from '../db/schema/clients.ts'
import { epochSeconds } from '../platform/clock.ts'
import type { Client } from './client.ts'
import { ClientMetadataSchema } from './metadata.contract.ts'

export type PlanOutcome = 'set' | 'client_unknown' | 'plan_unknown'

/** The registered clients in D1. */
export function clientStore(db: Db) {
  return {
    async find(client_id: string): Promise<Client | undefined> {
      const row = await db.select().from(clients).where(eq(clients.client_id, client_id)).get()
      return row === undefined ? undefined : { ...row, metadata: readMetadata(row.metadata) }
    },

    async insert(client: Client): Promise<void> {
      await db.insert(clients).values(toRow(client))
    },

    /** Writes a client whether or not it is there, for set-up and demo data. */
    async upsert(client: Client): Promise<void> {
      const { client_id: target, created_at: _kept, ...set } = toRow(client)
      await db
        .insert(clients)
        .values({ ...set, client_id: target, created_at: client.created_at })
        .onConflictDoUpdate({ target: clients.client_id, set })
    },

    /** Sets the plan in one statement with the check that there is such a plan, or a removed plan could slip between. */
    async setPlan(client_id: string, plan: string | null, nowMs: number): Promise<PlanOutcome> {
      const isKnownPlan = sql`(${plan} is null or exists (select 1 from ${plans} where ${plans.name} = ${plan}))`
      const changed = await db
        .update(clients)
        .set({ plan, updated_at: epochSeconds(nowMs) })
        .where(sql`${clients.client_id} = ${client_id} and ${isKnownPlan}`)
        .returning({ client_id: clients.client_id })
      if (changed.length > 0) return 'set'
      return (await this.find(client_id)) === undefined ? 'client_unknown' : 'plan_unknown'
    },
  }
}

function readMetadata(text: string) {
  return ClientMetadataSchema.parse(JSON.parse(text))
}

function toRow(client: Client) {
  return { ...client, metadata: JSON.stringify(ClientMetadataSchema.parse(client.metadata)) }
}
