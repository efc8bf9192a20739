import { isWithin, readScope } from '../../grants/scope.ts'
import { actorsMax } from '../../platform/bounds.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Secret } from '../../platform/secret.ts'
import { audienceOf, type AccessTokenClaims } from '../../signing/access-token.ts'
import { actorCount, type Actor } from '../../signing/actor.ts'
import type { BearerPorts } from '../../signing/bearer.ts'
import { findLiveAccessToken } from '../live-access-token.ts'
import type { StorageFailure } from '../storage.ts'
import type { Entitlement } from './entitlement.ts'
import type { Redeemer, ResourcePorts } from './redeemer.ts'
import type { TokenExchangeRequest } from './token-exchange-request.ts'
import type { TokenFailure } from './token-failure.ts'

export interface TokenExchangePorts extends ResourcePorts {
  readonly bearer: BearerPorts
}

/**
 * Exchanges an access token of ours for one that can do less.
 *
 * It is for the client that the token was issued to and for the API that it is meant for; whoever else holds one has found
 * it. Everything goes over or becomes less: scope, resources, lifetime, the key that it is bound to, how the person signed
 * in, and the grant, whose end ends both. A token for two APIs, exchanged by the first for one at the second alone, is how
 * one API calls another in somebody's name.
 *
 * @see RFC 8693 §2, §4.1
 */
export async function exchangeToken(
  request: TokenExchangeRequest,
  redeemer: Redeemer,
  ports: TokenExchangePorts,
): Promise<Result<Entitlement, TokenFailure>> {
  const { client, dpop_jkt } = redeemer
  const subject = await findConcerned(request.subject_token, redeemer, ports)
  if (!subject.ok) return subject
  const claims = subject.value
  const actor = await findActor(request, claims, redeemer, ports)
  if (!actor.ok) return actor
  // Without the proof a token that was stolen from its key could be turned into one that needs none.
  if (claims.cnf !== undefined && claims.cnf.jkt !== dpop_jkt) return fail({ reason: 'proof_key_mismatch' })

  const held = claims.scope === '' ? [] : readScope(claims.scope)
  const registered = client.metadata.scope.split(' ')
  if (request.scope !== null && !isWithin(request.scope, held)) return fail({ reason: 'scope_exceeded' })
  if (request.scope !== null && !isWithin(request.scope, registered)) {
    return fail({ reason: 'scope_unregistered' })
  }
  const audience = request.resource ?? audienceOf(claims)
  if (!isWithin(audience, audienceOf(claims))) return fail({ reason: 'resource_exceeded' })
  return ok({
    client_id: client.client_id,
    sub: claims.sub,
    scope: request.scope ?? held.filter((name) => registered.includes(name)),
    audience,
    dpop_jkt,
    grant_id: claims.grant_id,
    ends_at: claims.exp,
    carried: carriedBy(claims, actor.value),
    authentication: undefined,
    refresh_token: undefined,
  })
}

/** Finds a token that this client has any business with: its own, or one for the API that the client is. */
async function findConcerned(
  token: Secret,
  { client, facts }: Redeemer,
  { bearer, resources }: TokenExchangePorts,
): Promise<Result<AccessTokenClaims, TokenFailure>> {
  const found = await findLiveAccessToken(token, facts, bearer)
  if (!found.ok) return found
  if (found.value === undefined) return fail({ reason: 'subject_token_invalid' })
  if (found.value.client_id === client.client_id) return ok(found.value)
  const published = await resources(facts)
  if (published === undefined) return fail({ reason: 'storage_unavailable' })
  return published.isServedBy(client.client_id, audienceOf(found.value))
    ? ok(found.value)
    : fail({ reason: 'exchanger_not_concerned' })
}

/**
 * Who acts with the new token: the client, or whoever it presents a token of its own for. The token that goes on to
 * the same client for less has the actors that it had.
 */
async function findActor(
  { actor_token }: TokenExchangeRequest,
  subject: AccessTokenClaims,
  redeemer: Redeemer,
  { bearer }: TokenExchangePorts,
): Promise<Result<Actor | undefined, TokenFailure | StorageFailure>> {
  const { client, dpop_jkt, facts } = redeemer
  if (actor_token === undefined && subject.client_id === client.client_id) return ok(subject.act)
  let sub = client.client_id
  if (actor_token !== undefined) {
    const found = await findLiveAccessToken(actor_token, facts, bearer)
    if (!found.ok) return found
    const isOwn = found.value?.client_id === client.client_id
    const isProven = found.value?.cnf === undefined || found.value.cnf.jkt === dpop_jkt
    if (found.value === undefined || !isOwn || !isProven) return fail({ reason: 'actor_token_invalid' })
    sub = found.value.sub
  }
  const actor = { sub, ...(subject.act !== undefined && { act: subject.act }) }
  return actorCount(actor) > actorsMax ? fail({ reason: 'actors_too_many' }) : ok(actor)
}

function carriedBy(claims: AccessTokenClaims, act: Actor | undefined) {
  const { auth_time, acr, sid, account, userinfo_claims } = claims
  return {
    ...(auth_time !== undefined && { auth_time }),
    ...(acr !== undefined && { acr }),
    ...(sid !== undefined && { sid }),
    ...(account !== undefined && { account }),
    ...(userinfo_claims !== undefined && { userinfo_claims }),
    ...(act !== undefined && { act }),
  }
}
