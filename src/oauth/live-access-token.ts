import type { RequestFacts } from '../http/context.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { verifyAccessToken, type AccessTokenClaims } from '../signing/access-token.ts'
import type { BearerPorts } from '../signing/bearer.ts'
import { fromStorage, type StorageFailure } from './storage.ts'

/**
 * Finds what an access token says, or undefined for one that is not ours, has expired or was revoked.
 *
 * Whom it is for and whether it comes with the key that it is bound to are not asked: it opens nothing here.
 *
 * Not being able to tell is neither: whoever asks must not take a token for dead, or for alive, by accident.
 */
export async function findLiveAccessToken(
  token: Secret,
  facts: RequestFacts,
  bearer: BearerPorts,
): Promise<Result<AccessTokenClaims | undefined, StorageFailure>> {
  const isRevoked = await fromStorage('read revocations', () => bearer.revocations(facts))
  if (!isRevoked.ok) return isRevoked
  if (isRevoked.value === undefined) return fail({ reason: 'storage_unavailable' })
  const { issuer, keyRing, verifiedTokens: cache } = bearer
  const ports = { issuer, audience: undefined, keyRing, isRevoked: isRevoked.value, cache }
  const verified = await fromStorage('verify access token', () => verifyAccessToken(token, ports, facts.now))
  if (!verified.ok) return verified
  return ok(verified.value.ok ? verified.value.value : undefined)
}
