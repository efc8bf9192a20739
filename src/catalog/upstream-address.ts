import { isIP } from 'node:net'

import { hostNameFault } from '../http/public-host.ts'

/** What an address outside must not be, and what this deployment lets it be. */
export interface AddressRules {
  /** The origin of this gateway: proxying to it would be a loop. */
  readonly issuer: string
  /** Development only: plain-http loopback addresses are allowed. */
  readonly loopbackIsAllowed: boolean
}

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** What is wrong with the origin of an upstream, or undefined. */
export function originFault(text: string, rules: AddressRules): string | undefined {
  const fault = addressFault(text, rules)
  if (fault !== undefined) return fault
  return URL.parse(text)?.origin === text ? undefined : 'must be scheme, host and port alone, in normal form'
}

/**
 * What is wrong with an address that we will send requests to, or undefined.
 *
 * Whoever may write the catalogue must not be able to make the gateway speak to machines that only it can
 * reach: addresses instead of names, names of private networks, or the gateway itself, where every request
 * would come round again. A name that resolves to a private address is stopped by the platform.
 */
export function addressFault(text: string, rules: AddressRules): string | undefined {
  const url = URL.parse(text)
  if (url === null) return 'must be an absolute URL'
  if (url.username !== '' || url.password !== '') return 'must not carry a user name or a password'
  if (url.hash !== '' || text.includes('#')) return 'must not have a fragment'
  if (isOwn(url, rules.issuer)) return 'must not be this gateway itself'
  if (rules.loopbackIsAllowed && isLoopback(url)) return undefined
  if (url.protocol !== 'https:') return 'must be https'
  return hostFault(url.hostname)
}

/** The parser has by then turned every way to write an IPv4 address (octal, one number) into the usual one. */
function hostFault(hostname: string): string | undefined {
  if (hostname.startsWith('[') || isIP(hostname) !== 0) return 'must be a host name, not an address'
  return hostNameFault(hostname)
}

/** By name, whatever the port: on our name every port is ours. Loopback has one name for many programs. */
function isOwn(url: URL, issuer: string): boolean {
  const own = URL.parse(issuer)
  if (own === null) return false
  if (LOOPBACK_HOSTS.has(own.hostname)) return isLoopback(url) && url.port === own.port
  return url.hostname.replace(/\.$/, '') === own.hostname
}

export function isLoopback(url: URL): boolean {
  return url.protocol === 'http:' && LOOPBACK_HOSTS.has(url.hostname)
}
