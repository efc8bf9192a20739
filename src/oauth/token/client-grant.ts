import type { RequestFacts } from '../../http/context.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { StorageFailure } from '../storage.ts'
import type { Entitlement } from './entitlement.ts'
import type { ClientRequest } from './grant-request.ts'
import type { Redeemer, ResourcePorts } from './redeemer.ts'
import type { TokenFailure } from './token-failure.ts'

/**
 * Entitles a client for itself (RFC 6749 §4.4), at the resources that it names or at this gateway.
 */
export async function grantToClient(
  { scope, resource }: ClientRequest,
  { client, dpop_jkt, facts }: Redeemer,
  ports: ResourcePorts,
): Promise<Result<Entitlement, TokenFailure>> {
  const targets = await publishedTargets(resource ?? [], facts, ports)
  if (!targets.ok) return targets
  return ok({
    client_id: client.client_id,
    sub: client.client_id,
    scope,
    grant_id: undefined,
    ends_at: undefined,
    audience: targets.value,
    dpop_jkt,
    authentication: undefined,
    refresh_token: undefined,
  })
}

/** The resources that were named, each once, if all of them are published: no person has looked at them (RFC 8707 §2). */
export async function publishedTargets(
  resource: readonly string[],
  facts: RequestFacts,
  { resources }: ResourcePorts,
): Promise<Result<readonly string[], TargetFailure>> {
  if (resource.length === 0) return ok([])
  const published = await resources(facts)
  if (published === undefined) return fail({ reason: 'storage_unavailable' })
  return resource.every((name) => published.has(name))
    ? ok([...new Set(resource)])
    : fail({ reason: 'resource_unknown' })
}

type TargetFailure = StorageFailure | { readonly reason: 'resource_unknown' }
