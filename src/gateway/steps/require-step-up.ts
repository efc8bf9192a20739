import { acrFrom } from '../../accounts/acr.ts'
import { satisfies } from '../../catalog/step-up.ts'
import { refuse } from '../../http/refusal.ts'
import { epochSeconds } from '../../platform/clock.ts'
import type { Exchange, GatewayPorts } from '../exchange.ts'
import { metadataParameter } from '../resource-metadata.ts'
import { tokenChallenge } from '../token-challenge.ts'

/**
 * Asks that the person behind the token has signed in as well and as recently as the route wants.
 *
 * The challenge says what to ask the authorization server for, in the words that its `authorize` endpoint takes.
 *
 * @see RFC 9470 §3 (with whichever scheme the token came in)
 */
export function requireStepUp(
  { c, route, caller }: Exchange,
  { issuer }: Pick<GatewayPorts, 'issuer'>,
): Response | undefined {
  const { stepUp } = route
  if (stepUp === undefined || satisfies(stepUp, caller ?? {}, epochSeconds(c.var.facts.now))) return undefined
  const { acr, max_age } = stepUp
  const wanted = {
    ...(acr !== undefined && { acr_values: acrFrom(acr).join(' ') }),
    ...(max_age !== undefined && { max_age: String(max_age) }),
  }
  const parameters = {
    realm: 'gatewright',
    error: 'insufficient_user_authentication',
    error_description: 'the person has to sign in again, or with more',
    ...wanted,
    ...metadataParameter(route, issuer),
  }
  return refuse(c, 'user_authentication_insufficient', {
    headers: { 'www-authenticate': tokenChallenge(c, parameters) },
    facts: wanted,
  })
}
