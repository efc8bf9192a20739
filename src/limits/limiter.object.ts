import { DurableObject } from 'cloudflare:workers'

import { persistedWindowMsMin, subjectReadTimeoutMs } from '../platform/bounds.ts'
import { systemClock } from '../platform/clock.ts'
import { within } from '../platform/deadline.ts'
import { errorText, log } from '../platform/log.ts'
import { limitFor } from './limit-plan.ts'
import type { LimitAnswer } from './limiter.ts'
import { RecordMemory } from './record-memory.ts'
import {
  isRecorded,
  unrecorded,
  type RecordedSubject,
  type SubjectLookup,
  type SubjectRecord,
} from './subject-record.ts'
import type { LimitSubject } from './subject.ts'
import { WindowLog } from './window-log.ts'

/**
 * The object of one limited subject: every request of the subject is asked here, one after the other.
 *
 * A log of a short window lives in memory only. One of a long window is written down before the answer leaves
 * (the platform holds answers until writes are durable), so that neither eviction nor a crash forgives anybody.
 *
 * `worker.ts` extends it with the lookup, because rooms below `apikeys` cannot read keys.
 */
export class LimiterShell extends DurableObject<Env> {
  readonly #lookup: SubjectLookup
  readonly #memory = new RecordMemory()
  #log: WindowLog | undefined

  constructor(ctx: DurableObjectState, env: Env, lookup: SubjectLookup) {
    super(ctx, env)
    this.#lookup = lookup
  }

  async take(subject: LimitSubject): Promise<LimitAnswer> {
    const record = await this.#recordOf(subject)
    if (record === undefined) return { admitted: false, reason: 'limiter_unavailable' }

    // Nothing is awaited from here to the answer: two requests never see the same free slot.
    const { limit, windowMs } = limitFor(subject, record.plan)
    const turn = this.#logOf(windowMs).take(limit, systemClock())
    if (!turn.admitted) {
      const { rate, retryAfterSeconds } = turn
      return { admitted: false, reason: 'limit_reached', rate, retryAfterSeconds, key: record.key }
    }
    if (isWrittenDown(windowMs)) {
      this.ctx.storage.sql.exec('INSERT INTO uses (ends_at_ms) VALUES (?)', turn.usedAtMs + windowMs)
    }
    return { admitted: true, rate: turn.rate, key: record.key }
  }

  async refund(subject: LimitSubject): Promise<void> {
    // No limit is needed to give a slot back, and the length of the window does not depend on the plan.
    const { windowMs } = limitFor(subject, unrecorded.plan)
    if (!this.#logOf(windowMs).refund(systemClock()) || !isWrittenDown(windowMs)) return
    this.ctx.storage.sql.exec('DELETE FROM uses WHERE seq = (SELECT max(seq) FROM uses)')
  }

  /**
   * Forgets what is over, and everything when all of it is: a flood of subjects must leave nothing behind.
   *
   * The platform repeats an alarm that throws, and the next request sets a new one in any case.
   */
  override async alarm(): Promise<void> {
    const { sql } = this.ctx.storage
    sql.exec(CREATE_USES)
    sql.exec('DELETE FROM uses WHERE ends_at_ms <= ?', systemClock())
    const { ends_at_ms } = sql
      .exec<{ ends_at_ms: number | null }>('SELECT max(ends_at_ms) AS ends_at_ms FROM uses')
      .one()
    if (ends_at_ms !== null) return this.ctx.storage.setAlarm(ends_at_ms)
    this.#log = undefined
    return this.ctx.storage.deleteAll()
  }

  #logOf(windowMs: number): WindowLog {
    this.#log ??= isWrittenDown(windowMs) ? this.#readLog(windowMs) : new WindowLog(windowMs, [])
    return this.#log
  }

  #readLog(windowMs: number): WindowLog {
    const { sql } = this.ctx.storage
    sql.exec(CREATE_USES)
    this.ctx.waitUntil(this.ctx.storage.setAlarm(systemClock() + windowMs))
    const rows = sql.exec<{ ends_at_ms: number }>('SELECT ends_at_ms FROM uses ORDER BY seq').toArray()
    return new WindowLog(
      windowMs,
      rows.map(({ ends_at_ms }) => ends_at_ms - windowMs),
    )
  }

  /**
   * The record of the subject, read again behind the answer when it ages, and before it when it is due.
   *
   * A read that is due blocks the object. Without that, each of two hundred first requests would read for itself; sharing
   * one promise between them was rejected, since a request must never wait for what another one may take along
   * when it is cancelled.
   */
  async #recordOf(subject: LimitSubject): Promise<SubjectRecord | undefined> {
    if (!isRecorded(subject)) return unrecorded
    const nowMs = systemClock()
    if (this.#memory.isDue(nowMs)) {
      await this.ctx.blockConcurrencyWhile(() => this.#readWhenDue(subject))
    } else if (this.#memory.beginRefresh(nowMs)) {
      this.ctx.waitUntil(this.#readRecord(subject))
    }
    return this.#memory.current(systemClock())
  }

  /** One of those that waited for their turn has read it; the others find it fresh. */
  async #readWhenDue(subject: RecordedSubject): Promise<void> {
    if (this.#memory.isDue(systemClock())) await this.#readRecord(subject)
  }

  /** Never throws: an error while the object is blocked would reset it, and its log with it. */
  async #readRecord(subject: RecordedSubject): Promise<void> {
    const startedAtMs = systemClock()
    try {
      const record = await within(subjectReadTimeoutMs, this.#lookup.find(subject))
      if (record !== undefined) return this.#memory.learn(record, startedAtMs, systemClock())
      log('warn', 'subject_read_timeout', { kind: subject.kind })
    } catch (error) {
      log('warn', 'subject_read_failed', { kind: subject.kind, error: errorText(error) })
    }
    return this.#memory.failToRead(systemClock())
  }
}

const CREATE_USES =
  'CREATE TABLE IF NOT EXISTS uses (seq INTEGER PRIMARY KEY, ends_at_ms INTEGER NOT NULL) STRICT'

function isWrittenDown(windowMs: number): boolean {
  return windowMs >= persistedWindowMsMin
}
