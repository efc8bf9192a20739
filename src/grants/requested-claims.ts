import * as z from 'zod'

import { personClaimNames, scopesOpening, type PersonClaimName } from '../accounts/person-claims.ts'
import { assert } from '../platform/assert.ts'

/** As the grant keeps it: read and written anew when it was asked for, so that nothing else can be in it. */
const Requested = z.object({
  id_token: z.record(z.string(), z.unknown()).default({}),
  userinfo: z.record(z.string(), z.unknown()).default({}),
})

const AcrRequested = z.object({
  id_token: z.object({
    acr: z.object({ value: z.unknown().optional(), values: z.array(z.unknown()).default([]) }),
  }),
})

/**
 * Claims about the person that the `claims` parameter names for one place. What is unknown is left out, as voluntary
 * claims may be, and so are those that the protocol fills in itself.
 *
 * @see OpenID Connect Core 1.0 §5.5, §5.5.1
 */
export function requestedClaims(
  claims: string | null,
  place: 'id_token' | 'userinfo',
): readonly PersonClaimName[] {
  if (claims === null) return []
  const requested = Requested.safeParse(JSON.parse(claims))
  assert(requested.success, 'a grant holds a claims parameter that was read')
  return personClaimNames.filter((name) => name in requested.data[place])
}

/** Levels of authentication of which an ID token is to name one (§5.5.1.1); empty where none was named. */
export function requestedAcrValues(claims: string | null): readonly string[] {
  if (claims === null) return []
  const requested = AcrRequested.safeParse(JSON.parse(claims))
  if (!requested.success) return []
  const { value, values } = requested.data.id_token.acr
  return [value, ...values].filter((level) => typeof level === 'string')
}

/**
 * What a person is asked for: the scopes, and for claims that are named one by one the scopes that would open them.
 *
 * The `claims` parameter is a second way to the same data. If consent looked at the scope alone, it would be a way
 * around consent.
 */
export function askedOf(scope: readonly string[], claims: string | null): readonly string[] {
  const names = [...requestedClaims(claims, 'id_token'), ...requestedClaims(claims, 'userinfo')]
  return [...new Set([...scope, ...scopesOpening(names)])]
}
