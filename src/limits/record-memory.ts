import { subjectAgeMaxMs, subjectRetryMs, subjectStaleMaxMs } from '../platform/bounds.ts'
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
  #dueAtMs = Number.NEGATIVE_INFINITY

  /** A clock that was set back makes it due as well, or an old record would hold until the clock caught up. */
  isDue(nowMs: number): boolean {
    return nowMs >= this.#dueAtMs || nowMs < this.#lookedAtMs
  }

  /** `startedAtMs` is when the read began: what was written after that may be missing from the record. */
  learn(record: SubjectRecord, startedAtMs: number): void {
    this.#record = record
    this.#readAtMs = startedAtMs
    this.#lookedAtMs = startedAtMs
    this.#dueAtMs = startedAtMs + subjectAgeMaxMs
  }

  failToRead(nowMs: number): void {
    this.#lookedAtMs = nowMs
    this.#dueAtMs = nowMs + subjectRetryMs
  }

  current(nowMs: number): SubjectRecord | undefined {
    return nowMs - this.#readAtMs < subjectStaleMaxMs ? this.#record : undefined
  }
}
