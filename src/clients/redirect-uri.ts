/** `http` with a loopback address, cut into what must be equal (the address, and the rest) and the port between. */
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|\[::1\])(?::([1-9]\d{0,4}))?((?:[/?].*)?)$/

const LOOPBACK_HTTP = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?([/?]|$)/

/** Schemes that a browser runs or renders instead of leading away (RFC 9700 §4.1.1, and what broke elsewhere). */
const EXECUTABLE = /^(javascript|data|vbscript|blob|file|about|view-source):/i

/** RFC 3986 §2 allows printable ASCII only; of that, these are read differently by different parsers. */
const UNSAFE = /[^\x21-\x7e]|["<>\\^`{|}]/

const PORT_MAX = 65_535

/**
 * Matches a redirect URI against those registered.
 *
 * The comparison is by exact string: prefixes, wildcards and normal forms have each let somebody steal codes. The
 * port of a loopback address is the one exception, because a native app learns it only when it starts to listen.
 * `localhost` is not a loopback address here, since a name can be made to resolve elsewhere.
 *
 * @see RFC 9700 §2.1 (exact matching)
 * @see RFC 8252 §7.3, §8.3 (loopback port, localhost)
 */
export function matchesRedirectUri(requested: string, registered: readonly string[]): boolean {
  return registered.some((uri) => uri === requested || differsInLoopbackPortOnly(uri, requested))
}

export interface RedirectUriPolicy {
  readonly application_type: 'web' | 'native'
  /** A development deployment, where web clients live on loopback too. */
  readonly loopbackIsAllowed: boolean
}

/** Says in a sentence what keeps a redirect URI from being registered, or undefined when nothing does. */
export function redirectUriFault(uri: string, policy: RedirectUriPolicy): string | undefined {
  if (UNSAFE.test(uri)) return 'must be printable ASCII without characters that need an escape'
  if (uri.includes('#')) return 'must not have a fragment'
  if (EXECUTABLE.test(uri)) return 'must not use a scheme that a browser executes'
  const url = URL.parse(uri)
  if (url === null) return 'must be an absolute URI'
  switch (url.protocol) {
    case 'https:':
      return webFault(uri, url)
    case 'http:':
      return httpFault(uri, url, policy)
    default:
      return privateUseFault(url)
  }
}

function differsInLoopbackPortOnly(registered: string, requested: string): boolean {
  const [, host, , rest] = LOOPBACK.exec(registered) ?? []
  const [, requestedHost, port, requestedRest] = LOOPBACK.exec(requested) ?? []
  const isPort = port === undefined || Number(port) <= PORT_MAX
  return host !== undefined && host === requestedHost && rest === requestedRest && isPort
}

/** `https:host` without slashes is repaired by browsers and not by every client. */
function webFault(uri: string, url: URL): string | undefined {
  if (!/^https?:\/\/[^/?]/.test(uri)) return 'must name a host after ://'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or password'
  return undefined
}

function httpFault(uri: string, url: URL, policy: RedirectUriPolicy): string | undefined {
  const mayBeLoopback = policy.application_type === 'native' || policy.loopbackIsAllowed
  if (!LOOPBACK_HTTP.test(uri)) return 'must use https, except on a loopback address'
  if (!mayBeLoopback) return 'may use http on a loopback address only with application_type native'
  return webFault(uri, url)
}

/** A private-use scheme is a reversed domain name, so that two apps do not claim the same one (RFC 8252 §7.1, §8.4). */
function privateUseFault(url: URL): string | undefined {
  return url.protocol.includes('.') ? undefined : 'must use https, or a private-use scheme with a dot in it'
}
