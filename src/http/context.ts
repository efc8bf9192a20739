import type { Context } from 'hono'

import { randomId, type Random } from '../platform/random.ts'
import type { Trace } from '../platform/trace.ts'

/** What is known of a request before any door is chosen. */
export interface RequestFacts {
  readonly request_id: string
  readonly trace: Trace
  /** Epoch milliseconds at which the request began; the one `now` of everything that it decides. */
  readonly now: number
  /** The caller's address, or `unknown`; for limits only, see `client-address.ts`. */
  readonly address: string
  /** Lets work go on after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void
}

/** The Hono environment of every route: the facts, and what is to be told. Rooms get what else they need as ports. */
export interface HttpEnv {
  Variables: {
    facts: RequestFacts
    /** A newer nonce than the one that the caller's proof carried, for whatever the answer will be (RFC 9449 §8.2). */
    nextNonce?: string
  }
}

export type HttpContext = Context<HttpEnv>

/** The name of one request: on the answer, in every log line about it, and sent on to the upstream. */
export function newRequestId(random: Random): string {
  return `req_${randomId(random)}`
}
