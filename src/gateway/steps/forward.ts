import { refuse } from '../../http/refusal.ts'
import { log } from '../../platform/log.ts'
import { boundedBody } from '../bounded-body.ts'
import { callersAcceptEncoding } from '../content-coding.ts'
import type { Exchange, GatewayPorts } from '../exchange.ts'
import { forwardedHeaders } from '../forwarded-request.ts'
import { forwardedResponse } from '../forwarded-response.ts'

type Cut = 'body_too_large' | 'upstream_timeout'

/** Sends the request on and answers with what the upstream answers, both bodies streaming. */
export async function forward(exchange: Exchange, ports: GatewayPorts): Promise<Response> {
  const { c, route } = exchange
  const attempt = new UpstreamAttempt(route.upstream.timeout_ms)
  const body = boundedBody(c.req.raw, route.body_bytes_max, () => attempt.cut('body_too_large'))
  if (!body.ok) return refuseBody(exchange, body.failure.reason)
  const answer = await attempt.run(ports.fetch, route.upstream.origin + exchange.target, {
    method: c.req.method,
    headers: forwardedHeaders(exchange, ports),
    body: body.value,
    redirect: 'manual',
    // Without its credentials, one caller's answer would look to a shared cache like everybody's.
    cache: 'no-store',
  })
  const forwarded = answer && (await forwardedResponse(answer, callersAcceptEncoding(c.req.raw)))
  return forwarded ?? refuseFailed(exchange, attempt.wasCut ?? 'upstream_unreachable')
}

/** One request to an upstream, which may be cut off while it waits for the answer to begin or sends its body. */
class UpstreamAttempt {
  readonly #abort = new AbortController()
  readonly #timeoutMs: number
  #cut: Cut | undefined

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  get wasCut(): Cut | undefined {
    return this.#cut
  }

  cut(reason: Cut): void {
    this.#cut = reason
    this.#abort.abort()
  }

  /**
   * Answers undefined where the upstream cannot be reached, resets, answers something that is not HTTP, or was cut
   * off. Only the beginning of an answer is timed: one that has begun may stream for as long as it likes.
   */
  async run(fetch: GatewayPorts['fetch'], url: string, init: RequestInit): Promise<Response | undefined> {
    const timer = setTimeout(() => this.cut('upstream_timeout'), this.#timeoutMs)
    try {
      return await fetch(url, { ...init, signal: this.#abort.signal })
    } catch {
      return undefined
    } finally {
      clearTimeout(timer)
    }
  }
}

function refuseFailed({ c, route }: Exchange, code: Cut | 'upstream_unreachable'): Response {
  if (code === 'body_too_large') return refuse(c, code, { facts: { bytes_max: route.body_bytes_max } })
  const { request_id } = c.var.facts
  log('warn', code, { upstream: route.upstream.name, request_id })
  return refuse(c, code)
}

function refuseBody({ c, route }: Exchange, reason: 'body_too_large' | 'body_unexpected'): Response {
  return reason === 'body_too_large'
    ? refuse(c, 'body_too_large', { facts: { bytes_max: route.body_bytes_max } })
    : refuse(c, 'request_malformed', { faults: [{ pointer: '/body', message: 'a GET carries no body' }] })
}
