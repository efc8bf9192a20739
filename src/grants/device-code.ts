import { assert } from '../platform/assert.ts'
import { sessionTtlSeconds } from '../platform/bounds.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { decideConsent, type Consent } from './consent.ts'
import type { Change, Decision, StoredGrant } from './decision.ts'
import { admitGrant } from './grant-admission.ts'
import type { Bindings, Grant } from './grant.ts'
import type { RedeemCodeCommand } from './grants-vault.ts'
import { redeem, type OneTime } from './redeem.ts'
import { isWithin } from './scope.ts'

/** A device code that somebody has approved: like an authorization code, but it came before its grant. */
export interface DeviceCode extends OneTime {
  readonly kind: 'device_code'
  readonly grant_id: string
}

/** A device code with the grant it belongs to. */
export interface HeldDeviceCode {
  readonly code: DeviceCode
  readonly stored: StoredGrant
}

export interface ApproveDeviceCommand {
  readonly grant_id: string
  readonly device_digest: string
  /** As the device was told; approving does not prolong it. */
  readonly expires_at: number
  readonly bindings: Omit<Bindings, 'redirect_uri' | 'code_challenge'>
}

export interface RedeemDeviceCommand extends Pick<
  RedeemCodeCommand,
  'client_id' | 'dpop_jkt' | 'resource' | 'refresh'
> {
  readonly device_digest: string
}

export type DeviceCodeFailure =
  | { readonly reason: 'device_code_unknown' | 'device_code_expired' | 'device_code_spent' }
  | { readonly reason: 'client_mismatch' | 'proof_key_mismatch' | 'grant_ended' | 'resource_exceeded' }

/**
 * Writes down that a person lets a device in: the grant, and the code that the device will redeem for it.
 *
 * The consent counts as given, since nobody approves a device without having been asked. The same command again changes
 * nothing, so that an approval that a deployment cut off may be repeated.
 */
export function approveDevice(
  held: { readonly code: DeviceCode | undefined; readonly consent: Consent | undefined },
  command: ApproveDeviceCommand,
  now: number,
): Decision<null> {
  const { grant_id, device_digest, expires_at, bindings } = command
  if (held.code !== undefined) {
    assert(held.code.grant_id === grant_id, 'a device code belongs to one grant')
    return { answer: null, changes: [] }
  }
  const { dpop_jkt, ...granted } = bindings
  const { sid, client_id, sub, auth_time } = bindings
  const code: DeviceCode = {
    digest: device_digest,
    kind: 'device_code',
    grant_id,
    bound: { client_id, redirect_uri: null, code_challenge: null, dpop_jkt },
    issued_at: now,
    expires_at,
    spent_at: null,
  }
  const grant: Grant = { ...granted, grant_id, created_at: now, expires_at }
  const consented = decideConsent(held.consent, { bindings, consent: 'given' }, now) ?? []
  const changes: readonly Change[] = [
    { table: 'grants', row: { grant, ended_at: null } },
    { table: 'device_codes', row: code },
    { table: 'participants', row: { sid, client_id, sub, expires_at: auth_time + sessionTtlSeconds } },
    ...consented,
  ]
  return { answer: null, changes }
}

/**
 * Redeems an approved device code for its grant, once.
 *
 * A second presentation is refused and ends nothing. A device polls, and what looks like a replay is mostly one of its own
 * polls overtaking another; there is no verifier here that would make a second holder a thief beyond doubt.
 *
 * @see RFC 8628 §3.4, §3.5
 */
export function redeemDeviceCode(
  held: HeldDeviceCode | undefined,
  command: RedeemDeviceCommand,
  now: number,
): Decision<Result<Grant, DeviceCodeFailure>> {
  if (held === undefined) return refuse({ reason: 'device_code_unknown' })
  const { client_id, dpop_jkt, resource, refresh } = command
  const redeemed = redeem(held.code, { kind: 'device_code', client_id, dpop_jkt }, now)
  if (!redeemed.ok) {
    switch (redeemed.failure.reason) {
      case 'spent':
        return refuse({ reason: 'device_code_spent' })
      case 'expired':
        return refuse({ reason: 'device_code_expired' })
      case 'proof_key_mismatch':
        return refuse({ reason: 'proof_key_mismatch' })
      case 'client_mismatch':
      case 'redirect_uri_mismatch':
      case 'verifier_mismatch':
        return refuse({ reason: 'client_mismatch' })
    }
  }
  const { stored } = held
  if (stored.ended_at !== null) return refuse({ reason: 'grant_ended' })
  if (resource !== null && !isWithin(resource, stored.grant.resource))
    return refuse({ reason: 'resource_exceeded' })
  const { grant, changes } = admitGrant(stored, refresh, now)
  return { answer: ok(grant), changes: [{ table: 'device_codes', row: redeemed.value }, ...changes] }
}

function refuse(failure: DeviceCodeFailure): Decision<Result<Grant, DeviceCodeFailure>> {
  return { answer: fail(failure), changes: [] }
}
