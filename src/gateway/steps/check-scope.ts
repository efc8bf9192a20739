import { challenge } from '../../http/challenge.ts'
import { refuse } from '../../http/refusal.ts'
import type { Exchange } from '../exchange.ts'

/** Any one of the route's scopes opens it. A route without scopes is open to every caller that it takes. */
export function checkScope({ c, route, caller }: Exchange): Response | undefined {
  if (route.scopes.length === 0) return undefined
  if (caller?.scopes.some((scope) => route.scopes.includes(scope)) === true) return undefined
  const parameters = { realm: 'gatewright', error: 'insufficient_scope', scope: route.scopes.join(' ') }
  return refuse(c, 'scope_insufficient', {
    headers: { 'www-authenticate': challenge(caller?.kind === 'api_key' ? 'ApiKey' : 'Bearer', parameters) },
    facts: { any_scope_of: route.scopes },
  })
}
