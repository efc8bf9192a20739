import { pushedRequestOpenSeconds, pushedRequestTtlSeconds } from '../platform/one-time-bounds.ts'
import { assert } from '../platform/assert.ts'
import type { Decision } from './decision.ts'
import type { OneTimeChange } from './one-time-tables.ts'
import { redeem, type OneTime } from './redeem.ts'

/** An authorization request that its client has left here (RFC 9126). */
export interface PushedRequest extends OneTime {
  readonly kind: 'pushed_request'
  readonly parameters: Readonly<Record<string, string>>
  /** The key that the code of this request is bound to (RFC 9449 §10.1); the browser that brings it proves no key. */
  readonly dpop_jkt: string | null
  /** When a browser first brought it. */
  readonly opened_at: number | null
  readonly spent_by: string | null
}

export interface PushCommand {
  readonly digest: string
  readonly client_id: string
  readonly parameters: Readonly<Record<string, string>>
  readonly dpop_jkt: string | null
}

export interface OpenCommand {
  readonly digest: string
  readonly client_id: string
}

export interface SpendCommand extends OpenCommand {
  /** Names this call, so that it can be made again after a deployment has cut it off. */
  readonly call_id: string
}

export type OpenedRequest = Pick<PushedRequest, 'parameters' | 'dpop_jkt'>

/** Keeps a request. The same command again changes nothing. */
export function pushRequest(
  held: PushedRequest | undefined,
  command: PushCommand,
  now: number,
): Decision<null, OneTimeChange> {
  const { digest, client_id, parameters, dpop_jkt } = command
  if (held !== undefined) {
    assert(held.bound.client_id === client_id, 'a handle belongs to one client')
    return { answer: null, changes: [] }
  }
  const row: PushedRequest = {
    digest,
    kind: 'pushed_request',
    bound: { client_id, redirect_uri: null, code_challenge: null, dpop_jkt: null },
    parameters,
    dpop_jkt,
    issued_at: now,
    expires_at: now + pushedRequestTtlSeconds,
    opened_at: null,
    spent_at: null,
    spent_by: null,
  }
  return { answer: null, changes: [{ table: 'pushed_requests', row }] }
}

/**
 * Finds a request for the browser that brings it, and spends nothing.
 *
 * The first visit must come within the short life that the client was told, and starts the time that a person has for
 * signing in and deciding. Later visits do not prolong it: reloads, and the way to sign-in and back, are visits as well.
 */
export function openRequest(
  held: PushedRequest | undefined,
  { client_id }: OpenCommand,
  now: number,
): Decision<OpenedRequest | null, OneTimeChange> {
  if (held === undefined) return { answer: null, changes: [] }
  if (!redeem(held, presentedBy(client_id), now).ok) return { answer: null, changes: [] }
  const { parameters, dpop_jkt } = held
  const answer = { parameters, dpop_jkt }
  if (held.opened_at !== null) return { answer, changes: [] }
  const row = { ...held, opened_at: now, expires_at: now + pushedRequestOpenSeconds }
  return { answer, changes: [{ table: 'pushed_requests', row }] }
}

/** Spends a request, immediately before its code is issued: true for one call, and for that call made again. */
export function spendRequest(
  held: PushedRequest | undefined,
  { client_id, call_id }: SpendCommand,
  now: number,
): Decision<boolean, OneTimeChange> {
  if (held === undefined) return { answer: false, changes: [] }
  const redeemed = redeem(held, presentedBy(client_id), now)
  if (redeemed.ok) {
    const row = { ...redeemed.value, spent_by: call_id }
    return { answer: true, changes: [{ table: 'pushed_requests', row }] }
  }
  const isSameCall = redeemed.failure.reason === 'spent' && held.spent_by === call_id
  return { answer: isSameCall, changes: [] }
}

function presentedBy(client_id: string) {
  return { kind: 'pushed_request', client_id, dpop_jkt: null } as const
}
