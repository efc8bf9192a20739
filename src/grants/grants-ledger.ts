import type { Acr } from '../accounts/acr.ts'
import { epochSeconds } from '../platform/clock.ts'
import type { Result } from '../platform/result.ts'
import { authorize, redeemCode } from './authorization-code.ts'
import { disconnect, listConnections, type Connection } from './connection.ts'
import type { Decision } from './decision.ts'
import {
  approveDevice,
  redeemDeviceCode,
  type ApproveDeviceCommand,
  type DeviceCodeFailure,
  type RedeemDeviceCommand,
} from './device-code.ts'
import { endGrantsBelow } from './grant-ending.ts'
import type { Grant } from './grant.ts'
import type {
  AuthorizeCommand,
  AuthorizeOutcome,
  LiveRefreshToken,
  RedeemCodeCommand,
  RedeemFailure,
  RefreshCommand,
  Refreshed,
  RefreshFailure,
  RevokeCommand,
} from './grants-vault.ts'
import { migrate } from './ledger-schema.ts'
import {
  findConsent,
  findGrant,
  holdConnections,
  holdCode,
  holdDeviceCode,
  holdRefreshToken,
  holdSession,
  write,
  type LedgerStorage,
} from './ledger-tables.ts'
import { inspectRefreshToken, refresh, revokeRefreshToken } from './refresh-rotation.ts'
import { endSession, type EndedSession } from './session-ending.ts'

/**
 * The grants of one account: what rules decide, written down.
 *
 * Every decision reads, decides and writes inside one synchronous transaction. Nothing in it can wait, so nothing
 * can come between, and an error in the middle leaves everything as it was.
 */
export class GrantsLedger {
  readonly #storage: LedgerStorage

  constructor(storage: LedgerStorage) {
    this.#storage = storage
    migrate(storage)
  }

  authorize(command: AuthorizeCommand, nowMs: number): AuthorizeOutcome {
    const { client_id, resource } = command.bindings
    return this.#decide(nowMs, (sql, now) => {
      const code = holdCode(sql, command.code_digest)?.code
      return authorize({ code, consent: findConsent(sql, client_id, resource) }, command, now)
    })
  }

  redeemCode(command: RedeemCodeCommand, nowMs: number): Result<Grant, RedeemFailure> {
    return this.#decide(nowMs, (sql, now) => redeemCode(holdCode(sql, command.code_digest), command, now))
  }

  approveDevice(command: ApproveDeviceCommand, nowMs: number): null {
    const { client_id, resource } = command.bindings
    return this.#decide(nowMs, (sql, now) => {
      const code = holdDeviceCode(sql, command.device_digest)?.code
      return approveDevice({ code, consent: findConsent(sql, client_id, resource) }, command, now)
    })
  }

  redeemDeviceCode(command: RedeemDeviceCommand, nowMs: number): Result<Grant, DeviceCodeFailure> {
    return this.#decide(nowMs, (sql, now) =>
      redeemDeviceCode(holdDeviceCode(sql, command.device_digest), command, now),
    )
  }

  refresh(command: RefreshCommand, nowMs: number): Result<Refreshed, RefreshFailure> {
    return this.#decide(nowMs, (sql, now) =>
      refresh(holdRefreshToken(sql, command.token_digest), command, now),
    )
  }

  /** Whether a grant is neither over nor unknown, for whoever asks about what came of it. */
  isGrantAlive(grant_id: string, nowMs: number): boolean {
    const stored = findGrant(this.#storage.sql, grant_id)
    return stored?.ended_at === null && stored.grant.expires_at > epochSeconds(nowMs)
  }

  inspectRefreshToken(token_digest: string, nowMs: number): LiveRefreshToken | undefined {
    return inspectRefreshToken(holdRefreshToken(this.#storage.sql, token_digest), epochSeconds(nowMs))
  }

  revokeRefreshToken(command: RevokeCommand, nowMs: number): { readonly grant_id: string } | undefined {
    return this.#decide(nowMs, (sql, now) =>
      revokeRefreshToken(holdRefreshToken(sql, command.token_digest), command, now),
    )
  }

  endSession(sid: string, nowMs: number): EndedSession {
    return this.#decide(nowMs, (sql, now) => endSession(holdSession(sql, sid), now))
  }

  listConnections(nowMs: number): readonly Connection[] {
    return listConnections(holdConnections(this.#storage.sql, null), epochSeconds(nowMs))
  }

  disconnect(client_id: string, nowMs: number): readonly string[] {
    return this.#decide(nowMs, (sql, now) => disconnect(holdConnections(sql, client_id), now))
  }

  disconnectAll(nowMs: number): readonly string[] {
    return this.#decide(nowMs, (sql, now) => disconnect(holdConnections(sql, null), now))
  }

  endGrantsBelow(acr: Acr, nowMs: number): readonly string[] {
    return this.#decide(nowMs, (sql, now) => endGrantsBelow(holdConnections(sql, null).grants, acr, now))
  }

  #decide<A>(nowMs: number, decide: (sql: LedgerStorage['sql'], now: number) => Decision<A>): A {
    const { sql } = this.#storage
    const now = epochSeconds(nowMs)
    return this.#storage.transactionSync(() => {
      const { answer, changes } = decide(sql, now)
      for (const change of changes) write(sql, change, now)
      return answer
    })
  }
}
