import { refuse } from '../../http/refusal.ts'
import { log } from '../../platform/log.ts'
import { boundedBody, type BodyCut } from '../bounded-body.ts'
import { callersAcceptEncoding } from '../content-coding.ts'
import type { Exchange, GatewayPorts } from '../exchange.ts'
import { forwardedHeaders, isOpenRoute } from '../forwarded-request.ts'
import { forwardedResponse } from '../forwarded-response.ts'

type Cut = BodyCut | 'upstream_timeout'

/** Sends the request on and answers with what the upstream answers, both bodies streaming. */
export async function forward(exchange: Exchange, ports: GatewayPorts): Promise<Response> {
  const { c, route } = exchange
  const attempt = new UpstreamAttempt(route.upstream.timeout_ms)
  const body = boundedBody(c.req.raw, route.body_bytes_max, (cut) => attempt.cut(cut))
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
  // Proofs are made for us here, and a nonce of the upstream's would only have them refused.
  if (!isOpenRoute(route)) forwarded?.headers.delete('dpop-nonce')
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
    this.#cut ??= reason
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

function refuseFailed(exchange: Exchange, cause: Cut | 'upstream_unreachable'): Response {
  switch (cause) {
    case 'body_too_large':
    case 'body_incomplete':
      return refuseBody(exchange, cause)
    case 'upstream_timeout':
    case 'upstream_unreachable': {
      const { c, route } = exchange
      log('warn', cause, { upstream: route.upstream.name, request_id: c.var.facts.request_id })
      return refuse(c, cause)
    }
  }
}

function refuseBody({ c, route }: Exchange, reason: BodyCut | 'body_unexpected'): Response {
  const malformed = (message: string) =>
    refuse(c, 'request_malformed', { faults: [{ pointer: '/body', message }] })
  switch (reason) {
    case 'body_too_large':
      return refuse(c, 'body_too_large', { facts: { bytes_max: route.body_bytes_max } })
    case 'body_incomplete':
      return malformed('the body ended before it was complete')
    case 'body_unexpected':
      return malformed('a GET carries no body')
  }
}
