import { DurableObject } from 'cloudflare:workers'

import { oneTimeSweepPauseSeconds } from '../platform/one-time-bounds.ts'
import { epochSeconds, systemClock } from '../platform/clock.ts'
import { errorText, log } from '../platform/log.ts'
import type {
  AwaitingDevice,
  BeginDeviceCommand,
  DecideDeviceCommand,
  Poll,
  PollCommand,
} from './device-authorization.ts'
import { OneTimeLedger } from './one-time-ledger.ts'
import { nextOneTimeSweepDue, sweepOneTime } from './one-time-sweep.ts'
import type { UseCommand } from './one-time-use.ts'
import type { OpenCommand, OpenedRequest, PushCommand, SpendCommand } from './pushed-request.ts'

/**
 * One-time values of the owners that share this object, where two requests must not interleave.
 *
 * The ledger decides, in one synchronous transaction per call; the object adds only the clock, and the alarm by
 * which it forgets what has expired.
 */
export class OneTimeObject extends DurableObject {
  readonly #ledger: OneTimeLedger
  /** The alarm that is set, in epoch milliseconds. */
  #alarmAtMs: number | null = null

  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    super(ctx, env)
    this.#ledger = new OneTimeLedger(ctx.storage)
    // An alarm that the platform gave up on is set again by whatever wakes the object next.
    void ctx.blockConcurrencyWhile(async () => {
      this.#alarmAtMs = await ctx.storage.getAlarm()
      await this.#wakeWhenDue(systemClock())
    })
  }

  async useOnce(command: UseCommand): Promise<'first' | 'repeated'> {
    return this.#answer((nowMs) => this.#ledger.useOnce(command, nowMs))
  }

  async pushRequest(command: PushCommand): Promise<null> {
    return this.#answer((nowMs) => this.#ledger.pushRequest(command, nowMs))
  }

  async openRequest(command: OpenCommand): Promise<OpenedRequest | null> {
    return this.#answer((nowMs) => this.#ledger.openRequest(command, nowMs))
  }

  async spendRequest(command: SpendCommand): Promise<boolean> {
    return this.#answer((nowMs) => this.#ledger.spendRequest(command, nowMs))
  }

  async beginDevice(command: BeginDeviceCommand): Promise<boolean> {
    return this.#answer((nowMs) => this.#ledger.beginDevice(command, nowMs))
  }

  async inspectDevice(digest: string): Promise<AwaitingDevice | null> {
    return this.#ledger.inspectDevice(digest, systemClock())
  }

  async decideDevice(command: DecideDeviceCommand): Promise<boolean> {
    return this.#answer((nowMs) => this.#ledger.decideDevice(command, nowMs))
  }

  async pollDevice(command: PollCommand): Promise<Poll> {
    return this.#answer((nowMs) => this.#ledger.pollDevice(command, nowMs))
  }

  /** Never throws: the platform drops an alarm that has failed six times, and then nothing would be forgotten. */
  override async alarm(): Promise<void> {
    const nowMs = systemClock()
    this.#alarmAtMs = null
    try {
      sweepOneTime(this.ctx.storage, epochSeconds(nowMs))
      await this.#wakeWhenDue(nowMs)
    } catch (error) {
      log('error', 'one_time_alarm_failed', { error: errorText(error) })
      await this.#wakeBy(nowMs + oneTimeSweepPauseSeconds * 1000)
    }
  }

  /** The alarm is set before anything is awaited, so that it is committed together with what it is to sweep. */
  async #answer<A>(decide: (nowMs: number) => A): Promise<A> {
    const nowMs = systemClock()
    const answer = decide(nowMs)
    if (this.#alarmAtMs === null) await this.#wakeBy(nowMs + oneTimeSweepPauseSeconds * 1000)
    return answer
  }

  /** Sweeps wait for company: what has expired is refused anyway, and a wake-up for each would cost as much as its use. */
  async #wakeWhenDue(nowMs: number): Promise<void> {
    const due_at = nextOneTimeSweepDue(this.ctx.storage)
    if (due_at === null || this.#alarmAtMs !== null) return
    await this.#wakeBy(Math.max(due_at * 1000, nowMs + oneTimeSweepPauseSeconds * 1000))
  }

  async #wakeBy(atMs: number): Promise<void> {
    this.#alarmAtMs = atMs
    await this.ctx.storage.setAlarm(atMs)
  }
}
