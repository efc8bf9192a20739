import type { RateState } from '../http/rate-headers.ts'
import type { Limiter } from '../limits/limiter.ts'
import type { KeyRecord } from '../limits/subject-record.ts'
import { epochSeconds } from '../platform/clock.ts'
import { constantTimeEqual } from '../platform/digest.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { readApiKey, type KeyFormatFailure } from './api-key.ts'

export interface ApiKeyPorts {
  readonly macKey: Uint8Array
  readonly limiter: Pick<Limiter, 'take'>
}

/** A key that is alive and was within its limit, with where it stands now. */
export interface VerifiedApiKey {
  readonly key: KeyRecord
  readonly rate: RateState
}

export type ApiKeyFailure =
  | KeyFormatFailure
  | { readonly reason: 'key_unknown' }
  | { readonly reason: 'key_revoked' }
  | { readonly reason: 'key_expired' }
  | { readonly reason: 'secret_wrong' }
  | { readonly reason: 'limit_reached'; readonly retryAfterSeconds: number; readonly rate: RateState }
  | { readonly reason: 'limiter_unavailable' }

/**
 * Verifies a presented API key and counts the request against its limit, in one call to one object.
 *
 * The MAC comes first, so that only keys that were given out reach an object. Counting before the secret is
 * compared lets nobody use up another's limit: whoever gets past the MAC has the whole key. What the failure
 * tells is for the log; the doors answer all of them alike but for the limit.
 */
export async function verifyApiKey(
  presented: Secret,
  ports: ApiKeyPorts,
  nowMs: number,
): Promise<Result<VerifiedApiKey, ApiKeyFailure>> {
  const read = readApiKey(presented, ports.macKey)
  if (!read.ok) return read
  const answer = await ports.limiter.take({ kind: 'key', key_id: read.value.key_id })
  if (!answer.admitted && answer.reason === 'limiter_unavailable') return fail({ reason: answer.reason })

  const { key, rate } = answer
  if (key === null) return fail({ reason: 'key_unknown' })
  if (key.revoked_at !== null) return fail({ reason: 'key_revoked' })
  if (key.expires_at !== null && key.expires_at <= epochSeconds(nowMs)) return fail({ reason: 'key_expired' })
  if (!constantTimeEqual(read.value.secret_digest, key.secret_digest)) return fail({ reason: 'secret_wrong' })
  if (!answer.admitted) {
    return fail({ reason: 'limit_reached', retryAfterSeconds: answer.retryAfterSeconds, rate })
  }
  return ok({ key, rate })
}
