import {
  devicePollSlackSeconds,
  deviceIntervalMaxSeconds,
  deviceSlowDownSeconds,
} from '../platform/one-time-bounds.ts'
import type { Decision } from './decision.ts'
import { findMismatch } from './grant.ts'
import type { OneTimeChange } from './one-time-tables.ts'
import { redeem, type OneTime } from './redeem.ts'

/** What a device waits for: somebody who enters its user code, which is the one-time value of this record. */
export interface DeviceAuthorization extends OneTime {
  readonly kind: 'user_code'
  /** Digest of the device code, under which the device asks. */
  readonly device_digest: string
  /** The key that proved itself when the codes were asked for, and has to with each poll; null where none did. */
  readonly dpop_jkt: string | null
  /** The grant that an approval makes. It is named beforehand, so that an approval may be repeated. */
  readonly grant_id: string
  readonly scope: string
  readonly resource: readonly string[]
  readonly outcome: 'approved' | 'denied' | null
  /** Leads to the grants of whoever approved. */
  readonly vault_id: string | null
  /** Seconds that the device has to leave between two polls. */
  readonly interval: number
  readonly polled_at: number | null
}

export interface BeginDeviceCommand {
  readonly digest: string
  readonly device_digest: string
  readonly client_id: string
  readonly dpop_jkt: string | null
  readonly grant_id: string
  readonly scope: string
  readonly resource: readonly string[]
  readonly expires_at: number
  readonly interval: number
}

export type AwaitingDevice = BeginDeviceCommand

export interface DecideDeviceCommand {
  readonly digest: string
  readonly client_id: string
  /** Null for a denial. */
  readonly vault_id: string | null
}

export interface PollCommand {
  readonly device_digest: string
  readonly client_id: string
  readonly dpop_jkt: string | null
}

export type Poll =
  | { readonly state: 'approved'; readonly vault_id: string }
  | { readonly state: 'pending' | 'slow_down' | 'denied' | 'expired' | 'unknown' }
  | { readonly state: 'client_mismatch' | 'proof_key_mismatch' }

/** Keeps what a device asks for; false when somebody else waits under the same user code. */
export function beginDevice(
  held: DeviceAuthorization | undefined,
  command: BeginDeviceCommand,
  now: number,
): Decision<boolean, OneTimeChange> {
  if (held !== undefined) return { answer: held.device_digest === command.device_digest, changes: [] }
  const { client_id, ...rest } = command
  const row: DeviceAuthorization = {
    ...rest,
    kind: 'user_code',
    bound: { client_id, redirect_uri: null, code_challenge: null, dpop_jkt: null },
    issued_at: now,
    spent_at: null,
    outcome: null,
    vault_id: null,
    polled_at: null,
  }
  return { answer: true, changes: [{ table: 'device_authorizations', row }] }
}

/** What waits under a user code, or null: nothing does, it is too late, or somebody has decided. */
export function inspectDevice(held: DeviceAuthorization | undefined, now: number): AwaitingDevice | null {
  if (held === undefined || held.spent_at !== null || held.expires_at <= now) return null
  const { digest, device_digest, bound, dpop_jkt, grant_id, scope, resource, expires_at, interval } = held
  if (bound.client_id === null) return null
  const { client_id } = bound
  return { digest, device_digest, client_id, dpop_jkt, grant_id, scope, resource, expires_at, interval }
}

/**
 * Decides once. False when it was decided otherwise before, or by somebody else; the same decision of the same person
 * may be repeated.
 */
export function decideDevice(
  held: DeviceAuthorization | undefined,
  { client_id, vault_id }: DecideDeviceCommand,
  now: number,
): Decision<boolean, OneTimeChange> {
  if (held === undefined) return { answer: false, changes: [] }
  const outcome = vault_id === null ? 'denied' : 'approved'
  const redeemed = redeem(held, { kind: 'user_code', client_id, dpop_jkt: null }, now)
  if (redeemed.ok) {
    const row = { ...redeemed.value, outcome, vault_id } as const
    return { answer: true, changes: [{ table: 'device_authorizations', row }] }
  }
  const isRepeated = redeemed.failure.reason === 'spent' && held.outcome === outcome
  return { answer: isRepeated && held.vault_id === vault_id, changes: [] }
}

/**
 * Answers a device that asks. Whoever asks too soon gets no answer but that, whatever has been decided: pace is the only
 * thing that keeps a device code from being polled by many at once.
 *
 * Nothing is spent here. An approval names the account whose object holds the grant, and that object decides
 * who gets it.
 *
 * @see RFC 8628 §3.5 (slow_down adds five seconds to the interval)
 */
export function pollDevice(
  held: DeviceAuthorization | undefined,
  command: PollCommand,
  now: number,
): Decision<Poll, OneTimeChange> {
  if (held === undefined) return { answer: { state: 'unknown' }, changes: [] }
  const { client_id, dpop_jkt } = command
  const bound = { ...held.bound, dpop_jkt: held.dpop_jkt }
  const mismatch = findMismatch(bound, { kind: 'device_code', client_id, dpop_jkt })
  if (mismatch !== undefined) {
    const isKey = mismatch.reason === 'proof_key_mismatch'
    return { answer: { state: isKey ? 'proof_key_mismatch' : 'client_mismatch' }, changes: [] }
  }
  const isTooSoon = held.polled_at !== null && now - held.polled_at < held.interval - devicePollSlackSeconds
  const slower = Math.min(held.interval + deviceSlowDownSeconds, deviceIntervalMaxSeconds)
  const row = { ...held, polled_at: now, interval: isTooSoon ? slower : held.interval }
  const answer: Poll = isTooSoon ? { state: 'slow_down' } : stateOf(held, now)
  return { answer, changes: [{ table: 'device_authorizations', row }] }
}

function stateOf({ outcome, vault_id, expires_at }: DeviceAuthorization, now: number): Poll {
  if (expires_at <= now) return { state: 'expired' }
  if (outcome === 'denied') return { state: 'denied' }
  return outcome === null || vault_id === null ? { state: 'pending' } : { state: 'approved', vault_id }
}
