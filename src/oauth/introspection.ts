import type { Client } from '../clients/client.ts'
import type { GrantsVault } from '../grants/grants-vault.ts'
import { readToken, type TokenKeys } from '../grants/opaque-token.ts'
import type { RequestFacts } from '../http/context.ts'
import { ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import type { AccessTokenClaims } from '../signing/access-token.ts'
import type { BearerPorts } from '../signing/bearer.ts'
import type { Introspection } from './introspection.contract.ts'
import { findLiveAccessToken } from './live-access-token.ts'
import { fromStorage, type StorageFailure } from './storage.ts'

export interface IntrospectionPorts {
  readonly bearer: BearerPorts
  readonly vault: Pick<GrantsVault, 'inspectRefreshToken'>
  readonly tokenKeys: TokenKeys
}

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
  token: Secret,
  client: Client,
  ports: IntrospectionPorts,
  facts: RequestFacts,
): Promise<Result<Introspection, StorageFailure>> {
  const found = await find(token, ports, facts)
  if (!found.ok) return found
  const isVisible =
    found.value.client_id === client.client_id || client.metadata.scope.split(' ').includes(ANY_TOKEN_SCOPE)
  return ok(isVisible ? found.value : INACTIVE)
}

async function find(
  token: Secret,
  ports: IntrospectionPorts,
  facts: RequestFacts,
): Promise<Result<Introspection, StorageFailure>> {
  const refresh = readToken('refresh_token', token, ports.tokenKeys)
  return refresh === undefined ? findAccessToken(token, ports, facts) : findRefreshToken(refresh, ports)
}

async function findAccessToken(
  token: Secret,
  { bearer }: IntrospectionPorts,
  facts: RequestFacts,
): Promise<Result<Introspection, StorageFailure>> {
  const found = await findLiveAccessToken(token, facts, bearer)
  if (!found.ok) return found
  return ok(found.value === undefined ? INACTIVE : describe(found.value))
}

async function findRefreshToken(
  { vault_id, digest }: { readonly vault_id: string; readonly digest: string },
  { bearer, vault }: IntrospectionPorts,
): Promise<Result<Introspection, StorageFailure>> {
  const found = await fromStorage('inspect refresh token', () => vault.inspectRefreshToken(vault_id, digest))
  if (!found.ok) return found
  if (found.value === undefined) return ok(INACTIVE)
  const { grant, exp, iat } = found.value
  const { scope, client_id, account_id: sub } = grant
  return ok({ active: true, scope, client_id, exp, iat, sub, iss: bearer.issuer })
}

function describe(claims: AccessTokenClaims): Introspection {
  const { scope, client_id, exp, iat, sub, aud, iss, jti, cnf } = claims
  const token_type = cnf === undefined ? 'Bearer' : 'DPoP'
  return { active: true, scope, client_id, token_type, exp, iat, sub, aud, iss, jti, ...(cnf && { cnf }) }
}
