import { Hono } from 'hono'

import type { HttpContext, HttpEnv } from '../http/context.ts'
import { refuse, type Fault } from '../http/refusal.ts'
import { faultsMax } from '../platform/bounds.ts'
import { log } from '../platform/log.ts'
import type { Result } from '../platform/result.ts'
import { serveToBearer } from '../signing/bearer.route.ts'
import type { BearerPorts } from '../signing/bearer.ts'
import { readCatalog, replaceCatalog, type CatalogDocument } from './catalog.contract.ts'
import { catalogFaults, removedPlanFaults } from './catalog-faults.ts'
import type { AddressRules } from './upstream-address.ts'

export interface CatalogPorts {
  readonly bearer: BearerPorts
  readonly rules: AddressRules
  /** Lets this isolate serve the new version at once; the others follow by themselves. */
  readonly notePublished: () => void
  readonly catalog: {
    newest(): Promise<StoredCatalog>
    plansInUse(): Promise<readonly string[]>
    replace(
      version: number,
      document: CatalogDocument,
      nowMs: number,
    ): Promise<Result<StoredCatalog, { readonly reason: 'version_conflict' }>>
  }
}

interface StoredCatalog {
  readonly version: number
  readonly document: CatalogDocument
}

/** The catalogue as one document, for bearers of the scope `manage`. */
export function catalogRoutes(ports: CatalogPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()

  serveToBearer(app, readCatalog, ports.bearer, async () => toAnswer(await ports.catalog.newest()))

  serveToBearer(app, replaceCatalog, ports.bearer, async ({ body, claims }, c) => {
    const { version, ...document } = body
    const newest = await ports.catalog.newest()
    if (version !== undefined && version !== newest.version) return refuseConflict(c, newest.version)
    const faults = [
      ...catalogFaults(document, ports.rules),
      ...removedPlanFaults(document, await ports.catalog.plansInUse()),
    ]
    if (faults.length > 0) return refuseFaults(c, faults)

    const replaced = await ports.catalog.replace(newest.version, document, c.var.facts.now)
    if (!replaced.ok) return refuse(c, 'version_conflict')
    ports.notePublished()
    const { sub, client_id } = claims
    const { request_id } = c.var.facts
    log('info', 'catalog_replaced', { version: replaced.value.version, sub, client_id, request_id })
    return toAnswer(replaced.value)
  })

  return app
}

function toAnswer({ version, document }: StoredCatalog): Response {
  return Response.json({ version, ...document }, { headers: { 'cache-control': 'no-store' } })
}

function refuseConflict(c: HttpContext, version: number): Response {
  return refuse(c, 'version_conflict', { facts: { version } })
}

/** A document of a megabyte can have more faults than anybody reads; how many there are is told. */
function refuseFaults(c: HttpContext, faults: readonly Fault[]): Response {
  return refuse(c, 'document_invalid', {
    faults: faults.slice(0, faultsMax),
    facts: { fault_count: faults.length },
  })
}
