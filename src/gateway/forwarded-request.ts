import { isIP } from 'node:net'

import type { PublishedRoute } from '../catalog/snapshot.ts'
import { readCredentials } from '../http/credentials.ts'
import { toTraceparent } from '../platform/trace.ts'
import type { Exchange, GatewayPorts } from './exchange.ts'
import { unverifiedIssuer } from './foreign-token.ts'
import { hopByHop } from './hop-by-hop.ts'
import { withoutOwnCookies } from './own-cookie.ts'

/**
 * Headers that tell an upstream who calls, from where, for which method or path. From a stranger they are lies: an
 * upstream that believes them would act for another person, or on another operation than the one that was allowed.
 */
const BELIEVED: ReadonlySet<string> = new Set([
  'cf-connecting-ip',
  'cf-connecting-ipv6',
  'cf-pseudo-ipv4',
  'client-ip',
  'forwarded',
  'forwarded-for',
  'proxy',
  'remote-user',
  'true-client-ip',
  'x-client-ip',
  'x-cluster-client-ip',
  'x-envoy-original-path',
  'x-host',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
  'x-original-host',
  'x-original-uri',
  'x-original-url',
  'x-real-ip',
  'x-remote-user',
  'x-request-id',
  'x-rewrite-url',
])
const BELIEVED_PREFIXES = ['cf-access-', 'http-x-', 'x-auth-', 'x-forwarded-'] as const

/** Set anew for every message by whoever sends it. */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'expect', 'host'])

/** The headers of the request to the upstream: those of the caller that may pass, and what we vouch for. */
export function forwardedHeaders(exchange: Exchange, ports: Pick<GatewayPorts, 'issuer'>): Headers {
  const inbound = exchange.c.req.raw.headers
  const headers = new Headers(inbound)
  const dropped = hopByHop(inbound)
  for (const name of inbound.keys()) {
    if (dropped.has(name) || FRAMING.has(name) || isBelieved(name)) headers.delete(name)
  }
  dropCredentials(headers, exchange, ports)
  vouch(headers, exchange)
  return headers
}

/** Many upstreams read `X_Auth.Subject` and `X-Auth-Subject` as one (CGI, WSGI, PHP), so all such are taken alike. */
function isBelieved(name: string): boolean {
  const canonical = name.replaceAll(/[^a-z0-9]/g, '-')
  if (canonical !== name && (FRAMING.has(canonical) || canonical === 'transfer-encoding')) return true
  return BELIEVED.has(canonical) || BELIEVED_PREFIXES.some((prefix) => canonical.startsWith(prefix))
}

/** Whether anyone may call, so that credentials are not ours to check. */
export function isOpenRoute(route: Pick<PublishedRoute, 'takesApiKeys' | 'issuers'>): boolean {
  return !route.takesApiKeys && route.issuers.length === 0
}

/**
 * Keeps our credentials from the upstream, which could use them elsewhere in the caller's name. A proof goes with its
 * token: together they would do once more in another isolate what the caller did here.
 *
 * On a route that anyone may call, credentials that are not ours pass: they are between the caller and the upstream.
 */
function dropCredentials(
  headers: Headers,
  { route, view }: Exchange,
  { issuer }: Pick<GatewayPorts, 'issuer'>,
): void {
  const isOpen = isOpenRoute(route)
  const isKnown = (name: string) => name === issuer || view.snapshot.issuer(name) !== undefined
  if (!isOpen || isOurs(headers.get('authorization'), isKnown)) {
    headers.delete('authorization')
    headers.delete('dpop')
  }
  if (!isOpen || isOurKey(headers.get('x-api-key') ?? '')) headers.delete('x-api-key')
  const cookies = headers.get('cookie')
  if (cookies === null) return
  const kept = withoutOwnCookies(cookies)
  if (kept === undefined) headers.delete('cookie')
  else if (kept !== cookies) headers.set('cookie', kept)
}

function isOurs(authorization: string | null, isKnownIssuer: (issuer: string) => boolean): boolean {
  if (authorization === null) return false
  const credentials = readCredentials(authorization)
  switch (credentials.scheme) {
    case 'bearer':
    case 'dpop': {
      const issuer = unverifiedIssuer(credentials.token)
      return isOurKey(credentials.token.reveal()) || (issuer !== undefined && isKnownIssuer(issuer))
    }
    case 'apikey':
      return isOurKey(credentials.key.reveal())
    case 'basic':
    case 'malformed':
    case 'none':
      return false
  }
}

/** API keys and our opaque tokens alike begin so. */
function isOurKey(text: string): boolean {
  return /^gw[a-z]_/.test(text.trim())
}

function vouch(headers: Headers, { c, caller }: Exchange): void {
  const { request_id, trace } = c.var.facts
  const inbound = c.req.raw.headers
  const { protocol, host } = new URL(c.req.raw.url)
  const address = inbound.get('cf-connecting-ip') ?? ''
  if (isIP(address) !== 0) headers.set('x-forwarded-for', address)
  headers.set('x-forwarded-host', host)
  headers.set('x-forwarded-proto', protocol.slice(0, -1))
  headers.set('x-request-id', request_id)
  headers.set('traceparent', toTraceparent(trace))
  // Vendors' state belongs to the trace that it came with, and that one was not continued (W3C Trace Context §3.3).
  if (inbound.get('traceparent')?.includes(trace.trace_id) !== true) headers.delete('tracestate')
  if (caller === undefined) return
  headers.set('x-auth-issuer', caller.issuer)
  headers.set('x-auth-subject', caller.sub)
  if (caller.client_id !== '') headers.set('x-auth-client', caller.client_id)
  headers.set('x-auth-scopes', caller.scopes.join(' '))
}
