import { accessTokenTtlSeconds, clockSkewSeconds } from '../platform/bounds.ts'
import type { Change, StoredGrant } from './decision.ts'

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
