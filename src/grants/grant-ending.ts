import { meetsAcr, type Acr } from '../accounts/acr.ts'
import { accessTokenTtlSeconds, clockSkewSeconds } from '../platform/bounds.ts'
import type { Change, Decision, StoredGrant } from './decision.ts'

/**
 * Ends a grant. Its revocation is written beside it and leaves for D1 afterwards: dying in between loses nothing.
 *
 * The revocation is of use until the last access token of the grant has expired, by the slowest of our clocks.
 */
export function endGrant(stored: StoredGrant, now: number): readonly Change[] {
  if (stored.ended_at !== null) return []
  const expires_at = now + accessTokenTtlSeconds + clockSkewSeconds
  return [
    { table: 'grants', row: { ...stored, ended_at: now } },
    { table: 'unsent_revocations', row: { grant_id: stored.grant.grant_id, expires_at } },
  ]
}

/**
 * Ends the grants that somebody gave while they had proved less than their account asks for by now.
 *
 * A refresh is a way to a token as well. Whoever had only the password would go on getting tokens by it after its
 * owner has set up a second factor to keep them out.
 */
export function endGrantsBelow(
  grants: readonly StoredGrant[],
  acr: Acr,
  now: number,
): Decision<readonly string[]> {
  const ending = grants.filter(({ grant, ended_at }) => ended_at === null && !meetsAcr(grant.amr, acr))
  return {
    answer: ending.map(({ grant }) => grant.grant_id),
    changes: ending.flatMap((stored) => endGrant(stored, now)),
  }
}
