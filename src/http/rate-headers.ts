/** The state of one limit as a caller may see it. */
export interface RateState {
  readonly limit: number
  readonly remaining: number
  /** Seconds until the oldest counted request leaves the window, rounded up. */
  readonly resetSeconds: number
  readonly windowSeconds: number
}

/**
 * The headers that tell a caller where it stands.
 *
 * `X-RateLimit-*` is what clients read today; `RateLimit` and `RateLimit-Policy` are the structured fields of
 * draft-ietf-httpapi-ratelimit-headers.
 */
export function rateHeaders(state: RateState): Readonly<Record<string, string>> {
  return {
    'x-ratelimit-limit': String(state.limit),
    'x-ratelimit-remaining': String(state.remaining),
    'x-ratelimit-reset': String(state.resetSeconds),
    'ratelimit-policy': `"default";q=${state.limit};w=${state.windowSeconds}`,
    ratelimit: `"default";r=${state.remaining};t=${state.resetSeconds}`,
  }
}
