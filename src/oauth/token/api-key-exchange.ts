import { verifyApiKey, type ApiKeyFailure, type ApiKeyPorts } from '../../apikeys/api-key-verification.ts'
import type { AuthenticationPorts } from '../../clients/authentication.ts'
import type { KeyRecord } from '../../limits/subject-record.ts'
import { fail, ok } from '../../platform/result.ts'
import { Secret } from '../../platform/secret.ts'
import { publishedTargets } from './client-grant.ts'
import type { Entitlement } from './entitlement.ts'
import { readClientScope } from './grant-request.ts'
import type { ResourcePorts } from './redeemer.ts'
import { issueTokens, type IssuePorts } from './token-answer.ts'
import type { ExchangeParameters } from './token.contract.ts'
import { proveKey } from './token-proof.ts'
import { countClientRequest, type TokenLimitPorts } from './token-limit.ts'
import type { TokenArrival, TokenOutcome } from './token-request.ts'

export interface ApiKeyExchangePorts extends IssuePorts, ResourcePorts {
  readonly apiKeys: ApiKeyPorts
  readonly limiter: TokenLimitPorts['limiter']
  readonly authentication: Pick<AuthenticationPorts, 'findClient'>
}

/** A request to turn an API key into a token. */
export interface ApiKeyArrival extends Pick<TokenArrival, 'readProof' | 'facts'> {
  readonly parameters: ExchangeParameters
}

export const apiKeyGrantType = 'api_key'

/**
 * Turns an API key into an access token of its client. The key is the whole proof: no client authenticates
 * beside it.
 *
 * The key's own limit counts the request, which is meant for calls, and the client's limit of token requests does:
 * a key would otherwise be a way to have six times as many tokens signed in a second as a client gets in a minute.
 */
export async function exchangeApiKey(
  { parameters, readProof, facts }: ApiKeyArrival,
  ports: ApiKeyExchangePorts,
): Promise<TokenOutcome> {
  const { api_key, scope, resource } = parameters
  const { now: nowMs } = facts
  if (api_key === undefined) return { result: fail({ reason: 'parameter_missing', name: 'api_key' }) }
  const verified = await verifyApiKey(new Secret(api_key), ports.apiKeys, nowMs)
  if (!verified.ok) return { result: refuseKey(verified.failure) }
  const { key } = verified.value
  const counted = await countClientRequest(key, ports)
  if (!counted.ok) return { result: counted }
  const rate = counted.value
  const granted = readClientScope(scope, key.scope)
  if (!granted.ok) return { result: granted, rate }
  const targets = await publishedTargets(resource ?? [], facts, ports)
  if (!targets.ok) return { result: targets, rate }
  if (!(await ports.keyRing.canSign('ES256', nowMs))) {
    return { result: fail({ reason: 'signing_unavailable' }), rate }
  }
  const client = await ports.authentication.findClient(key.client_id, nowMs)
  if (client === undefined) return { result: refuseKey({ reason: 'key_unknown' }), rate }
  const proven = await proveKey(readProof, client)
  if (!proven.ok) return { result: proven, rate }
  const entitlement = entitlementOf(key, {
    scope: granted.value,
    audience: targets.value,
    dpop_jkt: proven.value,
  })
  return { result: ok(await issueTokens(entitlement, 'RS256', ports, nowMs)), rate }
}

function refuseKey(failure: ApiKeyFailure) {
  return fail({ reason: 'key_refused', failure })
}

/** The token carries the key's id as its grant, so that it ends when the key is revoked. */
function entitlementOf(
  { client_id, key_id, expires_at }: KeyRecord,
  granted: Pick<Entitlement, 'scope' | 'audience' | 'dpop_jkt'>,
): Entitlement {
  return {
    ...granted,
    client_id,
    sub: client_id,
    grant_id: key_id,
    ends_at: expires_at ?? undefined,
    authentication: undefined,
    refresh_token: undefined,
  }
}
