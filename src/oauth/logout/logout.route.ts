import { Hono } from 'hono'

import type { Account } from '../../accounts/account.ts'
import type { Session } from '../../accounts/session.ts'
import { subjectFor } from '../../clients/subject.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { serve } from '../../http/serve.ts'
import { log } from '../../platform/log.ts'
import { redirectTo } from '../authorize/authorization-response.ts'
import { readLogoutRequest, type LogoutFailure, type LogoutRequestPorts } from './logout-request.ts'
import { endSession, endSessionByForm, type LogoutParameters } from './logout.contract.ts'
import { logoutRefusedWords } from './logout.words.ts'
import { answerSignedOut } from './signed-out-answer.ts'

export interface LogoutPorts extends LogoutRequestPorts {
  readonly pairwiseSubject: Uint8Array
  readonly findVisitor: (
    cookieHeader: string | undefined,
    nowMs: number,
  ) => Promise<LogoutVisitor | undefined>
  /** Ends a session everywhere, and answers the frames that tell clients of it. */
  readonly endSession: (
    ending: LogoutVisitor,
    facts: HttpContext['var']['facts'],
  ) => Promise<readonly string[]>
}

interface LogoutVisitor {
  readonly session: Session
  readonly account: Account
}

/** The page that asks whether to sign out, or says that nobody is signed in. */
const SIGN_OUT = '/sign-out'

/**
 * A verified hint signs out at once whom it is about. Anybody else is asked first: a link of somebody else's making
 * must not sign people out.
 */
export function logoutRoutes(ports: LogoutPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, endSession, async ({ query }, c) => {
    const { now: nowMs } = c.var.facts
    const request = await readLogoutRequest(query, ports, nowMs)
    if (!request.ok) return refuseLogout(c, request.failure, query)
    const { client, sub, destination = signOutPath(query) } = request.value
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    if (visitor === undefined) return redirectTo(destination)
    const isHinted = subjectFor(client, visitor.account.account_id, ports.pairwiseSubject) === sub
    if (!isHinted) return redirectTo(signOutPath(query))
    return answerSignedOut(c, await ports.endSession(visitor, c.var.facts), destination)
  })
  // A form on a client's page is posted from another site, and the browser holds back the session cookie (SameSite=Lax).
  serve(app, endSessionByForm, ({ body }) =>
    redirectTo(`${endSession.path}?${new URLSearchParams(Object.entries(body)).toString()}`),
  )
  return app
}

function refuseLogout(c: HttpContext, failure: LogoutFailure, parameters: LogoutParameters): Response {
  switch (failure.reason) {
    case 'hint_missing':
      return redirectTo(signOutPath(parameters))
    case 'hint_unverified':
    case 'client_mismatch':
    case 'client_unknown':
    case 'redirect_uri_unregistered':
    case 'state_too_long':
      log('info', 'logout_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
      return refusalPage(c, { status: 400, words: logoutRefusedWords })
  }
}

function signOutPath({ ui_locales }: LogoutParameters): string {
  return ui_locales === undefined ? SIGN_OUT : `${SIGN_OUT}?${new URLSearchParams({ ui_locales }).toString()}`
}
