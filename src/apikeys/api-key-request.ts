import { isWithin, parseScope } from '../grants/scope.ts'
import type { Fault } from '../http/refusal.ts'
import type { ApiKeyRequest } from './api-key.contract.ts'

export interface RequestPorts {
  readonly findClient: (
    client_id: string,
  ) => Promise<{ readonly metadata: { readonly scope?: string | undefined } } | undefined>
  readonly apiKeys: { planExists(name: string): Promise<boolean> }
}

/** What is wrong with a request for a key, all of it at once. `now` is in epoch seconds. */
export async function faultsInRequest(
  request: ApiKeyRequest,
  ports: RequestPorts,
  now: number,
): Promise<readonly Fault[]> {
  const client = await ports.findClient(request.client_id)
  const faults: Fault[] = []
  if (client === undefined) {
    faults.push({ pointer: '/body/client_id', message: 'there is no such client' })
  } else {
    faults.push(...faultsInScope(request.scope, client.metadata.scope ?? ''))
  }
  if (request.plan !== null && !(await ports.apiKeys.planExists(request.plan))) {
    faults.push({ pointer: '/body/plan', message: 'there is no such plan' })
  }
  if (request.expires_at !== null && request.expires_at <= now) {
    faults.push({ pointer: '/body/expires_at', message: 'must lie in the future, in epoch seconds' })
  }
  return faults
}

/** A key never carries more than its client may have, or a key would be the way around a registration. */
function faultsInScope(requested: string, allowed: string): readonly Fault[] {
  const scopes = parseScope(requested)
  const allowedScopes = parseScope(allowed)
  if (!scopes.ok) {
    return [{ pointer: '/body/scope', message: 'must be scopes separated by single spaces (RFC 6749 §3.3)' }]
  }
  if (!allowedScopes.ok || !isWithin(scopes.value, allowedScopes.value)) {
    return [{ pointer: '/body/scope', message: 'names a scope that the client is not registered for' }]
  }
  return []
}
