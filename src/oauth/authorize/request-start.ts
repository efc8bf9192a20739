import { reauthenticationSeconds } from '../../platform/bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { constantTimeEqual, mac128 } from '../../platform/digest.ts'
import type { AuthorizeParameters } from './authorize.contract.ts'

/** When an authorization request first arrived, and under which session. */
export interface RequestStart {
  readonly requested_at: number
  /** Stands for the session there was, without naming it. */
  readonly sessionMark: string
}

const START = /^(\d{1,12})\.([\w-]{22})\.([\w-]{22})$/

/**
 * Makes the `requested_at` parameter that goes along to sign-in and consent.
 *
 * `prompt=login` and `max_age` ask for an authentication newer than the request, and the request comes back
 * unchanged from sign-in: without knowing when it began, it would ask again for ever. Nothing is stored for
 * that. The value carries its own MAC, which also covers every other parameter. A value made up by whoever
 * wants to skip the sign-in does not verify, and one taken from another request does not fit.
 */
export function stampRequest(
  parameters: AuthorizeParameters,
  sid: string | undefined,
  key: Uint8Array,
  nowMs: number,
): string {
  const start = { requested_at: epochSeconds(nowMs), sessionMark: markSession(sid, key) }
  return `${start.requested_at}.${start.sessionMark}.${macOf(start, parameters, key)}`
}

/**
 * Reads `requested_at`, or answers undefined: absent, not ours, or too old. The request then begins now, which
 * costs one more sign-in at most. The age is bounded so that an address found in a browser's history does not
 * stand for a sign-in of last week.
 */
export function readRequestStart(
  parameters: AuthorizeParameters,
  key: Uint8Array,
  nowMs: number,
): RequestStart | undefined {
  const [, instant = '', sessionMark = '', mac = ''] = START.exec(parameters.requested_at ?? '') ?? []
  const start = { requested_at: Number(instant), sessionMark }
  if (mac === '' || !constantTimeEqual(mac, macOf(start, parameters, key))) return undefined
  const isRecent = epochSeconds(nowMs) - start.requested_at <= reauthenticationSeconds
  return isRecent ? start : undefined
}

/**
 * Whether a session was made after the request began.
 *
 * Sign-in always makes a session with a new `sid`, so the mark tells even within one second, where `auth_time` cannot.
 */
export function hasSignedInSince(
  start: RequestStart,
  session: { readonly sid: string; readonly auth_time: number },
  key: Uint8Array,
): boolean {
  return session.auth_time >= start.requested_at && markSession(session.sid, key) !== start.sessionMark
}

function markSession(sid: string | undefined, key: Uint8Array): string {
  return mac128(key, JSON.stringify(['session', sid ?? null]))
}

/** Parameters are sorted by name, because the order in a URL is not part of what was asked. */
function macOf(start: RequestStart, parameters: AuthorizeParameters, key: Uint8Array): string {
  const { requested_at: _, ...asked } = parameters
  const entries = Object.entries(asked).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return mac128(key, JSON.stringify(['request', start.requested_at, start.sessionMark, entries]))
}
