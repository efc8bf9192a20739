import { pendingSignInTtlSeconds } from '../platform/factor-bounds.ts'
import { Secret } from '../platform/secret.ts'

/** `__Host-` keeps other hosts of the domain from planting a sign-in of an attacker's for a victim to complete. */
const PENDING_COOKIE = '__Host-gatewright_pending'
const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax'
const VALUE = /^[A-Za-z0-9_-]{43}$/

/** A sign-in whose first step was right and that waits for a second factor. It opens nothing. */
export interface PendingSignIn {
  readonly account_id: string
  /** How the person has proved who they are so far (RFC 8176). */
  readonly amr: readonly string[]
}

/** By what a pending sign-in is found: the two cookies of the browser that began it. */
export interface PendingHolder {
  readonly cookieValue: Secret
  /** The value of the form cookie. */
  readonly browser: string
}

export function readPendingCookie(headers: Headers): Secret | undefined {
  const prefix = `${PENDING_COOKIE}=`
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim())
  const [pair, another] = pairs.filter((candidate) => candidate.startsWith(prefix))
  const value = pair?.slice(prefix.length)
  return value !== undefined && another === undefined && VALUE.test(value) ? new Secret(value) : undefined
}

export function writePendingCookie(headers: Headers, cookieValue: Secret): void {
  const pair = `${PENDING_COOKIE}=${cookieValue.reveal()}`
  headers.append('set-cookie', `${pair}; ${ATTRIBUTES}; Max-Age=${pendingSignInTtlSeconds}`)
}

export function clearPendingCookie(headers: Headers): void {
  headers.append('set-cookie', `${PENDING_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`)
}
