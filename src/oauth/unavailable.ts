import type { OAuthError } from '../http/oauth-error.ts'

/** What an outage looks like on the wire: nothing has been decided, and trying again is worth it. */
export const unavailable: OAuthError = {
  error: 'temporarily_unavailable',
  error_description: 'this cannot be answered right now; try again shortly',
  headers: { 'retry-after': '1' },
}
