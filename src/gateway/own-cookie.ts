/**
 * What the names of all our cookies begin with.
 *
 * An upstream answers on our own origin, so that the browser sends it our cookies and takes from it cookies under our
 * names. It must neither learn a session nor plant one.
 */
const OURS = '__host-gatewright_'

/** The `Cookie` header without our cookies, or undefined where nothing is left. */
export function withoutOwnCookies(header: string): string | undefined {
  if (!header.toLowerCase().includes(OURS)) return header
  const kept = header.split(';').filter((cookie) => !isOwn(cookie))
  return kept.length === 0 ? undefined : kept.join(';').trim()
}

/** Whether a cookie, as in `Cookie` or `Set-Cookie`, is one of ours; also one without a name, which reads as its value. */
export function isOwn(cookie: string): boolean {
  return cookie.trim().replace(/^=\s*/, '').toLowerCase().startsWith(OURS)
}
