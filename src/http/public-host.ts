import ipaddr from 'ipaddr.js'

/** Top-level names that never lead to a public host (RFC 6761, 6762, 7686, 8375, 9476, and ICANN's `internal`). */
const SPECIAL_USE: ReadonlySet<string> = new Set([
  'alt',
  'arpa',
  'corp',
  'example',
  'home',
  'internal',
  'intranet',
  'invalid',
  'lan',
  'local',
  'localdomain',
  'localhost',
  'mail',
  'onion',
  'private',
  'test',
])

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** All that is given out for use on the public network (RFC 4291 §2.4); some of it has other uses nevertheless. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** What keeps the name of a host from being one that everybody can reach, or undefined. */
export function hostNameFault(hostname: string): string | undefined {
  if (hostname.endsWith('.')) return 'must not end with a dot'
  const labels = hostname.split('.')
  if (labels.length < 2) return 'must be a fully qualified host name'
  if (SPECIAL_USE.has(labels.at(-1) ?? '')) return 'must be a public host name'
  return undefined
}

/**
 * The same for a host that may be written as an address, as the parser of URLs gives it: by then every disguise of an
 * IPv4 address (decimal, octal, short, full-width digits, a dot at the end) has become the usual form.
 *
 * Addresses inside addresses (mapped, translated, tunnelled) are refused with the special ones: where they lead is up
 * to the network, and the network is what an attacker wants to make use of.
 *
 * @see RFC 6890 (special-purpose address registries)
 */
export function hostFault(hostname: string): string | undefined {
  const address = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
  if (!ipaddr.isValid(address)) return hostNameFault(hostname)
  return isPublicAddress(ipaddr.parse(address)) ? undefined : 'must be a public address'
}

function isPublicAddress(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6)
}

/** This machine itself, by name or address, with or without TLS. */
export function isLoopbackHost(hostname: string): boolean {
  return LOOPBACK_HOSTS.has(hostname)
}
