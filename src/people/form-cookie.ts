import { randomId, type Random } from '../platform/random.ts'

const FORM_COOKIE = '__Host-gatewright_form'
const VALUE = /^[A-Za-z0-9_-]{22}$/

/**
 * Names a browser that has no session yet, so that its sign-in form can be tied to it.
 *
 * The `__Host-` prefix keeps a neighbouring subdomain from planting a value of its own (RFC 6265bis §4.1.3.2).
 * A value that is there is kept, or a second tab would spoil the form of the first.
 */
export function readFormCookie(cookieHeader: string | undefined): string | undefined {
  const value = cookieHeader
    ?.split(';')
    .map((pair) => pair.trim())
    .find((pair) => pair.startsWith(`${FORM_COOKIE}=`))
    ?.slice(FORM_COOKIE.length + 1)
  return value !== undefined && VALUE.test(value) ? value : undefined
}

export function makeFormCookieValue(random: Random): string {
  return randomId(random)
}

/** Lax, not Strict: a person arrives at the form by a link or a redirect from another site. */
export function formCookie(value: string): string {
  return `${FORM_COOKIE}=${value}; Path=/; Secure; HttpOnly; SameSite=Lax`
}

export const endedFormCookie = `${FORM_COOKIE}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0`
