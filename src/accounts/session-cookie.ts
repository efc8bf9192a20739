import { sessionTtlSeconds } from '../platform/bounds.ts'
import { Secret } from '../platform/secret.ts'
import { SESSION_COOKIE } from './session.ts'

const ATTRIBUTES = 'Path=/; Secure; HttpOnly; SameSite=Lax'

/** What `randomSecret` makes; nothing else is worth a query. */
const VALUE = /^[A-Za-z0-9_-]{43}$/

/** Reads the session's cookie. Two of them are none: no honest browser sends a `__Host-` cookie twice. */
export function readSessionCookie(headers: Headers): Secret | undefined {
  const prefix = `${SESSION_COOKIE}=`
  const pairs = (headers.get('cookie') ?? '').split(';').map((pair) => pair.trim())
  const [pair, another] = pairs.filter((candidate) => candidate.startsWith(prefix))
  const value = pair?.slice(prefix.length)
  return value !== undefined && another === undefined && VALUE.test(value) ? new Secret(value) : undefined
}

/**
 * Gives the browser its session. Appended, because another cookie may be on the same answer. SameSite=Lax, since a
 * client's link to the authorization endpoint must find the session and a foreign page's form must not.
 */
export function writeSessionCookie(headers: Headers, cookieValue: Secret): void {
  const pair = `${SESSION_COOKIE}=${cookieValue.reveal()}`
  headers.append('set-cookie', `${pair}; ${ATTRIBUTES}; Max-Age=${sessionTtlSeconds}`)
}

export function clearSessionCookie(headers: Headers): void {
  headers.append('set-cookie', `${SESSION_COOKIE}=; ${ATTRIBUTES}; Max-Age=0`)
}
