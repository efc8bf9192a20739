import { Hono } from 'hono'

import type { HttpContext, HttpEnv, RequestFacts } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { serve } from '../../http/serve.ts'
import { answerSignedOut } from '../../oauth/logout/signed-out-answer.ts'
import { issueFormToken, verifyFormToken, type FormUse } from '../form-token.ts'
import { showSignOut, signOut } from './sign-out.contract.ts'
import { signedOutPage, signOutPage } from './sign-out.page.tsx'
import type { SignedIn, VisitorPorts } from '../visitor.ts'

export interface SignOutPorts extends VisitorPorts {
  readonly formMac: Uint8Array
  /** Ends a session everywhere, and answers the frames that tell clients of it. */
  readonly endSession: (ending: SignedIn, facts: RequestFacts) => Promise<readonly string[]>
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
    if (visitor === undefined) return answerSignedOut(c, [], showSignOut.path)
    const isOurs = verifyFormToken(body.form_token, signOutUse(visitor), ports.formMac, nowMs)
    if (!isOurs) return askToSignOut(visitor, true, c, ports)
    return answerSignedOut(c, await ports.endSession(visitor, c.var.facts), showSignOut.path)
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
