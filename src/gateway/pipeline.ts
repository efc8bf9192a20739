import { assert } from '../platform/assert.ts'
import { rateHeaders } from '../http/rate-headers.ts'
import type { HttpContext } from '../http/context.ts'
import { refuse } from '../http/refusal.ts'
import type { Exchange, GatewayPorts, Step } from './exchange.ts'
import { authenticate } from './steps/authenticate.ts'
import { checkScope } from './steps/check-scope.ts'
import { answerPreflight, crossOriginHeaders } from './steps/cross-origin.ts'
import { forward } from './steps/forward.ts'
import { limitRate } from './steps/limit-rate.ts'
import { matchRoute } from './steps/match-route.ts'
import { requireStepUp } from './steps/require-step-up.ts'
import { refuseUpgrade } from './steps/refuse-upgrade.ts'

/** What happens to a request whose route is known, in this order. The last step answers. */
const STEPS: readonly Step[] = [
  answerPreflight,
  refuseUpgrade,
  authenticate,
  limitRate,
  checkScope,
  requireStepUp,
  forward,
]

/** Takes a request to its upstream, or refuses it on the way. Nothing is sent before every step has agreed. */
export async function runPipeline(c: HttpContext, ports: GatewayPorts): Promise<Response> {
  const { now, waitUntil } = c.var.facts
  const view = await ports.feed.current(now, waitUntil)
  if (!view.ok) return refuse(c, 'unavailable', { headers: { 'retry-after': '1' } })
  const matched = matchRoute(c, view.value.snapshot)
  if (!matched.ok) return refuseUnmatched(c, matched.failure)

  const exchange: Exchange = { c, view: view.value, ...matched.value, caller: undefined, rate: undefined }
  for (const step of STEPS) {
    const answer = await step(exchange, ports)
    if (answer !== undefined) return finish(exchange, answer)
  }
  assert(false, 'the last step answers')
}

function refuseUnmatched(
  c: HttpContext,
  failure:
    | { readonly reason: 'route_unknown' }
    | { readonly reason: 'path_ambiguous'; readonly message: string },
): Response {
  return failure.reason === 'route_unknown'
    ? refuse(c, 'not_found')
    : refuse(c, 'path_ambiguous', { faults: [{ pointer: '/path', message: failure.message }] })
}

/** A page must be able to read a refusal too, and a caller to see where it stands after either. */
function finish(exchange: Exchange, answer: Response): Response {
  for (const [name, value] of crossOriginHeaders(exchange)) answer.headers.append(name, value)
  if (exchange.rate === undefined) return answer
  for (const [name, value] of Object.entries(rateHeaders(exchange.rate))) answer.headers.set(name, value)
  return answer
}
