import type { RateState } from '../http/rate-headers.ts'
import { callObject } from '../platform/object-call.ts'
import { errorText, log } from '../platform/log.ts'
import type { KeyRecord } from './subject-record.ts'
import { subjectName, type LimitSubject } from './subject.ts'

/** Asks whether a subject may go on, and counts it if it may. */
export interface Limiter {
  take(subject: LimitSubject): Promise<LimitAnswer>
  /** Gives back the slot that the caller took: it turned out not to be what the limit counts. */
  refund(subject: LimitSubject): Promise<void>
}

/** `key` is null for every subject that is not a key, and for a key that does not exist. */
export type LimitAnswer =
  | { readonly admitted: true; readonly rate: RateState; readonly key: KeyRecord | null }
  | {
      readonly admitted: false
      readonly reason: 'limit_reached'
      readonly rate: RateState
      readonly retryAfterSeconds: number
      readonly key: KeyRecord | null
    }
  /** The object or what it must read cannot be reached. The caller decides whether that closes its door. */
  | { readonly admitted: false; readonly reason: 'limiter_unavailable' }

/** The limiter objects, as far as they are used here; a Durable Object namespace fits. */
export interface LimiterNamespace {
  getByName(name: string): {
    take(subject: LimitSubject): Promise<LimitAnswer>
    refund(subject: LimitSubject): Promise<void>
  }
}

/**
 * A limiter over one object for each subject.
 *
 * A take that was cut off is tried again although it may have counted: counting one request twice costs the
 * caller a slot and never lets more through, where giving up would refuse requests at every deployment. A refund
 * is never tried again: done twice it would forgive a wrong password that somebody else has just tried, and one
 * that is lost costs an honest person a slot for a minute.
 */
export function createLimiter(namespace: LimiterNamespace): Limiter {
  return {
    async take(subject) {
      const name = subjectName(subject)
      try {
        return await callObject(() => namespace.getByName(name).take(subject))
      } catch (error) {
        logFailure('limiter_take_failed', subject, error)
        return { admitted: false, reason: 'limiter_unavailable' }
      }
    },
    async refund(subject) {
      try {
        await namespace.getByName(subjectName(subject)).refund(subject)
      } catch (error) {
        logFailure('limiter_refund_failed', subject, error)
      }
    },
  }
}

/** The subject's kind only: names of accounts and addresses do not belong in a log. */
function logFailure(event: string, subject: LimitSubject, error: unknown): void {
  log('error', event, { kind: subject.kind, error: errorText(error) })
}
