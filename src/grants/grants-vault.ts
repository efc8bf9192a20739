import type { Acr } from '../accounts/acr.ts'
import { callObject } from '../platform/object-call.ts'
import type { Result } from '../platform/result.ts'
import type { Connection } from './connection.ts'
import type { ApproveDeviceCommand, DeviceCodeFailure, RedeemDeviceCommand } from './device-code.ts'
import type { BindingMismatch, Bindings, Grant } from './grant.ts'
import type { EndedSession } from './session-ending.ts'

export interface AuthorizeCommand {
  readonly grant_id: string
  readonly code_digest: string
  readonly bindings: Bindings
  /** `given` by the person just now; `remembered` if it covers the request; `waived` for a first-party client. */
  readonly consent: 'given' | 'remembered' | 'waived'
}

export type AuthorizeOutcome = { readonly outcome: 'issued' } | { readonly outcome: 'consent_required' }

export interface RedeemCodeCommand {
  readonly code_digest: string
  readonly client_id: string
  readonly redirect_uri: string
  /** Computed from the presented verifier; null when there was none. */
  readonly code_challenge: string | null
  /** Thumbprint of the key that the request has proved to hold, or null. */
  readonly dpop_jkt: string | null
  /** Resources that were asked for, or null for all of the grant's (RFC 8707 §2.2). */
  readonly resource: readonly string[] | null
  /** The refresh token to go with it and the key that it is bound to, or null for a grant that cannot be refreshed. */
  readonly refresh: { readonly digest: string; readonly dpop_jkt: string | null } | null
}

export type RedeemFailure =
  | { readonly reason: 'code_unknown' }
  | { readonly reason: 'code_expired' }
  /** Presented a second time with every binding right: the grant has ended (RFC 6749 §4.1.2). */
  | { readonly reason: 'code_spent'; readonly grant_id: string }
  /** The grant was revoked before its code was redeemed. */
  | { readonly reason: 'grant_ended' }
  | { readonly reason: 'resource_exceeded' }
  | BindingMismatch

export interface RefreshCommand {
  readonly token_digest: string
  readonly client_id: string
  readonly dpop_jkt: string | null
  /** What was asked for, or null when nothing was. Narrowing concerns the access token, never the grant. */
  readonly scope: readonly string[] | null
  /** Resources that were asked for, or null for all of the grant's (RFC 8707 §2.2). */
  readonly resource: readonly string[] | null
  /** The candidate that becomes the successor if this call wins, or null for a client that does not rotate. */
  readonly successor: { readonly digest: string; readonly sealed: string } | null
}

export interface Refreshed {
  readonly grant: Grant
  /**
   * `taken`: the candidate is the successor. `{ sealed }`: an earlier call won; open it with the presented token.
   * `kept`: the presented token stays the one to use.
   */
  readonly successor: 'kept' | 'taken' | { readonly sealed: string }
}

export type RefreshFailure =
  | { readonly reason: 'token_unknown' }
  | { readonly reason: 'token_expired' }
  /** Spent too long ago to be a retry: the grant has ended (RFC 9700 §4.14.2). */
  | { readonly reason: 'token_reused'; readonly grant_id: string }
  /** Spent a moment ago, and its successor is spent as well: refused, and nothing ends. */
  | { readonly reason: 'token_superseded' }
  | { readonly reason: 'client_mismatch' }
  | { readonly reason: 'proof_key_mismatch' }
  | { readonly reason: 'grant_ended' }
  | { readonly reason: 'scope_exceeded' }
  | { readonly reason: 'resource_exceeded' }

export interface RevokeCommand {
  readonly token_digest: string
  readonly client_id: string
}

/** A grant that has ended, by this revocation or before. */
export interface RevokedGrant {
  readonly grant_id: string
  /** Whether D1 has its revocation, from which other isolates learn of it. If not, the same call tries again. */
  readonly isAnnounced: boolean
}

/** What came of taking everything back from a client. */
export interface Disconnection {
  /** Grants that this call ended. */
  readonly grant_ids: readonly string[]
  /** Whether D1 has every revocation of the account, earlier ones too. What it lacks is sent again by itself. */
  readonly isAnnounced: boolean
}

/** A refresh token that works now, as introspection tells of it. */
export interface LiveRefreshToken {
  readonly grant: Grant
  readonly iat: number
  readonly exp: number
}

/** The grants of every account, each account's behind its own `vault_id`. */
export interface GrantsVault {
  authorize(vault_id: string, command: AuthorizeCommand): Promise<AuthorizeOutcome>
  redeemCode(vault_id: string, command: RedeemCodeCommand): Promise<Result<Grant, RedeemFailure>>
  /** May be repeated: the grant was named when the device asked. */
  approveDevice(vault_id: string, command: ApproveDeviceCommand): Promise<null>
  redeemDeviceCode(vault_id: string, command: RedeemDeviceCommand): Promise<Result<Grant, DeviceCodeFailure>>
  refresh(vault_id: string, command: RefreshCommand): Promise<Result<Refreshed, RefreshFailure>>
  inspectRefreshToken(vault_id: string, token_digest: string): Promise<LiveRefreshToken | undefined>
  /** Whether a grant lives at this moment; false for one that is not known. */
  isGrantAlive(vault_id: string, grant_id: string): Promise<boolean>
  /** Answers undefined, and ends nothing, for an unknown token and for another client's. */
  revokeRefreshToken(vault_id: string, command: RevokeCommand): Promise<RevokedGrant | undefined>
  /** Ends what a session's clients got without `offline_access`, and says whom to tell. May be repeated. */
  endSession(vault_id: string, sid: string): Promise<EndedSession>
  listConnections(vault_id: string): Promise<readonly Connection[]>
  /** Ends everything that a client was given, and forgets that it was allowed. May be repeated. */
  disconnect(vault_id: string, client_id: string): Promise<Disconnection>
  /** The same for every client at once. May be repeated. */
  disconnectAll(vault_id: string): Promise<Disconnection>
  /** Ends what was given at less than this level; what was allowed stays remembered. May be repeated. */
  endGrantsBelow(vault_id: string, acr: Acr): Promise<Disconnection>
}

/** What the vault needs of the object's namespace. */
export interface GrantsNamespace {
  getByName(vault_id: string): {
    authorize(command: AuthorizeCommand): Promise<AuthorizeOutcome>
    redeemCode(command: RedeemCodeCommand): Promise<Result<Grant, RedeemFailure>>
    approveDevice(command: ApproveDeviceCommand): Promise<null>
    redeemDeviceCode(command: RedeemDeviceCommand): Promise<Result<Grant, DeviceCodeFailure>>
    refresh(command: RefreshCommand): Promise<Result<Refreshed, RefreshFailure>>
    inspectRefreshToken(token_digest: string): Promise<LiveRefreshToken | undefined>
    isGrantAlive(grant_id: string): Promise<boolean>
    revokeRefreshToken(command: RevokeCommand): Promise<RevokedGrant | undefined>
    endSession(sid: string): Promise<EndedSession>
    listConnections(): Promise<readonly Connection[]>
    disconnect(client_id: string): Promise<Disconnection>
    disconnectAll(): Promise<Disconnection>
    endGrantsBelow(acr: Acr): Promise<Disconnection>
  }
}

/**
 * The vault over one object per account.
 *
 * A call that a deployment cut off is made again where that changes nothing: a refresh finds its own candidate as the
 * successor. Redeeming a code is not repeated, because a second presentation is what ends a grant.
 */
export function createGrantsVault(namespace: GrantsNamespace): GrantsVault {
  return {
    authorize: (vault_id, command) => callObject(() => namespace.getByName(vault_id).authorize(command)),
    redeemCode: (vault_id, command) => namespace.getByName(vault_id).redeemCode(command),
    approveDevice: (vault_id, command) =>
      callObject(() => namespace.getByName(vault_id).approveDevice(command)),
    redeemDeviceCode: (vault_id, command) => namespace.getByName(vault_id).redeemDeviceCode(command),
    refresh: (vault_id, command) => callObject(() => namespace.getByName(vault_id).refresh(command)),
    inspectRefreshToken: (vault_id, token_digest) =>
      callObject(() => namespace.getByName(vault_id).inspectRefreshToken(token_digest)),
    isGrantAlive: (vault_id, grant_id) =>
      callObject(() => namespace.getByName(vault_id).isGrantAlive(grant_id)),
    revokeRefreshToken: (vault_id, command) =>
      callObject(() => namespace.getByName(vault_id).revokeRefreshToken(command)),
    endSession: (vault_id, sid) => callObject(() => namespace.getByName(vault_id).endSession(sid)),
    listConnections: (vault_id) => callObject(() => namespace.getByName(vault_id).listConnections()),
    disconnect: (vault_id, client_id) =>
      callObject(() => namespace.getByName(vault_id).disconnect(client_id)),
    disconnectAll: (vault_id) => callObject(() => namespace.getByName(vault_id).disconnectAll()),
    endGrantsBelow: (vault_id, acr) => callObject(() => namespace.getByName(vault_id).endGrantsBelow(acr)),
  }
}
