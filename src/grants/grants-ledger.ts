import { epochSeconds } from '../platform/clock.ts'
import type { Result } from '../platform/result.ts'
import { authorize, redeemCode, type HeldCode } from './authorization-code.ts'
import type { Decision } from './decision.ts'
import type { Grant } from './grant.ts'
import { endGrant } from './grant-ending.ts'
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
  findCode,
  findConsent,
  findGrant,
  findRefreshToken,
  write,
  type LedgerStorage,
} from './ledger-tables.ts'
import {
  inspectRefreshToken,
  refresh,
  revokeRefreshToken,
  type HeldRefreshToken,
} from './refresh-rotation.ts'

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
    return this.#decide(nowMs, (now) => {
      const { sql } = this.#storage
      const held = {
        code: findCode(sql, command.code_digest),
        consent: findConsent(sql, client_id, resource),
      }
      return authorize(held, command, now)
    })
  }

  redeemCode(command: RedeemCodeCommand, nowMs: number): Result<Grant, RedeemFailure> {
    return this.#decide(nowMs, (now) => redeemCode(this.#holdCode(command.code_digest), command, now))
  }

  refresh(command: RefreshCommand, nowMs: number): Result<Refreshed, RefreshFailure> {
    return this.#decide(nowMs, (now) => refresh(this.#holdRefreshToken(command.token_digest), command, now))
  }

  inspectRefreshToken(token_digest: string, nowMs: number): LiveRefreshToken | undefined {
    return inspectRefreshToken(this.#holdRefreshToken(token_digest), epochSeconds(nowMs))
  }

  revokeRefreshToken(command: RevokeCommand, nowMs: number): { readonly grant_id: string } | undefined {
    return this.#decide(nowMs, (now) =>
      revokeRefreshToken(this.#holdRefreshToken(command.token_digest), command, now),
    )
  }

  endGrant(grant_id: string, nowMs: number): void {
    this.#decide(nowMs, (now) => {
      const stored = findGrant(this.#storage.sql, grant_id)
      return { answer: undefined, changes: stored === undefined ? [] : endGrant(stored, now) }
    })
  }

  #decide<A>(nowMs: number, decide: (now: number) => Decision<A>): A {
    const now = epochSeconds(nowMs)
    return this.#storage.transactionSync(() => {
      const { answer, changes } = decide(now)
      for (const change of changes) write(this.#storage.sql, change, now)
      return answer
    })
  }

  #holdCode(digest: string): HeldCode | undefined {
    const { sql } = this.#storage
    const code = findCode(sql, digest)
    const stored = code === undefined ? undefined : findGrant(sql, code.grant_id)
    return code === undefined || stored === undefined ? undefined : { code, stored }
  }

  #holdRefreshToken(digest: string): HeldRefreshToken | undefined {
    const { sql } = this.#storage
    const token = findRefreshToken(sql, digest)
    const stored = token === undefined ? undefined : findGrant(sql, token.grant_id)
    if (token === undefined || stored === undefined) return undefined
    const successor = token.successor === null ? undefined : findRefreshToken(sql, token.successor.digest)
    return { token, stored, successor }
  }
}
