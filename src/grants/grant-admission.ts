import { accessTokenTtlSeconds, clockSkewSeconds, grantTtlSeconds } from '../platform/bounds.ts'
import type { Change, StoredGrant } from './decision.ts'
import type { Grant } from './grant.ts'
import type { RedeemCodeCommand } from './grants-vault.ts'
import { issueRefreshToken } from './refresh-rotation.ts'

/**
 * Lets a grant live on, whose code was redeemed, with its first refresh token if it is to have one.
 *
 * A grant without a refresh token is kept as long as its access token lives: a replay must still find it.
 */
export function admitGrant(
  stored: StoredGrant,
  refresh: RedeemCodeCommand['refresh'],
  now: number,
): { readonly grant: Grant; readonly changes: readonly Change[] } {
  const expires_at =
    refresh === null
      ? now + accessTokenTtlSeconds + clockSkewSeconds
      : stored.grant.created_at + grantTtlSeconds
  const grant: Grant = { ...stored.grant, expires_at }
  const admitted: Change = { table: 'grants', row: { grant, ended_at: null } }
  if (refresh === null) return { grant, changes: [admitted] }
  const first = issueRefreshToken(grant, { ...refresh, rotations: 0 }, now)
  return { grant, changes: [admitted, { table: 'refresh_tokens', row: first }] }
}
