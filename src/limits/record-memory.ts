import { subjectAgeMaxMs, subjectRefreshMs, subjectRetryMs, subjectStaleMaxMs } from '../platform/bounds.ts'
import type { SubjectRecord } from './subject-record.ts'

/**
 * What an object remembers of its subject, and when it must look again.
 *
 * While D1 answers, nothing older than `subjectAgeMaxMs` is used, so a revoked key stops within it. While D1
 * fails, the last record still holds for `subjectStaleMaxMs`: an outage must not stop every caller at once, and
 * a key cannot be revoked during it either.
 */
export class RecordMemory {
  #record: SubjectRecord | undefined
  #readAtMs = Number.NEGATIVE_INFINITY
  #lookedAtMs = Number.NEGATIVE_INFINITY
  #refreshAtMs = Number.POSITIVE_INFINITY
  #dueAtMs = Number.NEGATIVE_INFINITY

  /** A clock that was set back makes it due as well, or an old record would hold until the clock caught up. */
  isDue(nowMs: number): boolean {
    return nowMs >= this.#dueAtMs || nowMs < this.#lookedAtMs
  }

  /** Says once whether the caller should read behind its answer. If that read is lost, it becomes due. */
  beginRefresh(nowMs: number): boolean {
    if (nowMs < this.#refreshAtMs) return false
    this.#refreshAtMs = Number.POSITIVE_INFINITY
    return true
  }

  /**
   * `startedAtMs` is when the read began: what was written after that may be missing from the record. A read that a
   * later one has overtaken brings nothing new, unless it only seems so because the clock was set back.
   */
  learn(record: SubjectRecord, startedAtMs: number, nowMs: number): void {
    if (startedAtMs < this.#readAtMs && this.#readAtMs <= nowMs) return
    this.#record = record
    this.#readAtMs = startedAtMs
    this.#lookedAtMs = startedAtMs
    this.#refreshAtMs = startedAtMs + subjectRefreshMs
    this.#dueAtMs = startedAtMs + subjectAgeMaxMs
  }

  /** The next try waits, but for a refresh, whose failure changes nothing of when the record is due. */
  failToRead(nowMs: number): void {
    this.#lookedAtMs = nowMs
    const isRefresh = this.#readAtMs <= nowMs && nowMs < this.#dueAtMs
    if (!isRefresh) this.#dueAtMs = nowMs + subjectRetryMs
  }

  current(nowMs: number): SubjectRecord | undefined {
    return nowMs - this.#readAtMs < subjectStaleMaxMs ? this.#record : undefined
  }
}
