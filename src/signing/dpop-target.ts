const WRITTEN = /^[\x21-\x5b\x5d-\x7e]+$/
const UNRESERVED = /[\w.~-]/

/**
 * Brings the `htu` of a proof into one spelling, or answers undefined for what is no http address.
 *
 * Query and fragment are dropped (RFC 9449 §4.3), scheme and host are in lower case, a default port is left out, and
 * escapes are written one way (RFC 3986 §6.2.2, §6.2.3). Nothing else is forgiven: a path with another case or another
 * slash at its end is another resource. A backslash or a blank, which the parser would mend, and a user name are refused.
 */
export function normalTarget(text: string): string | undefined {
  const url = WRITTEN.test(text) ? URL.parse(text) : null
  if (url === null || url.username !== '' || url.password !== '') return undefined
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  return url.origin + normalEscapes(url.pathname)
}

/**
 * The address that a proof for this request names.
 *
 * The origin is the configured issuer. What the request says of its host is the caller's word, and somebody who passes a
 * victim's request on would simply say what the victim's proof says.
 */
export function targetOf(issuer: string, requestUrl: string): string {
  return issuer + normalEscapes(new URL(requestUrl).pathname)
}

function normalEscapes(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/gi, (escape, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16))
    return UNRESERVED.test(character) ? character : escape.toUpperCase()
  })
}
