import { challenge } from '../../http/challenge.ts'
import { refuse } from '../../http/refusal.ts'
import type { Exchange } from '../exchange.ts'
import { tokenChallenge } from '../token-challenge.ts'

/** Any one of the route's scopes opens it. A route without scopes is open to every caller that it takes. */
export function checkScope({ c, route, caller }: Exchange): Response | undefined {
  if (route.scopes.length === 0) return undefined
  if (caller?.scopes.some((scope) => route.scopes.includes(scope)) === true) return undefined
  const parameters = { realm: 'gatewright', error: 'insufficient_scope', scope: route.scopes.join(' ') }
  const isKey = caller?.kind === 'api_key'
  return refuse(c, 'scope_insufficient', {
    headers: {
      'www-authenticate': isKey ? challenge('ApiKey', parameters) : tokenChallenge(c, parameters),
    },
    facts: { any_scope_of: route.scopes },
  })
}
