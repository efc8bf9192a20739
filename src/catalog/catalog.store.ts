import { desc, gt, isNotNull, lte, sql } from 'drizzle-orm'

import type { Db } from '../db/client.ts'
import { apiKeys } from '../db/schema/apikeys.ts'
import { plans, snapshots } from '../db/schema/catalog.ts'
import { clients } from '../db/schema/clients.ts'
import { revocationStore } from '../grants/revocations.store.ts'
import type { Revocation } from '../grants/revocations.ts'
import { snapshotsKeptMax } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { CatalogDocument } from './catalog.contract.ts'

/** A version of the catalogue. Version 0 is the empty one, before anything was published. */
export interface StoredCatalog {
  readonly version: number
  readonly document: CatalogDocument
}

export interface VersionConflict {
  readonly reason: 'version_conflict'
}

const NOTHING_PUBLISHED: StoredCatalog = {
  version: 0,
  document: { upstreams: [], routes: [], trusted_issuers: [], plans: [], resources: [] },
}

export function catalogStore(db: Db) {
  const newestAfter = (version: number) =>
    db
      .select({ version: snapshots.version, document: snapshots.document })
      .from(snapshots)
      .where(gt(snapshots.version, version))
      .orderBy(desc(snapshots.version))
      .limit(1)

  async function newest(): Promise<StoredCatalog> {
    const [row] = await newestAfter(0)
    return row === undefined ? NOTHING_PUBLISHED : toCatalog(row)
  }

  return {
    newest,

    /** What an isolate does not know yet, in one round trip: a newer catalogue, and a page of what has been revoked. */
    async changesSince(
      version: number,
      seq: number,
    ): Promise<{ catalog: StoredCatalog | undefined; revocations: readonly Revocation[] }> {
      const [rows, revocations] = await db.batch([newestAfter(version), revocationStore(db).since(seq)])
      const [row] = rows
      return { catalog: row && toCatalog(row), revocations }
    },

    /**
     * Publishes a document as the version after `version`, with its plans, or changes nothing.
     *
     * Two writers who read the same version insert the same key, so one of the batches fails as a whole. Which
     * error it failed with is not asked; whether another version stands there now is.
     */
    async replace(
      version: number,
      document: CatalogDocument,
      nowMs: number,
    ): Promise<Result<StoredCatalog, VersionConflict>> {
      const next = version + 1
      const row = { version: next, document: JSON.stringify(document), created_at: epochSeconds(nowMs) }
      try {
        await db.batch([
          db.insert(snapshots).values(row),
          db.delete(snapshots).where(lte(snapshots.version, next - snapshotsKeptMax)),
          db.delete(plans),
          insertPlans(document.plans),
        ])
      } catch (error) {
        if ((await newest()).version === version) throw error
        return fail({ reason: 'version_conflict' })
      }
      return ok({ version: next, document })
    },

    /** Plans that a client or an API key has. Taking one away would silently put them on the default limits. */
    async plansInUse(): Promise<readonly string[]> {
      const ofClients = db.selectDistinct({ plan: clients.plan }).from(clients).where(isNotNull(clients.plan))
      const ofKeys = db.selectDistinct({ plan: apiKeys.plan }).from(apiKeys).where(isNotNull(apiKeys.plan))
      const rows = await ofClients.union(ofKeys)
      return rows.flatMap(({ plan }) => (plan === null ? [] : [plan]))
    },
  }

  /** One statement with one parameter, however many plans: D1 binds a hundred at most. */
  function insertPlans(list: CatalogDocument['plans']) {
    return db.insert(plans).select(
      sql`SELECT value ->> 'name', value ->> 'requests_per_second', value ->> 'token_requests_per_minute'
            FROM json_each(${JSON.stringify(list)})`,
    )
  }
}

function toCatalog(row: { readonly version: number; readonly document: string }): StoredCatalog {
  return { version: row.version, document: CatalogDocument.parse(JSON.parse(row.document)) }
}
