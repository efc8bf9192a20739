import type { HttpContext } from '../../http/context.ts'
import { refuse } from '../../http/refusal.ts'
import type { Caller, Exchange, GatewayPorts } from '../exchange.ts'

/** Counts the bearer of a token. An API key was counted when it was verified, in the same call. */
export async function limitRate(exchange: Exchange, ports: GatewayPorts): Promise<Response | undefined> {
  const { c, caller } = exchange
  if (caller?.kind !== 'token') return undefined
  const answer = await ports.apiKeys.limiter.take({
    kind: 'caller',
    client_id: limitedClient(caller, ports.issuer),
    sub: caller.sub,
  })
  if (!answer.admitted && answer.reason === 'limiter_unavailable') return refuseUncounted(c)
  exchange.rate = answer.rate
  return answer.admitted ? undefined : refuseLimit(c, answer.retryAfterSeconds)
}

export function refuseLimit(c: HttpContext, retryAfterSeconds: number): Response {
  return refuse(c, 'rate_limit_exceeded', {
    headers: { 'retry-after': String(retryAfterSeconds) },
    facts: { retry_after_seconds: retryAfterSeconds },
  })
}

/** A limit that cannot be counted is not lifted: whoever can break the limiter would otherwise be without one. */
export function refuseUncounted(c: HttpContext): Response {
  return refuse(c, 'unavailable', { headers: { 'retry-after': '1' } })
}

/** Another issuer may call its clients what ours are called; it must not use up their limits, or have their plans. */
function limitedClient(caller: Caller, issuer: string): string {
  return caller.issuer === issuer ? caller.client_id : `${caller.issuer} ${caller.client_id}`
}
