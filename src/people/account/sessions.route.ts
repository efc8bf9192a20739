import { Hono } from 'hono'

import type { Session } from '../../accounts/session.ts'
import type { HttpContext, HttpEnv, RequestFacts } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { serve } from '../../http/serve.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import { issueFormToken, verifyFormToken, type FormUse } from '../form-token.ts'
import { signInPath } from '../return-path.ts'
import { endOneSession, endOtherSessions, showSessions } from './sessions.contract.ts'
import { sessionsPage } from './sessions.page.tsx'
import type { SignedIn, VisitorPorts } from '../visitor.ts'

export interface SessionsPorts extends VisitorPorts {
  readonly formMac: Uint8Array
  readonly sessions: {
    listOf(account_id: string, nowMs: number): Promise<readonly Session[]>
    endOthers(account_id: string, sid: string): Promise<void>
  }
  /** Ends a session everywhere. The frames that it answers are for the browser of that session, which is not here. */
  readonly endSession: (ending: SignedIn, facts: RequestFacts) => Promise<readonly string[]>
}

/** The list of somebody's sessions, and the ends of them. */
export function sessionsRoutes(ports: SessionsPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showSessions, async (_, c) => {
    const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
    return visitor === undefined ? leadToSignIn() : show(visitor, false, c, ports)
  })
  serve(app, endOneSession, async ({ body }, c) => {
    const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
    if (visitor === undefined) return leadToSignIn()
    if (!isOurs(body.form_token, visitor, c, ports)) return show(visitor, true, c, ports)
    await end((session) => session.sid === body.sid, visitor, c, ports)
    return redirectTo(showSessions.path)
  })
  serve(app, endOtherSessions, async ({ body }, c) => {
    const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
    if (visitor === undefined) return leadToSignIn()
    if (!isOurs(body.form_token, visitor, c, ports)) return show(visitor, true, c, ports)
    const { session, account } = visitor
    await end(({ sid }) => sid !== session.sid, visitor, c, ports)
    await ports.sessions.endOthers(account.account_id, session.sid)
    return redirectTo(showSessions.path)
  })
  return app
}

/**
 * Ends sessions of the visitor's account. They are picked from its own list: a `sid` is told to clients, so knowing one
 * is no reason to be allowed to end it.
 */
async function end(
  isMeant: (session: Session) => boolean,
  { account }: SignedIn,
  c: HttpContext,
  ports: SessionsPorts,
): Promise<void> {
  const own = await ports.sessions.listOf(account.account_id, c.var.facts.now)
  for (const session of own.filter(isMeant)) await ports.endSession({ session, account }, c.var.facts)
}

async function show(
  visitor: SignedIn,
  isStale: boolean,
  c: HttpContext,
  ports: SessionsPorts,
): Promise<Response> {
  const { now: nowMs } = c.var.facts
  return sessionsPage({
    locale: localeOf(c),
    form_token: issueFormToken(useOf(visitor), ports.formMac, nowMs),
    sessions: await ports.sessions.listOf(visitor.account.account_id, nowMs),
    sid: visitor.session.sid,
    isStale,
  })
}

function leadToSignIn(): Response {
  return redirectTo(signInPath(showSessions.path))
}

function isOurs(
  form_token: string | undefined,
  visitor: SignedIn,
  c: HttpContext,
  { formMac }: SessionsPorts,
): boolean {
  return verifyFormToken(form_token, useOf(visitor), formMac, c.var.facts.now)
}

function useOf({ session }: SignedIn): FormUse {
  return { form: 'end_session', holder: session.sid, about: session.account_id }
}
