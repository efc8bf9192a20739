import { eq, sql } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { apiKeys } from '../db/schema/apikeys.ts'
import { plans } from '../db/schema/catalog.ts'
import { clients } from '../db/schema/clients.ts'
import { defaultPlan, type Plan } from '../limits/limit-plan.ts'
import type { SubjectLookup, SubjectRecord } from '../limits/subject-record.ts'
import { assert } from '../platform/assert.ts'
import { limitMax } from '../platform/bounds.ts'

/** Reads what a limiter object must know of its subject, in one query. */
export function subjectLookup(db: Db): SubjectLookup {
  return {
    async find(subject) {
      switch (subject.kind) {
        case 'key':
          return findKey(db, subject.key_id)
        case 'caller':
        case 'token_client':
        case 'token_grant':
          return { key: null, plan: await findPlanOfClient(db, subject.client_id) }
      }
    },
  }
}

/** A key whose client is gone is gone with it: the join finds no row. */
async function findKey(db: Db, key_id: string): Promise<SubjectRecord> {
  const planName = sql<string | null>`coalesce(${apiKeys.plan}, ${clients.plan})`
  const [row] = await db
    .select({
      key: {
        key_id: apiKeys.key_id,
        secret_digest: apiKeys.secret_digest,
        client_id: apiKeys.client_id,
        scope: apiKeys.scope,
        plan: planName,
        expires_at: apiKeys.expires_at,
        revoked_at: apiKeys.revoked_at,
      },
      plan: plans,
    })
    .from(apiKeys)
    .innerJoin(clients, eq(clients.client_id, apiKeys.client_id))
    .leftJoin(plans, eq(plans.name, planName))
    .where(eq(apiKeys.key_id, key_id))
  return row === undefined ? { key: null, plan: defaultPlan } : { key: row.key, plan: toPlan(row.plan) }
}

async function findPlanOfClient(db: Db, client_id: string): Promise<Plan> {
  const [row] = await db
    .select({ plan: plans })
    .from(clients)
    .leftJoin(plans, eq(plans.name, clients.plan))
    .where(eq(clients.client_id, client_id))
  return toPlan(row?.plan ?? null)
}

function toPlan(row: Plan | null): Plan {
  if (row === null) return defaultPlan
  for (const limit of [row.requests_per_second, row.token_requests_per_minute]) {
    assert(limit >= 1 && limit <= limitMax, `limits of the plan ${row.name} in bounds, got ${limit}`)
  }
  return row
}
