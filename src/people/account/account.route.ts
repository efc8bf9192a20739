import { Hono } from 'hono'

import type { HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { serve } from '../../http/serve.ts'
import type { SendMail } from '../../mail/mail.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import { showAccount } from './account.contract.ts'
import { accountPage } from './account.page.tsx'
import { issueFormToken } from '../form-token.ts'
import { signInPath } from '../return-path.ts'
import { signOutUse } from '../sign-in/sign-out.route.ts'
import { sendVerificationUse } from '../e-mail/verify-email.route.ts'
import type { VisitorPorts } from '../visitor.ts'

export interface AccountPorts extends VisitorPorts {
  readonly formMac: Uint8Array
  readonly identityProviders: { list(): Promise<readonly unknown[]> }
  /** Absent where this deployment cannot send mail. */
  readonly sendMail: SendMail | undefined
}

export function accountRoutes(ports: AccountPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showAccount, async (_, c) => {
    const { now: nowMs } = c.var.facts
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    if (visitor === undefined) return redirectTo(signInPath('/account'))
    const { account, session } = visitor
    const canVerify = !account.email_verified && ports.sendMail !== undefined
    return accountPage({
      locale: localeOf(c),
      form_token: issueFormToken(signOutUse(visitor), ports.formMac, nowMs),
      name: account.claims.name,
      email: account.email,
      verification_token: canVerify
        ? issueFormToken(sendVerificationUse(visitor), ports.formMac, nowMs)
        : undefined,
      hasProviders: (await ports.identityProviders.list()).length > 0,
      auth_time: session.auth_time,
    })
  })
  return app
}
