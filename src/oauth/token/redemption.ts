import { isConfidential, rotatesRefreshTokens, type Client } from '../../clients/client.ts'
import type { GrantsVault } from '../../grants/grants-vault.ts'
import { mintToken, type TokenKeys } from '../../grants/opaque-token.ts'
import type { RevocationKind } from '../../grants/revocations.ts'
import { openSuccessor, sealSuccessor } from '../../grants/sealed-successor.ts'
import { parseScope } from '../../grants/scope.ts'
import { assert } from '../../platform/assert.ts'
import { accessTokenTtlSeconds } from '../../platform/bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/digest.ts'
import type { Random } from '../../platform/random.ts'
import { ok, type Result } from '../../platform/result.ts'
import type { Secret } from '../../platform/secret.ts'
import { fromStorage } from '../storage.ts'
import { fromGrant, type Entitlement } from './entitlement.ts'
import { grantToClient } from './client-grant.ts'
import { redeemDevice, type DeviceRedemptionPorts } from './device-redemption.ts'
import { deviceGrantType, type CodeRequest, type GrantRequest, type RefreshRequest } from './grant-request.ts'
import type { Redeemer } from './redeemer.ts'
import { tokenExchangeGrantType } from './token-exchange-request.ts'
import { exchangeToken, type TokenExchangePorts } from './token-exchange.ts'
import type { TokenFailure } from './token-failure.ts'

export interface RedemptionPorts extends DeviceRedemptionPorts, TokenExchangePorts {
  readonly vault: Pick<GrantsVault, 'redeemCode' | 'refresh' | 'redeemDeviceCode'>
  readonly tokenKeys: TokenKeys
  readonly random: Random
  /** What this isolate knows to be revoked; the vault tells the others. */
  readonly revoked: { add(kind: RevocationKind, id: string, expires_at: number): void }
}

type Redemption = Result<Entitlement, TokenFailure>

/** Spends what a token request presents. Everything that could refuse it for less has been asked before. */
export async function redeemGrant(
  request: GrantRequest,
  redeemer: Redeemer,
  ports: RedemptionPorts,
): Promise<Redemption> {
  const { now: nowMs } = redeemer.facts
  switch (request.grant_type) {
    case 'authorization_code':
      return noteEnding(await redeemCode(request, redeemer, ports), ports, nowMs)
    case 'refresh_token':
      return noteEnding(await refresh(request, redeemer, ports), ports, nowMs)
    case deviceGrantType:
      return redeemDevice({ ...redeemer, ...request }, ports)
    case 'client_credentials':
      return grantToClient(request, redeemer, ports)
    case tokenExchangeGrantType:
      return exchangeToken(request, redeemer, ports)
  }
}

async function redeemCode(
  request: CodeRequest,
  { client, dpop_jkt }: Redeemer,
  ports: RedemptionPorts,
): Promise<Redemption> {
  const { vault_id, code_digest, redirect_uri, code_challenge, resource } = request
  const refresh_token = client.metadata.grant_types.includes('refresh_token')
    ? mintToken('refresh_token', vault_id, ports.tokenKeys, ports.random)
    : undefined
  const answer = await fromStorage('redeem code', () =>
    ports.vault.redeemCode(vault_id, {
      code_digest,
      client_id: client.client_id,
      redirect_uri,
      code_challenge,
      dpop_jkt: dpop_jkt ?? null,
      resource,
      refresh:
        refresh_token === undefined
          ? null
          : { digest: sha256(refresh_token.reveal()), dpop_jkt: refreshKeyOf(client, dpop_jkt) },
    }),
  )
  if (!answer.ok) return answer
  if (!answer.value.ok) return answer.value
  const grant = answer.value.value
  const nonce = grant.nonce ?? undefined
  const scope = scopesOf(grant.scope)
  const audience = resource ?? grant.resource
  return ok(fromGrant(grant, { scope, audience, dpop_jkt, nonce, refresh_token }))
}

async function refresh(
  request: RefreshRequest,
  { client, dpop_jkt }: Redeemer,
  ports: RedemptionPorts,
): Promise<Redemption> {
  const { vault_id, token_digest, presented, scope, resource } = request
  const candidate = rotatesRefreshTokens(client)
    ? mintToken('refresh_token', vault_id, ports.tokenKeys, ports.random)
    : undefined
  const successor =
    candidate === undefined
      ? null
      : {
          digest: sha256(candidate.reveal()),
          sealed: await sealSuccessor(candidate, presented, ports.random),
        }
  const answer = await fromStorage('refresh', () =>
    ports.vault.refresh(vault_id, {
      token_digest,
      client_id: client.client_id,
      dpop_jkt: dpop_jkt ?? null,
      scope,
      resource,
      successor,
    }),
  )
  if (!answer.ok) return answer
  if (!answer.value.ok) return answer.value
  const { grant, successor: outcome } = answer.value.value
  const refresh_token = await successorOf(outcome, candidate, presented)
  const audience = resource ?? grant.resource
  const granted = { scope: scope ?? scopesOf(grant.scope), audience, dpop_jkt }
  return ok(fromGrant(grant, { ...granted, nonce: undefined, refresh_token }))
}

/**
 * The key that a refresh token is bound to. A public client has nothing else to show for it; a confidential client
 * authenticates, and may change its key (RFC 9449 §5).
 */
function refreshKeyOf(client: Client, dpop_jkt: string | undefined): string | null {
  return isConfidential(client) ? null : (dpop_jkt ?? null)
}

/** The refresh token to answer with: our candidate, or the one that an earlier call with the same token was given. */
async function successorOf(
  outcome: 'kept' | 'taken' | { readonly sealed: string },
  candidate: Secret | undefined,
  presented: Secret,
): Promise<Secret | undefined> {
  if (outcome === 'kept') return undefined
  if (outcome === 'taken') return candidate
  const successor = await openSuccessor(outcome.sealed, presented)
  assert(successor !== undefined, 'a successor is sealed under the token that it succeeds')
  return successor
}

/**
 * Remembers here at once that a grant has ended, so that its access tokens stop in this isolate without waiting
 * for the revocation to come round.
 */
function noteEnding(redemption: Redemption, { revoked }: RedemptionPorts, nowMs: number): Redemption {
  if (!redemption.ok && 'grant_id' in redemption.failure) {
    revoked.add('grant', redemption.failure.grant_id, epochSeconds(nowMs) + accessTokenTtlSeconds)
  }
  return redemption
}

function scopesOf(scope: string): readonly string[] {
  const scopes = parseScope(scope)
  assert(scopes.ok, 'a grant holds a scope that was parsed')
  return scopes.value
}
