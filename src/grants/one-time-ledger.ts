import { epochSeconds } from '../platform/clock.ts'
import type { Decision } from './decision.ts'
import {
  beginDevice,
  decideDevice,
  inspectDevice,
  pollDevice,
  type AwaitingDevice,
  type BeginDeviceCommand,
  type DecideDeviceCommand,
  type Poll,
  type PollCommand,
} from './device-authorization.ts'
import { migrateTo } from './ledger-schema.ts'
import type { LedgerStorage } from './ledger-tables.ts'
import { oneTimeVersions } from './one-time-schema.ts'
import {
  holdDevice,
  holdPushedRequest,
  holdUsedId,
  writeOneTime,
  type OneTimeChange,
} from './one-time-tables.ts'
import { useOnce, type UseCommand } from './one-time-use.ts'
import {
  openRequest,
  pushRequest,
  spendRequest,
  type OpenCommand,
  type OpenedRequest,
  type PushCommand,
  type SpendCommand,
} from './pushed-request.ts'

/** One-time values that belong to no account yet: what rules decide, written down like the grants of an account. */
export class OneTimeLedger {
  readonly #storage: LedgerStorage

  constructor(storage: LedgerStorage) {
    this.#storage = storage
    migrateTo(oneTimeVersions, storage)
  }

  useOnce(command: UseCommand, nowMs: number): 'first' | 'repeated' {
    return this.#decide(nowMs, (sql, now) => useOnce(holdUsedId(sql, command), command, now))
  }

  pushRequest(command: PushCommand, nowMs: number): null {
    return this.#decide(nowMs, (sql, now) =>
      pushRequest(holdPushedRequest(sql, command.digest), command, now),
    )
  }

  openRequest(command: OpenCommand, nowMs: number): OpenedRequest | null {
    return this.#decide(nowMs, (sql, now) =>
      openRequest(holdPushedRequest(sql, command.digest), command, now),
    )
  }

  spendRequest(command: SpendCommand, nowMs: number): boolean {
    return this.#decide(nowMs, (sql, now) =>
      spendRequest(holdPushedRequest(sql, command.digest), command, now),
    )
  }

  beginDevice(command: BeginDeviceCommand, nowMs: number): boolean {
    return this.#decide(nowMs, (sql, now) =>
      beginDevice(holdDevice(sql, 'digest', command.digest), command, now),
    )
  }

  inspectDevice(digest: string, nowMs: number): AwaitingDevice | null {
    return inspectDevice(holdDevice(this.#storage.sql, 'digest', digest), epochSeconds(nowMs))
  }

  decideDevice(command: DecideDeviceCommand, nowMs: number): boolean {
    return this.#decide(nowMs, (sql, now) =>
      decideDevice(holdDevice(sql, 'digest', command.digest), command, now),
    )
  }

  pollDevice(command: PollCommand, nowMs: number): Poll {
    return this.#decide(nowMs, (sql, now) =>
      pollDevice(holdDevice(sql, 'device_digest', command.device_digest), command, now),
    )
  }

  /** Reads, decides and writes in one synchronous transaction: nothing can come between. */
  #decide<A>(
    nowMs: number,
    decide: (sql: LedgerStorage['sql'], now: number) => Decision<A, OneTimeChange>,
  ): A {
    const { sql } = this.#storage
    return this.#storage.transactionSync(() => {
      const { answer, changes } = decide(sql, epochSeconds(nowMs))
      for (const change of changes) writeOneTime(sql, change)
      return answer
    })
  }
}
