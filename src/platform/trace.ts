import type { Random } from './random.ts'

/** W3C Trace Context identifiers of one request, lower-case hex as on the wire. */
export interface Trace {
  readonly trace_id: string
  readonly span_id: string
  readonly flags: string
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * Continues the caller's trace in a span of our own, or starts one when the header is absent or malformed.
 *
 * Version `ff` and all-zero identifiers are invalid; version `00` may carry nothing after the flags, later
 * versions may (W3C Trace Context §3.2, §4.3).
 */
export function continueTrace(traceparent: string | undefined, random: Random): Trace {
  const [, version, trace_id = '', parent = '', flags = '00', rest] =
    TRACEPARENT.exec(traceparent ?? '') ?? []
  const isValid =
    version !== undefined &&
    version !== 'ff' &&
    !(version === '00' && rest !== undefined) &&
    !/^0+$/.test(trace_id) &&
    !/^0+$/.test(parent)
  return {
    trace_id: isValid ? trace_id : hex(random(16)),
    span_id: hex(random(8)),
    flags: isValid ? (Number.parseInt(flags, 16) & 1 ? '01' : '00') : '00',
  }
}

/** The `traceparent` to send on, with our span as the parent of what comes next. */
export function toTraceparent(trace: Trace): string {
  return `00-${trace.trace_id}-${trace.span_id}-${trace.flags}`
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
