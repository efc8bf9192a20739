import { errorText, log } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'

export interface StorageFailure {
  readonly reason: 'storage_unavailable'
}

/**
 * Asks where the truth about tokens is kept, and tells an outage from an answer.
 *
 * An error that ends up as "no such token" makes a live token look revoked, and one that ends up as "done" makes
 * a revocation look as if it had happened. Both have been advisories elsewhere; here it is a 503.
 */
export async function fromStorage<T>(
  question: string,
  ask: () => Promise<T>,
): Promise<Result<T, StorageFailure>> {
  try {
    return ok(await ask())
  } catch (error) {
    log('error', 'storage_unavailable', { question, error: errorText(error) })
    return fail({ reason: 'storage_unavailable' })
  }
}
