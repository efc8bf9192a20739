import { verifyApiKey, type ApiKeyFailure } from '../../apikeys/api-key-verification.ts'
import { challenge } from '../../http/challenge.ts'
import { refuse } from '../../http/refusal.ts'
import { log } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import { refuseBearer, tokenChallenges } from '../../signing/bearer.ts'
import type { Exchange, GatewayPorts } from '../exchange.ts'
import { readPresented } from '../presented-credentials.ts'
import { metadataParameter } from '../resource-metadata.ts'
import { verifyToken } from '../token-caller.ts'
import { refuseLimit, refuseUncounted } from './limit-rate.ts'

const REALM = 'gatewright'

/** Finds out who calls, by the one credential that the request carries, on routes that take any. */
export async function authenticate(exchange: Exchange, ports: GatewayPorts): Promise<Response | undefined> {
  const { c, route } = exchange
  if (!route.takesApiKeys && route.issuers.length === 0) return undefined
  const presented = readPresented(c.req.raw.headers)
  switch (presented.kind) {
    case 'repeated':
      return refuse(c, 'credentials_repeated')
    case 'malformed':
      return refuse(c, 'credentials_malformed', {
        headers: { 'www-authenticate': challenges(exchange, ports) },
      })
    case 'api_key':
      return route.takesApiKeys
        ? authenticateKey(presented.key, exchange, ports)
        : refuseMissing(exchange, ports)
    case 'token':
      return route.issuers.length > 0
        ? authenticateToken(presented, exchange, ports)
        : refuseMissing(exchange, ports)
    case 'none':
    case 'other':
      return refuseMissing(exchange, ports)
  }
}

async function authenticateToken(
  presented: Parameters<typeof verifyToken>[0],
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<Response | undefined> {
  const caller = await verifyToken(presented, exchange, ports)
  if (caller.ok) {
    exchange.caller = caller.value
    return undefined
  }
  // The token may well be good; it is the issuer's keys that cannot be had to check it with.
  if (caller.failure.reason === 'keys_unreachable') return refuseUncounted(exchange.c)
  return refuseBearer(exchange.c, caller.failure, metadataParameter(exchange.route, ports.issuer))
}

async function authenticateKey(
  key: Secret,
  exchange: Exchange,
  ports: GatewayPorts,
): Promise<Response | undefined> {
  const verified = await verifyApiKey(key, ports.apiKeys, exchange.c.var.facts.now)
  if (!verified.ok) return refuseKey(verified.failure, exchange)
  const { client_id, scope } = verified.value.key
  exchange.rate = verified.value.rate
  exchange.caller = {
    kind: 'api_key',
    issuer: ports.issuer,
    sub: client_id,
    client_id,
    scopes: scope.split(' ').filter((name) => name !== ''),
  }
  return undefined
}

/** Which check a key failed is for the log; an attacker would learn from it how far a guess went. */
function refuseKey(failure: ApiKeyFailure, exchange: Exchange): Response {
  const { c } = exchange
  switch (failure.reason) {
    case 'limit_reached':
      exchange.rate = failure.rate
      return refuseLimit(c, failure.retryAfterSeconds)
    case 'limiter_unavailable':
      return refuseUncounted(c)
    case 'key_malformed':
    case 'key_mac_wrong':
    case 'key_unknown':
    case 'key_revoked':
    case 'key_expired':
    case 'secret_wrong':
      log('info', 'api_key_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
      return refuse(c, 'api_key_invalid', {
        headers: { 'www-authenticate': challenge('ApiKey', { realm: REALM }) },
      })
  }
}

function refuseMissing(exchange: Exchange, ports: GatewayPorts): Response {
  return refuse(exchange.c, 'credentials_missing', {
    headers: { 'www-authenticate': challenges(exchange, ports) },
    facts: { accepted: schemesOf(exchange) },
  })
}

/** One challenge for each kind that the route takes (RFC 9110 §11.6.1), without an error code (RFC 6750 §3.1). */
function challenges({ route }: Exchange, { issuer }: GatewayPorts): string {
  return [
    ...(route.issuers.length > 0 ? [tokenChallenges(metadataParameter(route, issuer))] : []),
    ...(route.takesApiKeys ? [challenge('ApiKey', { realm: REALM })] : []),
  ].join(', ')
}

function schemesOf({ route }: Exchange): readonly string[] {
  return [...(route.issuers.length > 0 ? ['Bearer', 'DPoP'] : []), ...(route.takesApiKeys ? ['ApiKey'] : [])]
}
