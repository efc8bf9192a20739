import { and, eq, isNull, sql } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { apiKeys } from '../db/schema/apikeys.ts'
import { plans } from '../db/schema/catalog.ts'
import { clients } from '../db/schema/clients.ts'
import { revocations } from '../db/schema/grants.ts'
import { epochSeconds } from '../platform/clock.ts'
import type { Client } from './client.ts'
import { ClientMetadataSchema, type ClientMetadata } from './metadata.contract.ts'

export type PlanOutcome = 'set' | 'client_unknown' | 'plan_unknown'

export interface Registration {
  readonly client: Client
  /** Null for a client that cannot change its own registration. */
  readonly registration_token_digest: string | null
}

/** The registered clients in D1. */
export function clientStore(db: Db) {
  return {
    async find(client_id: string): Promise<Client | undefined> {
      return (await this.findRegistration(client_id))?.client
    },

    /** A client with what its own changes to its registration are recognised by. */
    async findRegistration(client_id: string): Promise<Registration | undefined> {
      const row = await db.select().from(clients).where(eq(clients.client_id, client_id)).get()
      if (row === undefined) return undefined
      const { registration_token_digest, ...client } = row
      return { client: { ...client, metadata: readMetadata(client.metadata) }, registration_token_digest }
    },

    async insert(client: Client, registration_token_digest: string | null = null): Promise<void> {
      await db.insert(clients).values({ ...toRow(client), registration_token_digest })
    },

    /** Writes what registration may change, and nothing else; answers whether there is still such a client. */
    async replace({ client_id, client_secret_digest, metadata, updated_at }: Client): Promise<boolean> {
      const changed = await db
        .update(clients)
        .set({ client_secret_digest, metadata: toText(metadata), updated_at })
        .where(eq(clients.client_id, client_id))
        .returning({ client_id: clients.client_id })
      return changed.length > 0
    },

    /**
     * Removes a client, and ends in the same batch the API keys that act for it and the access tokens that it holds
     * (RFC 7592 §2.3). `tokensEndAt` is when the last of those would have ended by itself.
     */
    async remove(client_id: string, now: number, tokensEndAt: number): Promise<void> {
      await db.batch([
        db
          .update(apiKeys)
          .set({ revoked_at: now })
          .where(and(eq(apiKeys.client_id, client_id), isNull(apiKeys.revoked_at))),
        db
          .insert(revocations)
          .values({ kind: 'client', id: client_id, expires_at: tokensEndAt })
          .onConflictDoUpdate({
            target: [revocations.kind, revocations.id],
            set: { expires_at: tokensEndAt },
          }),
        db.delete(clients).where(eq(clients.client_id, client_id)),
      ])
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
  return { ...client, metadata: toText(client.metadata) }
}

function toText(metadata: ClientMetadata): string {
  return JSON.stringify(ClientMetadataSchema.parse(metadata))
}
