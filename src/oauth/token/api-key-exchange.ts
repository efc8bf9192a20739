import { verifyApiKey, type ApiKeyPorts } from '../../apikeys/api-key-verification.ts'
import type { KeyRecord } from '../../limits/subject-record.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { Secret } from '../../platform/secret.ts'
import type { Entitlement } from './entitlement.ts'
import { readClientScope } from './grant-request.ts'
import { issueTokens, type IssuePorts } from './token-answer.ts'
import type { ExchangeParameters } from './token.contract.ts'
import type { ScopeRefusal } from './token-failure.ts'
import { countClientRequest, type TokenLimitPorts } from './token-limit.ts'
import type { TokenOutcome } from './token-request.ts'

export interface ApiKeyExchangePorts extends IssuePorts {
  readonly apiKeys: ApiKeyPorts
  readonly limiter: TokenLimitPorts['limiter']
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
  { api_key, scope }: ExchangeParameters,
  ports: ApiKeyExchangePorts,
  nowMs: number,
): Promise<TokenOutcome> {
  if (api_key === undefined) return { result: fail({ reason: 'parameter_missing', name: 'api_key' }) }
  const verified = await verifyApiKey(new Secret(api_key), ports.apiKeys, nowMs)
  if (!verified.ok) return { result: fail({ reason: 'key_refused', failure: verified.failure }) }
  const { key } = verified.value
  const counted = await countClientRequest(key, ports)
  if (!counted.ok) return { result: counted }
  const rate = counted.value
  const entitlement = entitlementOf(key, scope)
  if (!entitlement.ok) return { result: entitlement, rate }
  if (!(await ports.keyRing.canSign('ES256', nowMs))) {
    return { result: fail({ reason: 'signing_unavailable' }), rate }
  }
  return { result: ok(await issueTokens(entitlement.value, 'RS256', ports, nowMs)), rate }
}

/** The token carries the key's id as its grant, so that it ends when the key is revoked. */
function entitlementOf(key: KeyRecord, requested: string | undefined): Result<Entitlement, ScopeRefusal> {
  const scope = readClientScope(requested, key.scope)
  if (!scope.ok) return scope
  return ok({
    client_id: key.client_id,
    sub: key.client_id,
    scope: scope.value,
    grant_id: key.key_id,
    ends_at: key.expires_at ?? undefined,
    audience: [],
    dpop_jkt: undefined,
    authentication: undefined,
    refresh_token: undefined,
  })
}
