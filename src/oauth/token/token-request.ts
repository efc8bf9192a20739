import {
  authenticateClient,
  type AuthenticationPorts,
  type PresentedClient,
} from '../../clients/authentication.ts'
import type { Client } from '../../clients/client.ts'
import type { RequestFacts } from '../../http/context.ts'
import type { RateState } from '../../http/rate-headers.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { readGrantRequest, readGrantType, type GrantRequest } from './grant-request.ts'
import { redeemGrant, type RedemptionPorts } from './redemption.ts'
import { issueTokens, type IssuePorts } from './token-answer.ts'
import { tokenExchangeGrantType } from './token-exchange-request.ts'
import type { TokenAnswer, TokenParameters } from './token.contract.ts'
import type { TokenFailure } from './token-failure.ts'
import { proveKey, type ReadProof } from './token-proof.ts'
import { countConfidentialRequest, countPublicRequest, type TokenLimitPorts } from './token-limit.ts'

export interface TokenPorts extends RedemptionPorts, IssuePorts, Omit<TokenLimitPorts, 'vault'> {
  readonly authentication: AuthenticationPorts
  readonly vault: RedemptionPorts['vault'] & TokenLimitPorts['vault']
}

/** A token request as it arrives, with what it shows of its client. */
export interface TokenArrival {
  readonly parameters: TokenParameters
  readonly presented: PresentedClient
  readonly readProof: ReadProof
  readonly facts: RequestFacts
}

export interface TokenOutcome {
  readonly result: Result<TokenAnswer, TokenFailure>
  /** Where the caller stands, once the request has been counted. */
  readonly rate?: RateState | undefined
}

/**
 * Answers a token request. The order is the rule: what costs less and gives less away comes first.
 *
 * - the grant type, which needs nobody (RFC 6749 §5.2)
 * - the client (§3.2.1)
 * - the count of a confidential client, whatever it asks for
 * - the parameters of the grant, and the MAC on what it presents
 * - the count of a public client, by a grant that is known only now
 * - whether there are keys to sign with
 * - the proof of a key, which is spent by that, and would be for nothing before (RFC 9449 §5)
 * - the redemption, which is the first that spends anything
 */
export async function grantTokens(arrival: TokenArrival, ports: TokenPorts): Promise<TokenOutcome> {
  const { parameters, presented, facts } = arrival
  const { now: nowMs } = facts
  const grantType = readGrantType(parameters.grant_type)
  if (!grantType.ok) return { result: grantType }
  const authenticated = await authenticateClient(presented, ports.authentication, nowMs)
  if (!authenticated.ok) {
    return { result: fail({ reason: 'client_unauthenticated', failure: authenticated.failure }) }
  }
  const client = authenticated.value
  const early = await countConfidentialRequest(client, grantType.value, ports)
  if (early?.ok === false) return { result: early }

  const request = readGrantRequest(grantType.value, parameters, client, ports.tokenKeys)
  if (!request.ok) return { result: request, ...(early && { rate: early.value }) }
  const counted = early ?? (await countPublicRequest(request.value, client, presented.address, ports))
  if (!counted.ok) return { result: counted }
  const rate = counted.value

  if (!(await canIssue(request.value, client, ports, nowMs))) {
    return { result: fail({ reason: 'signing_unavailable' }), rate }
  }
  const key = await proveKey(arrival.readProof, client)
  if (!key.ok) return { result: key, rate }
  const redeemer = { client, dpop_jkt: key.value, facts }
  const entitlement = await redeemGrant(request.value, redeemer, ports)
  if (!entitlement.ok) return { result: entitlement, rate }
  const { id_token_signed_response_alg } = client.metadata
  return {
    result: ok(await issueTokens(entitlement.value, id_token_signed_response_alg, ports, nowMs)),
    rate,
  }
}

/**
 * Whether the tokens that this may end in can be signed now. A code that is spent without an answer ends somebody's
 * sign-in, and one that comes back ends the grant. Whether an ID token is due is known for certain only afterwards,
 * so a client that may ask for one counts as asking.
 */
async function canIssue(
  request: GrantRequest,
  { metadata }: Client,
  { keyRing }: IssuePorts,
  nowMs: number,
): Promise<boolean> {
  if (!(await keyRing.canSign('ES256', nowMs))) return false
  const { grant_type } = request
  const isForPerson = grant_type !== 'client_credentials' && grant_type !== tokenExchangeGrantType
  const mayGetIdToken = isForPerson && metadata.scope.split(' ').includes('openid')
  return !mayGetIdToken || keyRing.canSign(metadata.id_token_signed_response_alg, nowMs)
}
