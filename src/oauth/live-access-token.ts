import type { RequestFacts } from '../http/context.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import type { AccessTokenClaims } from '../signing/access-token.ts'
import { inspectToken, type BearerPorts } from '../signing/bearer.ts'
import { fromStorage, type StorageFailure } from './storage.ts'

/**
 * Finds what an access token says, or undefined for one that is not ours, has expired or was revoked.
 *
 * Not being able to tell is neither: whoever asks must not take a token for dead, or for alive, by accident.
 */
export async function findLiveAccessToken(
  token: Secret,
  facts: RequestFacts,
  bearer: BearerPorts,
): Promise<Result<AccessTokenClaims | undefined, StorageFailure>> {
  const verified = await fromStorage('verify access token', () => inspectToken(token, facts, bearer))
  if (!verified.ok) return verified
  if (verified.value.ok) return verified.value
  const isUnknown = verified.value.failure.reason === 'revocations_unknown'
  return isUnknown ? fail({ reason: 'storage_unavailable' }) : ok(undefined)
}
