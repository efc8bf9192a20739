import { isIPv4, isIPv6 } from 'node:net'

/**
 * The address to count a caller by: an IPv4 address, or the /64 of an IPv6 one.
 *
 * One household or one rented server has a whole /64, so counting single IPv6 addresses would count nothing.
 * `CF-Connecting-IP` is set by Cloudflare and can be forged anywhere else: off Cloudflare it may be used to
 * spread a limit, never to grant anything.
 */
export function clientAddress(headers: Headers): string {
  const address = headers.get('cf-connecting-ip')?.trim() ?? ''
  if (isIPv4(address)) return address
  return isIPv6(address) ? `${expand(address).slice(0, 4).join(':')}::/64` : 'unknown'
}

/** Writes out the eight groups of an IPv6 address; an embedded IPv4 tail counts as two. */
function expand(address: string): readonly string[] {
  const [head = '', tail] = address.toLowerCase().split('::')
  const groupsOf = (text: string) =>
    text === '' ? [] : text.split(':').flatMap((group) => (group.includes('.') ? ['v4', 'v4'] : [group]))
  const left = groupsOf(head)
  const right = groupsOf(tail ?? '')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array.from({ length: zeros }, () => '0'), ...right].map((group) =>
    group.replace(/^0+(?=.)/, ''),
  )
}
