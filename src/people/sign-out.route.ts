import { Hono } from 'hono'

import { clearSessionCookie, readSessionCookie } from '../accounts/session-cookie.ts'
import type { HttpContext, HttpEnv } from '../http/context.ts'
import { localeOf } from '../http/locale.ts'
import { serve } from '../http/serve.ts'
import { redirectTo } from '../oauth/authorize/authorization-response.ts'
import type { Secret } from '../platform/secret.ts'
import { issueFormToken, verifyFormToken, type FormUse } from './form-token.ts'
import { showSignOut, signOut } from './sign-out.contract.ts'
import { signedOutPage, signOutPage } from './sign-out.page.tsx'
import type { SignedIn, VisitorPorts } from './visitor.ts'

export interface SignOutPorts extends VisitorPorts {
  readonly formMac: Uint8Array
  readonly sessions: { end(cookieValue: Secret): Promise<void> }
}

export function signOutRoutes(ports: SignOutPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showSignOut, async (_, c) => {
    const { now: nowMs } = c.var.facts
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    return visitor ? askToSignOut(visitor, false, c, ports) : signedOutPage(localeOf(c))
  })
  serve(app, signOut, async ({ body }, c) => {
    const { now: nowMs } = c.var.facts
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    const isOurs =
      visitor !== undefined && verifyFormToken(body.form_token, signOutUse(visitor), ports.formMac, nowMs)
    if (visitor !== undefined && !isOurs) return askToSignOut(visitor, true, c, ports)

    const cookieValue = readSessionCookie(c.req.raw.headers)
    if (cookieValue !== undefined) await ports.sessions.end(cookieValue)
    const answer = redirectTo('/sign-out')
    clearSessionCookie(answer.headers)
    return answer
  })
  return app
}

export function signOutUse({ session }: SignedIn): FormUse {
  return { form: 'sign_out', holder: session.sid, about: '' }
}

function askToSignOut(visitor: SignedIn, isStale: boolean, c: HttpContext, ports: SignOutPorts): Response {
  const form_token = issueFormToken(signOutUse(visitor), ports.formMac, c.var.facts.now)
  return signOutPage({ locale: localeOf(c), form_token, email: visitor.account.email, isStale })
}
