import { Hono } from 'hono'

import type { HttpContext, HttpEnv } from '../http/context.ts'
import { refuse, type Fault } from '../http/refusal.ts'
import { escapePointer } from '../http/serve.ts'
import { serveToBearer } from '../signing/bearer.route.ts'
import { bearerChallenge, refuseBearer, type BearerPorts } from '../signing/bearer.ts'
import { AUTHORIZE_SCOPE, judgeAsker } from './asker.ts'
import { authorizeAtPolicy } from './authorize.contract.ts'
import type { DecisionAnswer, DecisionFault, DecisionRequest } from './decision.ts'

export interface AuthorizePorts {
  readonly bearer: BearerPorts
  readonly decide: (request: DecisionRequest) => DecisionAnswer
}

const SCOPE_FAILURE = { reason: 'scope_insufficient', scope: AUTHORIZE_SCOPE } as const

export function authorizeRoutes(ports: AuthorizePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serveToBearer(app, authorizeAtPolicy, ports.bearer, ({ body, claims }, c) => {
    switch (judgeAsker(claims, body.principal)) {
      case 'permitted':
        return answerDecision(c, ports.decide(body))
      case 'scope_insufficient':
        return refuseBearer(c, SCOPE_FAILURE)
      case 'principal_forbidden':
        return refuse(c, 'principal_forbidden', {
          headers: { 'www-authenticate': bearerChallenge(c, SCOPE_FAILURE) },
        })
    }
  })
  return app
}

/** What may be done changes with the next version of the policies, so no cache keeps an answer. */
function answerDecision(c: HttpContext, answer: DecisionAnswer): Response {
  return answer.ok
    ? Response.json(answer.value, { headers: { 'cache-control': 'no-store' } })
    : refuse(c, 'request_malformed', { faults: answer.failure.faults.map(inBody) })
}

function inBody({ path, message }: DecisionFault): Fault {
  return { pointer: ['', 'body', ...path.map(escapePointer)].join('/'), message }
}
