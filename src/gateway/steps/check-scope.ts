import { challenge } from '../../http/challenge.ts'
import type { HttpContext } from '../../http/context.ts'
import { readCredentials } from '../../http/credentials.ts'
import { refuse } from '../../http/refusal.ts'
import type { Caller, Exchange } from '../exchange.ts'

/** Any one of the route's scopes opens it. A route without scopes is open to every caller that it takes. */
export function checkScope({ c, route, caller }: Exchange): Response | undefined {
  if (route.scopes.length === 0) return undefined
  if (caller?.scopes.some((scope) => route.scopes.includes(scope)) === true) return undefined
  const parameters = { realm: 'gatewright', error: 'insufficient_scope', scope: route.scopes.join(' ') }
  return refuse(c, 'scope_insufficient', {
    headers: { 'www-authenticate': challenge(schemeOf(c, caller), parameters) },
    facts: { any_scope_of: route.scopes },
  })
}

/** The scheme that the caller came with, and would come with again. */
function schemeOf(c: HttpContext, caller: Caller | undefined): 'ApiKey' | 'DPoP' | 'Bearer' {
  if (caller?.kind === 'api_key') return 'ApiKey'
  return readCredentials(c.req.header('authorization')).scheme === 'dpop' ? 'DPoP' : 'Bearer'
}
