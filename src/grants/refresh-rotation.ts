import { assert } from '../platform/assert.ts'
import {
  refreshExtensionSeconds,
  refreshRetrySeconds,
  refreshTokenIdleSeconds,
  rotationsMax,
} from '../platform/bounds.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Change, Decision, StoredGrant } from './decision.ts'
import { endGrant } from './grant-ending.ts'
import type { Grant } from './grant.ts'
import type {
  LiveRefreshToken,
  RefreshCommand,
  Refreshed,
  RefreshFailure,
  RevokeCommand,
} from './grants-vault.ts'
import { redeem, type OneTime } from './redeem.ts'
import { isWithin, readScope } from './scope.ts'

export interface RefreshToken extends OneTime {
  readonly kind: 'refresh_token'
  readonly grant_id: string
  /** How many were spent before this one since the code. */
  readonly rotations: number
  /** What replaced it, and that sealed so that only this token's text opens it. */
  readonly successor: { readonly digest: string; readonly sealed: string } | null
}

/** A refresh token with its grant and, once it is spent, the token that replaced it. */
export interface HeldRefreshToken {
  readonly token: RefreshToken
  readonly stored: StoredGrant
  readonly successor: RefreshToken | undefined
}

/** A refresh token ends when nobody uses it for the idle time, and never later than its grant. */
export function issueRefreshToken(
  grant: Grant,
  token: { readonly digest: string; readonly dpop_jkt: string | null; readonly rotations: number },
  now: number,
): RefreshToken {
  const { digest, dpop_jkt, rotations } = token
  return {
    digest,
    kind: 'refresh_token',
    grant_id: grant.grant_id,
    bound: { client_id: grant.client_id, redirect_uri: null, code_challenge: null, dpop_jkt },
    issued_at: now,
    expires_at: idleUntil(grant, now),
    spent_at: null,
    rotations,
    successor: null,
  }
}

/**
 * Refreshes: a client that rotates spends its token for the successor it brought, any other keeps its token.
 *
 * Another client's token is refused before its state is looked at, and ends nothing: a client must not be able to end the
 * grants of another. The scope comes last but before anything is spent, so that asking for too much costs nothing and
 * hides no replay.
 *
 * @see RFC 6749 §6
 * @see RFC 9700 §4.14.2
 */
export function refresh(
  held: HeldRefreshToken | undefined,
  command: RefreshCommand,
  now: number,
): Decision<Result<Refreshed, RefreshFailure>> {
  if (held === undefined) return refuse({ reason: 'token_unknown' })
  const { client_id, dpop_jkt } = command
  const redeemed = redeem(held.token, { kind: 'refresh_token', client_id, dpop_jkt }, now)
  if (!redeemed.ok) {
    switch (redeemed.failure.reason) {
      case 'client_mismatch':
      case 'redirect_uri_mismatch':
      case 'verifier_mismatch':
        return refuse({ reason: 'client_mismatch' })
      case 'proof_key_mismatch':
        return refuse(redeemed.failure)
      case 'expired':
        return refuse({ reason: 'token_expired' })
      case 'spent':
        return answerSpent(held, redeemed.failure.spent_at, command, now)
    }
  }
  const failure = findGrantFailure(held.stored, now) ?? findExcess(held.stored.grant, command)
  return failure === undefined ? advance(held, redeemed.value, command.successor) : refuse(failure)
}

/**
 * Answers a token that is spent. Three cases, and only time and the successor tell them apart.
 *
 * Within the retry window, while the successor waits to be used, the first answer may have been lost: the same successor
 * is given again, so that there is never a second one. The window is counted from the spending and retries do not
 * prolong it. Seconds are whole, so it lasts up to one longer than promised and never less.
 *
 * Within the window, but with the successor spent too, it is a duplicate that was overtaken on the way, or a thief. To give
 * the successor again would hand out a spent token, which ends the grant of an honest client that keeps it and uses it
 * later. To end the grant would let a packet that was late do so. It is refused, nobody gains anything, and a
 * thief who tries again meets the third case.
 *
 * After the window somebody holds a token that its owner has replaced. Thief and owner look alike, so both lose.
 */
function answerSpent(
  held: HeldRefreshToken,
  spent_at: number,
  command: RefreshCommand,
  now: number,
): Decision<Result<Refreshed, RefreshFailure>> {
  const { token, stored, successor } = held
  const grantFailure = findGrantFailure(stored, now)
  if (grantFailure !== undefined) return refuse(grantFailure)
  if (now - spent_at > refreshRetrySeconds)
    return refuse({ reason: 'token_reused', grant_id: token.grant_id }, endGrant(stored, now))
  assert(token.successor !== null && successor !== undefined, 'spent refresh token has a successor')
  if (successor.spent_at !== null) return refuse({ reason: 'token_superseded' })
  const excess = findExcess(stored.grant, command)
  if (excess !== undefined) return refuse(excess)
  return { answer: ok({ grant: stored.grant, successor: { sealed: token.successor.sealed } }), changes: [] }
}

function advance(
  held: HeldRefreshToken,
  spent: RefreshToken & { readonly spent_at: number },
  candidate: RefreshCommand['successor'],
): Decision<Result<Refreshed, RefreshFailure>> {
  const { token, stored } = held
  const { grant } = stored
  if (candidate === null)
    return { answer: ok({ grant, successor: 'kept' }), changes: prolong(token, grant, spent.spent_at) }
  if (token.rotations >= rotationsMax) return refuse({ reason: 'token_expired' })
  assert(candidate.digest !== token.digest, 'successor differs from the token it replaces')
  const successor = issueRefreshToken(
    grant,
    { digest: candidate.digest, dpop_jkt: token.bound.dpop_jkt, rotations: token.rotations + 1 },
    spent.spent_at,
  )
  return {
    answer: ok({ grant, successor: 'taken' }),
    changes: [
      { table: 'refresh_tokens', row: { ...spent, successor: candidate } },
      { table: 'refresh_tokens', row: successor },
    ],
  }
}

/**
 * Moves the idle expiry of a token that is kept, but not at every use.
 *
 * A write per refresh would cost a commit and a billed row to make a bound of thirty days exact to the second. Within
 * `refreshExtensionSeconds` it is left as it is, so a token may end that much sooner, and none lives longer.
 */
function prolong(token: RefreshToken, grant: Grant, now: number): readonly Change[] {
  const expires_at = idleUntil(grant, now)
  if (expires_at - token.expires_at < refreshExtensionSeconds) return []
  return [{ table: 'refresh_tokens', row: { ...token, expires_at } }]
}

/** A token that works now: neither spent nor expired, of a grant that has not ended. */
export function inspectRefreshToken(
  held: HeldRefreshToken | undefined,
  now: number,
): LiveRefreshToken | undefined {
  if (held === undefined || findGrantFailure(held.stored, now) !== undefined) return undefined
  const { spent_at, issued_at, expires_at } = held.token
  if (spent_at !== null || expires_at <= now) return undefined
  return { grant: held.stored.grant, iat: issued_at, exp: expires_at }
}

/**
 * Ends the grant of a client's own token, spent or not (RFC 7009 §2.1: it was issued to the client that asks).
 *
 * No proof of a key is asked for: whoever has found a bound token may as well make it useless.
 */
export function revokeRefreshToken(
  held: HeldRefreshToken | undefined,
  command: RevokeCommand,
  now: number,
): Decision<{ readonly grant_id: string } | undefined> {
  if (held === undefined) return { answer: undefined, changes: [] }
  if (held.token.bound.client_id !== command.client_id) return { answer: undefined, changes: [] }
  return { answer: { grant_id: held.token.grant_id }, changes: endGrant(held.stored, now) }
}

function idleUntil(grant: Grant, now: number): number {
  return Math.min(now + refreshTokenIdleSeconds, grant.expires_at)
}

function findGrantFailure(stored: StoredGrant, now: number): RefreshFailure | undefined {
  if (stored.ended_at !== null) return { reason: 'grant_ended' }
  return stored.grant.expires_at <= now ? { reason: 'token_expired' } : undefined
}

/** A refresh may ask for less than was granted, of scope and of resources, and never for more. */
function findExcess(grant: Grant, { scope, resource }: RefreshCommand): RefreshFailure | undefined {
  if (scope !== null && !isWithin(scope, readScope(grant.scope))) return { reason: 'scope_exceeded' }
  return resource !== null && !isWithin(resource, grant.resource)
    ? { reason: 'resource_exceeded' }
    : undefined
}

function refuse(
  failure: RefreshFailure,
  changes: readonly Change[] = [],
): Decision<Result<Refreshed, RefreshFailure>> {
  return { answer: fail(failure), changes }
}
