import { DurableObject } from 'cloudflare:workers'

import type { Acr } from '../accounts/acr.ts'
import { openDb } from '../db/client.ts'
import { revocationRetryMinSeconds, revocationsSentMax, sweepPauseSeconds } from '../platform/bounds.ts'
import { epochSeconds, systemClock } from '../platform/clock.ts'
import { errorText, log } from '../platform/log.ts'
import type { Result } from '../platform/result.ts'
import type { Connection } from './connection.ts'
import type { UnsentRevocation } from './decision.ts'
import type { ApproveDeviceCommand, DeviceCodeFailure, RedeemDeviceCommand } from './device-code.ts'
import type { Grant } from './grant.ts'
import { GrantsLedger } from './grants-ledger.ts'
import type {
  AuthorizeCommand,
  AuthorizeOutcome,
  Disconnection,
  LiveRefreshToken,
  RedeemCodeCommand,
  RedeemFailure,
  RefreshCommand,
  Refreshed,
  RefreshFailure,
  RevokeCommand,
  RevokedGrant,
} from './grants-vault.ts'
import { nextSweepDue, sweep } from './ledger-sweep.ts'
import type { EndedSession } from './session-ending.ts'
import { confirmRevocation, nextRevocationDue, takeDueRevocations } from './revocation-outbox.ts'
import { revocationStore } from './revocations.store.ts'

/**
 * One account's grants, where two requests must not interleave.
 *
 * It decides nothing itself: the ledger decides, in one synchronous transaction per call. The object adds what
 * only it can: it tells D1 of grants that ended, and wakes up to try again and to sweep.
 */
export class GrantsObject extends DurableObject<{ readonly DB: D1Database }> {
  readonly #ledger: GrantsLedger
  readonly #revocations: ReturnType<typeof revocationStore>
  /** The alarm that is set, in epoch milliseconds. */
  #alarmAtMs: number | null = null

  constructor(ctx: DurableObjectState, env: { readonly DB: D1Database }) {
    super(ctx, env)
    this.#ledger = new GrantsLedger(ctx.storage)
    this.#revocations = revocationStore(openDb(env.DB))
    // An alarm that the platform gave up on is set again by whatever wakes the object next.
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmAtMs = await ctx.storage.getAlarm()
      await this.#wakeWhenDue(systemClock())
    })
  }

  async authorize(command: AuthorizeCommand): Promise<AuthorizeOutcome> {
    return this.#answer((nowMs) => this.#ledger.authorize(command, nowMs))
  }

  async redeemCode(command: RedeemCodeCommand): Promise<Result<Grant, RedeemFailure>> {
    return this.#answer((nowMs) => this.#ledger.redeemCode(command, nowMs))
  }

  async approveDevice(command: ApproveDeviceCommand): Promise<null> {
    return this.#answer((nowMs) => this.#ledger.approveDevice(command, nowMs))
  }

  async redeemDeviceCode(command: RedeemDeviceCommand): Promise<Result<Grant, DeviceCodeFailure>> {
    return this.#answer((nowMs) => this.#ledger.redeemDeviceCode(command, nowMs))
  }

  async refresh(command: RefreshCommand): Promise<Result<Refreshed, RefreshFailure>> {
    return this.#answer((nowMs) => this.#ledger.refresh(command, nowMs))
  }

  async inspectRefreshToken(token_digest: string): Promise<LiveRefreshToken | undefined> {
    return this.#ledger.inspectRefreshToken(token_digest, systemClock())
  }

  async isGrantAlive(grant_id: string): Promise<boolean> {
    return this.#ledger.isGrantAlive(grant_id, systemClock())
  }

  async revokeRefreshToken(command: RevokeCommand): Promise<RevokedGrant | undefined> {
    const nowMs = systemClock()
    const ended = this.#ledger.revokeRefreshToken(command, nowMs)
    const isAnnounced = await this.#announce(nowMs, ended?.grant_id ?? null)
    return ended && { ...ended, isAnnounced }
  }

  async endSession(sid: string): Promise<EndedSession> {
    return this.#answer((nowMs) => this.#ledger.endSession(sid, nowMs))
  }

  async listConnections(): Promise<readonly Connection[]> {
    return this.#ledger.listConnections(systemClock())
  }

  async disconnect(client_id: string): Promise<Disconnection> {
    return this.#disconnect((nowMs) => this.#ledger.disconnect(client_id, nowMs))
  }

  async disconnectAll(): Promise<Disconnection> {
    return this.#disconnect((nowMs) => this.#ledger.disconnectAll(nowMs))
  }

  async endGrantsBelow(acr: Acr): Promise<Disconnection> {
    return this.#disconnect((nowMs) => this.#ledger.endGrantsBelow(acr, nowMs))
  }

  /** There may be more grants than one message to D1 holds; the person hears of the end when all are told. */
  async #disconnect(decide: (nowMs: number) => readonly string[]): Promise<Disconnection> {
    const nowMs = systemClock()
    const grant_ids = decide(nowMs)
    let isAnnounced = await this.#announce(nowMs, null)
    for (let told = revocationsSentMax; isAnnounced && told < grant_ids.length; told += revocationsSentMax) {
      isAnnounced = await this.#announce(nowMs, null)
    }
    return { grant_ids, isAnnounced: isAnnounced && nextRevocationDue(this.ctx.storage) === null }
  }

  /** Never throws: the platform drops an alarm that has failed six times, and with it everything that it was to do. */
  override async alarm(): Promise<void> {
    const nowMs = systemClock()
    this.#alarmAtMs = null
    try {
      await this.#send(takeDueRevocations(this.ctx.storage, epochSeconds(nowMs), null))
      sweep(this.ctx.storage, epochSeconds(nowMs))
    } catch (error) {
      log('error', 'grants_alarm_failed', { error: errorText(error) })
    } finally {
      await this.#wakeWhenDue(nowMs)
    }
  }

  async #answer<A>(decide: (nowMs: number) => A): Promise<A> {
    const nowMs = systemClock()
    const answer = decide(nowMs)
    await this.#announce(nowMs, null)
    return answer
  }

  /**
   * Tells D1 of grants that ended, of `grant_id` due or not, and answers whether it has taken what was sent.
   *
   * It belongs right behind a decision: the alarm is set before the first `await`, so that a grant that ended and the
   * alarm that will tell of it are committed together. D1 is then told at once, and the answer waits for that:
   * a revocation that was acknowledged is one that the gateway hears of within its two seconds. What earlier calls could
   * not send leaves behind the answer, because an outage of D1 is none of this caller's concern.
   */
  async #announce(nowMs: number, grant_id: string | null): Promise<boolean> {
    const revocations = takeDueRevocations(this.ctx.storage, epochSeconds(nowMs), grant_id)
    const alarm =
      revocations.length > 0
        ? this.#wakeBy(nowMs + revocationRetryMinSeconds * 1000)
        : this.#alarmAtMs === null
          ? this.#wakeWhenDue(nowMs)
          : undefined
    await alarm
    const overdue = revocations.filter(({ isAwaited }) => !isAwaited)
    if (overdue.length > 0) this.ctx.waitUntil(this.#send(overdue))
    return this.#send(revocations.filter(({ isAwaited }) => isAwaited))
  }

  /** Answers whether D1 has taken them. If not, they come back when they are due. */
  async #send(revocations: readonly UnsentRevocation[]): Promise<boolean> {
    try {
      await this.#revocations.insertGrants(revocations)
      for (const { grant_id } of revocations) confirmRevocation(this.ctx.storage, grant_id)
      return true
    } catch (error) {
      log('warn', 'revocation_unsent', { error: errorText(error) })
      return false
    }
  }

  /**
   * Sets the alarm for what comes first, but never for at once: what fails each time would keep the object busy.
   * Sweeps wait for company, so that a code does not cost a wake-up of its own.
   */
  async #wakeWhenDue(nowMs: number): Promise<void> {
    const revocationDue = nextRevocationDue(this.ctx.storage)
    const sweepDue = nextSweepDue(this.ctx.storage)
    const sweepAtMs =
      sweepDue === null ? Infinity : Math.max(sweepDue * 1000, nowMs + sweepPauseSeconds * 1000)
    const revocationAtMs =
      revocationDue === null
        ? Infinity
        : Math.max(revocationDue * 1000, nowMs + revocationRetryMinSeconds * 1000)
    const atMs = Math.min(revocationAtMs, sweepAtMs)
    if (atMs !== Infinity) await this.#wakeBy(atMs)
  }

  async #wakeBy(atMs: number): Promise<void> {
    if (this.#alarmAtMs !== null && this.#alarmAtMs <= atMs) return
    this.#alarmAtMs = atMs
    await this.ctx.storage.setAlarm(atMs)
  }
}
