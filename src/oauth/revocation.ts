import type { Client } from '../clients/client.ts'
import type { GrantsVault } from '../grants/grants-vault.ts'
import { readToken, type TokenKeys } from '../grants/opaque-token.ts'
import type { RevocationKind } from '../grants/revocations.ts'
import type { RequestFacts } from '../http/context.ts'
import { accessTokenTtlSeconds } from '../platform/bounds.ts'
import { epochSeconds } from '../platform/clock.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import type { BearerPorts } from '../signing/bearer.ts'
import { findLiveAccessToken } from './live-access-token.ts'
import { fromStorage, type StorageFailure } from './storage.ts'

export interface RevocationPorts {
  readonly bearer: BearerPorts
  readonly vault: Pick<GrantsVault, 'inspectRefreshToken' | 'revokeRefreshToken'>
  readonly tokenKeys: TokenKeys
  /** Where all isolates learn of it. */
  readonly revocations: { insert(kind: RevocationKind, id: string, expires_at: number): Promise<void> }
  /** What this isolate knows to be revoked. */
  readonly revoked: { add(kind: RevocationKind, id: string, expires_at: number): void }
}

export type RevocationFailure = StorageFailure | { readonly reason: 'token_of_another' }

type Revocation = Result<undefined, RevocationFailure>

/**
 * Ends a token that was issued to this client: an access token alone, a refresh token with all of its grant.
 *
 * A token that is unknown or already over is a success, because the client has what it wanted (RFC 7009 §2.2).
 * One that was issued to another client is refused (§2.1); whoever can name it in full knows that it exists.
 */
export async function revoke(
  token: Secret,
  client: Client,
  ports: RevocationPorts,
  facts: RequestFacts,
): Promise<Revocation> {
  const refresh = readToken('refresh_token', token, ports.tokenKeys)
  return refresh === undefined
    ? revokeAccessToken(token, client, ports, facts)
    : revokeGrant(refresh, client, ports, facts)
}

async function revokeAccessToken(
  token: Secret,
  client: Client,
  ports: RevocationPorts,
  facts: RequestFacts,
): Promise<Revocation> {
  const found = await findLiveAccessToken(token, facts, ports.bearer)
  if (!found.ok) return found
  if (found.value === undefined) return ok(undefined)
  const { client_id, jti, exp } = found.value
  if (client_id !== client.client_id) return fail({ reason: 'token_of_another' })
  const written = await fromStorage('revoke token', () => ports.revocations.insert('token', jti, exp))
  if (!written.ok) return written
  ports.revoked.add('token', jti, exp)
  return ok(undefined)
}

/**
 * The vault decides and tells the other isolates; access tokens of the grant end with it.
 *
 * Where it could not tell them, the grant has ended but its access tokens still work elsewhere, so the client is asked to
 * try again (RFC 7009 §2.2.1). Ending what has ended changes nothing.
 */
async function revokeGrant(
  { vault_id, digest }: { readonly vault_id: string; readonly digest: string },
  { client_id }: Client,
  ports: RevocationPorts,
  { now }: RequestFacts,
): Promise<Revocation> {
  const ended = await fromStorage('revoke refresh token', () =>
    ports.vault.revokeRefreshToken(vault_id, { token_digest: digest, client_id }),
  )
  if (!ended.ok) return ended
  if (ended.value !== undefined) {
    const { grant_id, isAnnounced } = ended.value
    ports.revoked.add('grant', grant_id, epochSeconds(now) + accessTokenTtlSeconds)
    return isAnnounced ? ok(undefined) : fail({ reason: 'storage_unavailable' })
  }
  const alive = await fromStorage('inspect refresh token', () =>
    ports.vault.inspectRefreshToken(vault_id, digest),
  )
  if (!alive.ok) return alive
  return alive.value === undefined ? ok(undefined) : fail({ reason: 'token_of_another' })
}
