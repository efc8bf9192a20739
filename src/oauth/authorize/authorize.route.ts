import { Hono } from 'hono'

import type { HttpEnv } from '../../http/context.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { serve } from '../../http/serve.ts'
import { authorizationRequestCharactersMax } from '../../platform/bounds.ts'
import { tooLongWords } from './authorization-failure.words.ts'
import { readAuthorizationRequest, type AuthorizationRequestPorts } from './authorization-request.ts'
import { redirectTo, refuseAuthorization, sendAnswer } from './authorization-response.ts'
import { answerAuthorization, authorizePath, type AuthorizationPorts, type Visitor } from './authorization.ts'
import { authorize, authorizeByForm } from './authorize.contract.ts'
import type { ResponseSigningPorts } from './signed-response.ts'

export type AuthorizeRoutePorts = AuthorizationRequestPorts &
  AuthorizationPorts &
  ResponseSigningPorts & {
    /** Who is signed in, by the cookies of the request. */
    readonly findVisitor: (cookieHeader: string | undefined, nowMs: number) => Promise<Visitor | undefined>
  }

export function authorizeRoutes(ports: AuthorizeRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, authorize, async ({ query }, c) => {
    const { now: nowMs } = c.var.facts
    const request = await readAuthorizationRequest(query, ports, c.var.facts)
    if (!request.ok) return refuseAuthorization(c, request.failure, ports)
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    const attempt = { request: request.value, visitor, consent: 'unasked', nowMs } as const
    return sendAnswer(c, await answerAuthorization(attempt, ports), ports)
  })
  // A form on a client's page is posted from another site, and then the browser holds back the session cookie
  // (SameSite=Lax); on the GET that follows it does not. Nothing is decided before that GET.
  serve(app, authorizeByForm, ({ body }, c) => {
    const path = authorizePath({ parameters: body })
    return path.length > authorizationRequestCharactersMax
      ? refusalPage(c, { status: 400, words: tooLongWords, ui_locales: body.ui_locales })
      : redirectTo(path)
  })
  return app
}
