import type { Decision } from './decision.ts'
import type { Presented } from './grant.ts'
import type { OneTimeChange } from './one-time-tables.ts'
import { redeem, type OneTime } from './redeem.ts'

/** Something with a `jti` that works once, as its owner presents it. */
export interface UseCommand {
  readonly kind: 'assertion' | 'proof'
  /** The client of an assertion, the key thumbprint of a proof. */
  readonly owner: string
  /** Over kind, owner and `jti`. */
  readonly digest: string
  /** Until when whoever verified it would take it again, by the slowest of clocks. */
  readonly expires_at: number
  /** Names this call, so that it can be made again after a deployment has cut it off. */
  readonly call_id: string
}

/** A `jti` that was used, and by which call. */
export interface UsedId extends OneTime {
  readonly kind: UseCommand['kind']
  readonly spent_at: number
  readonly spent_by: string
}

/**
 * Uses a `jti`: `first`, unless some other call has used it before.
 *
 * One that is past its expiry counts as repeated. It may have been swept, and then nobody can tell any more.
 *
 * @see RFC 7523 §3 (assertions), RFC 9449 §11.1 (proofs)
 */
export function useOnce(
  held: UsedId | undefined,
  command: UseCommand,
  now: number,
): Decision<'first' | 'repeated', OneTimeChange> {
  const presented = presentedBy(command)
  const redeemed = redeem(held ?? unused(command, presented, now), presented, now)
  if (!redeemed.ok) {
    const isSameCall = held !== undefined && held.spent_by === command.call_id
    return { answer: isSameCall ? 'first' : 'repeated', changes: [] }
  }
  const row = { ...redeemed.value, kind: command.kind, spent_by: command.call_id }
  return { answer: 'first', changes: [{ table: 'used_ids', row }] }
}

function unused({ kind, digest, expires_at }: UseCommand, presented: Presented, now: number): OneTime {
  const { client_id, dpop_jkt } = presented
  const bound = { client_id, redirect_uri: null, code_challenge: null, dpop_jkt }
  return { digest, kind, bound, issued_at: now, expires_at, spent_at: null }
}

export function presentedBy({ kind, owner }: Pick<UseCommand, 'kind' | 'owner'>): Presented {
  return kind === 'proof'
    ? { kind, client_id: null, dpop_jkt: owner }
    : { kind, client_id: owner, dpop_jkt: null }
}
