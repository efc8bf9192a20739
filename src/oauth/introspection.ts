import type { PublishedResources } from '../catalog/published-resources.ts'
import type { Client } from '../clients/client.ts'
import type { GrantsVault } from '../grants/grants-vault.ts'
import { readToken, type TokenKeys } from '../grants/opaque-token.ts'
import type { RequestFacts } from '../http/context.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { audienceOf, type AccessTokenClaims } from '../signing/access-token.ts'
import type { BearerPorts } from '../signing/bearer.ts'
import type { Introspection } from './introspection.contract.ts'
import { findLiveAccessToken } from './live-access-token.ts'
import { fromStorage, type StorageFailure } from './storage.ts'
import { isAliveNow, type StrictPorts } from './strict-inspection.ts'

export interface IntrospectionPorts extends Omit<StrictPorts, 'vault'> {
  readonly bearer: BearerPorts
  readonly vault: Pick<GrantsVault, 'inspectRefreshToken'> & StrictPorts['vault']
  readonly tokenKeys: TokenKeys
  readonly resources: (facts: RequestFacts) => Promise<PublishedResources | undefined>
}

/** Who asks about a token, and whether an answer from memory will do. */
export interface Inquiry {
  readonly token: Secret
  readonly client: Client
  readonly isStrict: boolean
}

type Found = Result<Introspection, StorageFailure>

const INACTIVE: Introspection = { active: false }

/** May introspect every token, not only its own: what a resource server is registered with. */
const ANY_TOKEN_SCOPE = 'introspect'

/**
 * Tells a client about a token.
 *
 * A token that is unknown, expired, revoked or somebody else's is inactive, and all of these look the same: a
 * client must not learn from the answer that a token of another exists (RFC 7662 §2.2, §4).
 */
export async function introspect(
  inquiry: Inquiry,
  ports: IntrospectionPorts,
  facts: RequestFacts,
): Promise<Found> {
  const refresh = readToken('refresh_token', inquiry.token, ports.tokenKeys)
  return refresh === undefined
    ? findAccessToken(inquiry, ports, facts)
    : findRefreshToken(refresh, inquiry.client, ports)
}

/** No object is asked and no row is read, unless the answer has to be strict: this is what gateways call for each request. */
async function findAccessToken(
  { token, client, isStrict }: Inquiry,
  ports: IntrospectionPorts,
  facts: RequestFacts,
): Promise<Found> {
  const found = await findLiveAccessToken(token, facts, ports.bearer)
  if (!found.ok) return found
  const claims = found.value
  if (claims === undefined) return ok(INACTIVE)
  const isVisible = await maySee(client, claims, ports, facts)
  if (!isVisible.ok) return isVisible
  if (!isVisible.value) return ok(INACTIVE)
  if (!isStrict) return ok(describe(claims))
  const alive = await isAliveNow(claims, ports)
  if (!alive.ok) return alive
  return ok(alive.value ? describe(claims) : INACTIVE)
}

/** Its own client may, whoever may see all, and the API that the token is for (RFC 7662 §4). */
async function maySee(
  client: Client,
  claims: AccessTokenClaims,
  { resources }: IntrospectionPorts,
  facts: RequestFacts,
): Promise<Result<boolean, StorageFailure>> {
  if (maySeeAny(client) || claims.client_id === client.client_id) return ok(true)
  const published = await resources(facts)
  if (published === undefined) return fail({ reason: 'storage_unavailable' })
  return ok(published.isServedBy(client.client_id, audienceOf(claims)))
}

function maySeeAny({ metadata }: Client): boolean {
  return metadata.scope.split(' ').includes(ANY_TOKEN_SCOPE)
}

/** A refresh token is between its client and this server; no API has any business with it. */
async function findRefreshToken(
  { vault_id, digest }: { readonly vault_id: string; readonly digest: string },
  client: Client,
  { bearer, vault }: IntrospectionPorts,
): Promise<Found> {
  const found = await fromStorage('inspect refresh token', () => vault.inspectRefreshToken(vault_id, digest))
  if (!found.ok) return found
  if (found.value === undefined) return ok(INACTIVE)
  const { grant, exp, iat } = found.value
  const { scope, client_id, sub } = grant
  if (!maySeeAny(client) && client_id !== client.client_id) return ok(INACTIVE)
  return ok({ active: true, scope, client_id, exp, iat, sub, iss: bearer.issuer })
}

/** Only an access token has a `token_type` (RFC 7662 §2.2); one that is bound to a key has the other (RFC 9449 §6.2). */
function describe(claims: AccessTokenClaims): Introspection {
  const { scope, client_id, exp, iat, nbf, sub, aud, iss, jti, acr, auth_time, cnf, act } = claims
  return {
    active: true,
    scope,
    client_id,
    token_type: cnf === undefined ? 'Bearer' : 'DPoP',
    exp,
    iat,
    sub,
    aud,
    iss,
    jti,
    ...(nbf !== undefined && { nbf }),
    ...(acr !== undefined && { acr }),
    ...(auth_time !== undefined && { auth_time }),
    ...(cnf !== undefined && { cnf }),
    ...(act !== undefined && { act }),
  }
}
