import type { OAuthError } from '../http/oauth-error.ts'
import { rateHeaders, type RateState } from '../http/rate-headers.ts'

/** What a reached limit looks like on the wire. The caller is told when to come back, and is to obey. */
export function slowDown(retryAfterSeconds: number, rate: RateState): OAuthError {
  return {
    error: 'slow_down',
    error_description: 'too many requests; wait as long as Retry-After says',
    headers: { 'retry-after': String(retryAfterSeconds), ...rateHeaders(rate) },
  }
}
