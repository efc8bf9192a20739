import { authorizationCodeTtlSeconds, sessionTtlSeconds } from '../platform/bounds.ts'
import { assert } from '../platform/assert.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { decideConsent, type Consent } from './consent.ts'
import type { Change, Decision, StoredGrant } from './decision.ts'
import { admitGrant } from './grant-admission.ts'
import { endGrant } from './grant-ending.ts'
import type { Grant } from './grant.ts'
import type { AuthorizeCommand, AuthorizeOutcome, RedeemCodeCommand, RedeemFailure } from './grants-vault.ts'
import { redeem, type OneTime } from './redeem.ts'
import { isWithin } from './scope.ts'

export interface AuthorizationCode extends OneTime {
  readonly kind: 'code'
  readonly grant_id: string
}

/** A code with the grant it belongs to. */
export interface HeldCode {
  readonly code: AuthorizationCode
  readonly stored: StoredGrant
}

/**
 * Authorizes a client: issues a code, unless the person has yet to be asked.
 *
 * The grant is written with its code and lasts no longer than that, unless the code is redeemed. The same command again
 * changes nothing, so that a call cut off by a deployment may be repeated.
 */
export function authorize(
  held: { readonly code: AuthorizationCode | undefined; readonly consent: Consent | undefined },
  command: AuthorizeCommand,
  now: number,
): Decision<AuthorizeOutcome> {
  const consented = decideConsent(held.consent, command, now)
  if (consented === undefined) return { answer: { outcome: 'consent_required' }, changes: [] }
  if (held.code !== undefined) {
    assert(held.code.grant_id === command.grant_id, 'a code belongs to one grant')
    return { answer: { outcome: 'issued' }, changes: [] }
  }
  return { answer: { outcome: 'issued' }, changes: [...issueCode(command, now), ...consented] }
}

function issueCode({ grant_id, code_digest, bindings }: AuthorizeCommand, now: number): readonly Change[] {
  const { redirect_uri, code_challenge, dpop_jkt, ...granted } = bindings
  const expires_at = now + authorizationCodeTtlSeconds
  const grant: Grant = { ...granted, grant_id, created_at: now, expires_at }
  const code: AuthorizationCode = {
    digest: code_digest,
    kind: 'code',
    grant_id,
    bound: { client_id: bindings.client_id, redirect_uri, code_challenge, dpop_jkt },
    issued_at: now,
    expires_at,
    spent_at: null,
  }
  const { sid, client_id, sub } = bindings
  const participant = { sid, client_id, sub, expires_at: bindings.auth_time + sessionTtlSeconds }
  return [
    { table: 'grants', row: { grant, ended_at: null } },
    { table: 'codes', row: code },
    { table: 'participants', row: participant },
  ]
}

/**
 * Redeems a code for its grant, once.
 *
 * A second presentation with every binding right means that two parties hold code and verifier, and nobody can tell
 * which is the thief: the grant ends, and with it what the first presentation obtained. With a binding wrong
 * it is only refused, or else anyone who has seen a code in a log could end the grant that came of it.
 *
 * @see RFC 6749 §4.1.2
 */
export function redeemCode(
  held: HeldCode | undefined,
  command: RedeemCodeCommand,
  now: number,
): Decision<Result<Grant, RedeemFailure>> {
  if (held === undefined) return refuse({ reason: 'code_unknown' })
  const { client_id, redirect_uri, code_challenge, dpop_jkt } = command
  const presented = { kind: 'code', client_id, redirect_uri, code_challenge, dpop_jkt } as const
  const redeemed = redeem(held.code, presented, now)
  if (redeemed.ok) {
    if (held.stored.ended_at !== null) return refuse({ reason: 'grant_ended' })
    const asksForMore = command.resource !== null && !isWithin(command.resource, held.stored.grant.resource)
    return asksForMore
      ? refuse({ reason: 'resource_exceeded' })
      : admit(held.stored, redeemed.value, command, now)
  }
  switch (redeemed.failure.reason) {
    case 'spent':
      return refuse({ reason: 'code_spent', grant_id: held.code.grant_id }, endGrant(held.stored, now))
    case 'expired':
      return refuse({ reason: 'code_expired' })
    case 'client_mismatch':
    case 'redirect_uri_mismatch':
    case 'verifier_mismatch':
    case 'proof_key_mismatch':
      return refuse(redeemed.failure)
  }
}

function admit(
  stored: StoredGrant,
  spent: AuthorizationCode,
  { refresh }: RedeemCodeCommand,
  now: number,
): Decision<Result<Grant, RedeemFailure>> {
  const { grant, changes } = admitGrant(stored, refresh, now)
  return { answer: ok(grant), changes: [{ table: 'codes', row: spent }, ...changes] }
}

function refuse(
  failure: RedeemFailure,
  changes: readonly Change[] = [],
): Decision<Result<Grant, RedeemFailure>> {
  return { answer: fail(failure), changes }
}
