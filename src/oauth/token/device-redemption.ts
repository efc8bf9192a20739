import { isConfidential, type Client } from '../../clients/client.ts'
import type { DeviceCodeFailure, RedeemDeviceCommand } from '../../grants/device-code.ts'
import type { GrantsVault } from '../../grants/grants-vault.ts'
import { readHandle } from '../../grants/one-time-handle.ts'
import type { OneTimeVault } from '../../grants/one-time-vault.ts'
import { mintToken, type TokenKeys } from '../../grants/opaque-token.ts'
import { readScope } from '../../grants/scope.ts'
import type { OAuthError } from '../../http/oauth-error.ts'
import { sha256 } from '../../platform/digest.ts'
import type { Random } from '../../platform/random.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Secret } from '../../platform/secret.ts'
import { fromStorage, type StorageFailure } from '../storage.ts'
import { fromGrant, type Entitlement } from './entitlement.ts'

export interface DeviceRedemptionPorts {
  readonly oneTime: Pick<OneTimeVault, 'pollDevice'>
  readonly oneTimeMac: Uint8Array
  readonly vault: Pick<GrantsVault, 'redeemDeviceCode'>
  readonly tokenKeys: TokenKeys
  readonly random: Random
}

/** A device that asks whether somebody has let it in. */
export interface DevicePoll {
  readonly device_code: Secret
  readonly client: Client
  readonly dpop_jkt: string | undefined
  /** Null when nothing narrower than the grant was asked for (RFC 8707 §2.2). */
  readonly resource: readonly string[] | null
}

export type DeviceFailure =
  | { readonly reason: 'device_code_forged' | 'device_pending' | 'device_polls_too_soon' | 'device_denied' }
  | DeviceCodeFailure

export type DeviceRedemptionFailure =
  | StorageFailure
  | { readonly reason: 'device_refused'; readonly failure: DeviceFailure }

/**
 * Answers a device that polls, and redeems its code once somebody has approved.
 *
 * Where the code was given out it is known whether, and by whom, it was approved; the object of that account decides which
 * presentation wins. Polls are not counted by a limiter: the pace that the code itself keeps is stricter.
 *
 * @see RFC 8628 §3.4, §3.5
 */
export async function redeemDevice(
  { device_code, client, dpop_jkt, resource }: DevicePoll,
  ports: DeviceRedemptionPorts,
): Promise<Result<Entitlement, DeviceRedemptionFailure>> {
  const found = readHandle('device_code', device_code, ports.oneTimeMac)
  if (found === undefined) return refuse({ reason: 'device_code_forged' })
  const presented = {
    device_digest: found.digest,
    client_id: client.client_id,
    dpop_jkt: dpop_jkt ?? null,
  }
  const polled = await fromStorage('poll device', () => ports.oneTime.pollDevice(found.place, presented))
  if (!polled.ok) return polled
  switch (polled.value.state) {
    case 'pending':
      return refuse({ reason: 'device_pending' })
    case 'slow_down':
      return refuse({ reason: 'device_polls_too_soon' })
    case 'denied':
      return refuse({ reason: 'device_denied' })
    case 'expired':
      return refuse({ reason: 'device_code_expired' })
    case 'unknown':
      return refuse({ reason: 'device_code_unknown' })
    case 'client_mismatch':
      return refuse({ reason: 'client_mismatch' })
    case 'proof_key_mismatch':
      return refuse({ reason: 'proof_key_mismatch' })
    case 'approved':
      return redeem(polled.value.vault_id, { ...presented, resource }, client, ports)
  }
}

async function redeem(
  vault_id: string,
  presented: Omit<RedeemDeviceCommand, 'refresh'>,
  client: Client,
  ports: DeviceRedemptionPorts,
): Promise<Result<Entitlement, DeviceRedemptionFailure>> {
  const { dpop_jkt, resource } = presented
  const refresh_token = client.metadata.grant_types.includes('refresh_token')
    ? mintToken('refresh_token', vault_id, ports.tokenKeys, ports.random)
    : undefined
  const refresh = refresh_token && {
    digest: sha256(refresh_token.reveal()),
    dpop_jkt: isConfidential(client) ? null : dpop_jkt,
  }
  const redeemed = await fromStorage('redeem device code', () =>
    ports.vault.redeemDeviceCode(vault_id, { ...presented, refresh: refresh ?? null }),
  )
  if (!redeemed.ok) return redeemed
  if (!redeemed.value.ok) return refuse(redeemed.value.failure)
  const grant = redeemed.value.value
  return ok(
    fromGrant(grant, {
      scope: readScope(grant.scope),
      audience: resource ?? grant.resource,
      dpop_jkt: dpop_jkt ?? undefined,
      nonce: undefined,
      refresh_token,
    }),
  )
}

function refuse(failure: DeviceFailure) {
  return fail({ reason: 'device_refused', failure })
}

/**
 * Says it as RFC 8628 §3.5 names it. Its `slow_down` is an answer to a poll, with 400, and tells of the code's pace;
 * everything about a code that does not work is the same `invalid_grant`.
 */
export function deviceError(failure: DeviceFailure): OAuthError {
  switch (failure.reason) {
    case 'device_pending':
      return { error: 'authorization_pending', error_description: 'nobody has decided yet; ask again' }
    case 'device_polls_too_soon':
      return {
        error: 'slow_down',
        error_description: 'asked too soon; leave five more seconds between two requests from now on',
        status: 400,
      }
    case 'device_denied':
      return { error: 'access_denied', error_description: 'the person declined' }
    case 'device_code_expired':
      return { error: 'expired_token', error_description: 'the device code has expired; get a new one' }
    case 'resource_exceeded':
      return {
        error: 'invalid_target',
        error_description: 'the grant is not for every resource that is asked for',
      }
    case 'device_code_forged':
    case 'device_code_unknown':
    case 'device_code_spent':
    case 'client_mismatch':
    case 'proof_key_mismatch':
    case 'grant_ended':
      return {
        error: 'invalid_grant',
        error_description: 'the device code is unknown, spent, revoked, or not for this client',
      }
  }
}
