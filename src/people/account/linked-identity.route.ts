import { Hono } from 'hono'

import type { PublicProvider } from '../../federation/identity-provider.store.ts'
import type { ProviderIdentity } from '../../federation/identity-provider.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { serve } from '../../http/serve.ts'
import { deliver } from '../../mail/delivery.ts'
import type { SendMail } from '../../mail/mail.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { log } from '../../platform/log.ts'
import { factorMailWords } from './factor-mail.words.ts'
import { mayChangeFactors } from './factors.ts'
import { beginLink, confirmLink, endLink, showLinkedIdentities } from './linked-identity.contract.ts'
import { linkedIdentitiesPage, leavingPage } from './linked-identity.page.tsx'
import { linkUse, openIdentity, type LinkedIdentityPorts } from './linked-identity.ts'
import { readFormCookie, formCookie, makeFormCookieValue } from '../form-cookie.ts'
import { verifyFormToken, issueFormToken } from '../form-token.ts'
import { begin, refuseLogin, type ProviderLoginPorts } from '../sign-in/provider-login.route.ts'
import { signInPath } from '../return-path.ts'
import type { SignedIn } from '../visitor.ts'

export interface LinkedIdentityRoutePorts
  extends LinkedIdentityPorts, Pick<ProviderLoginPorts, 'codeFlow' | 'limiter' | 'pendingLogins'> {
  readonly issuer: string
  /** Absent where this deployment cannot send mail. */
  readonly sendMail: SendMail | undefined
  readonly identityProviders: ProviderLoginPorts['identityProviders'] & {
    list(): Promise<readonly PublicProvider[]>
  }
  readonly providerIdentities: {
    link(
      identity: Pick<ProviderIdentity, 'issuer' | 'sub'>,
      account_id: string,
      now: number,
    ): Promise<boolean>
    listOf(account_id: string): Promise<readonly { readonly issuer: string }[]>
    unlink(issuer: string, account_id: string): Promise<boolean>
  }
}

/** The page of identities that are connected to an account. A new one is a new way in, so it needs a recent sign-in. */
export function linkedIdentityRoutes(ports: LinkedIdentityRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showLinkedIdentities, async (_, c) => {
    const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
    return visitor === undefined ? leadToSignIn() : show(visitor, false, c, ports)
  })
  serve(app, beginLink, async ({ body: { form_token, provider_id } }, c) => {
    const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
    if (visitor === undefined || !mayChangeFactors(visitor, c.var.facts.now)) return leadToSignIn()
    if (!isOurs(form_token, visitor, c, ports)) return show(visitor, true, c, ports)
    return leave(c, visitor, provider_id, ports)
  })
  serve(app, confirmLink, async ({ body: { form_token, identity = '' } }, c) => {
    const { now: nowMs } = c.var.facts
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    if (visitor === undefined || !mayChangeFactors(visitor, c.var.facts.now)) return leadToSignIn()
    const opened = isOurs(form_token, visitor, c, ports) && (await openIdentity(identity, visitor, ports))
    if (opened === false || opened === undefined) return show(visitor, true, c, ports)
    const { account_id } = visitor.account
    if (!(await ports.providerIdentities.link(opened, account_id, epochSeconds(nowMs)))) {
      return refuseLogin(c, 'identity_taken')
    }
    log('info', 'identity_connected', { account_id, issuer: opened.issuer })
    tell(visitor, c, ports)
    return redirectTo(showLinkedIdentities.path)
  })
  serve(app, endLink, async ({ body: { form_token, provider_id } }, c) => {
    const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
    if (visitor === undefined || !mayChangeFactors(visitor, c.var.facts.now)) return leadToSignIn()
    if (!isOurs(form_token, visitor, c, ports)) return show(visitor, true, c, ports)
    const provider = (await ports.identityProviders.list()).find((known) => known.provider_id === provider_id)
    if (provider !== undefined) {
      await ports.providerIdentities.unlink(provider.issuer, visitor.account.account_id)
    }
    return redirectTo(showLinkedIdentities.path)
  })
  return app
}

async function leave(
  c: HttpContext,
  { account }: SignedIn,
  provider_id: string,
  ports: LinkedIdentityRoutePorts,
): Promise<Response> {
  const browser = readFormCookie(c.req.header('cookie')) ?? makeFormCookieValue(ports.random)
  const login = { provider_id, browser, return_path: showLinkedIdentities.path, link_to: account.account_id }
  const begun = await begin(c, login, ports)
  if (!begun.ok) return refuseLogin(c, begun.failure.reason)
  const provider = await ports.identityProviders.find(provider_id)
  const page = leavingPage(localeOf(c), provider?.display_name ?? provider_id, begun.value)
  page.headers.append('set-cookie', formCookie(browser))
  return page
}

async function show(
  visitor: SignedIn,
  isStale: boolean,
  c: HttpContext,
  ports: LinkedIdentityRoutePorts,
): Promise<Response> {
  const connected = await ports.providerIdentities.listOf(visitor.account.account_id)
  const providers = await ports.identityProviders.list()
  return linkedIdentitiesPage({
    locale: localeOf(c),
    form_token: issueFormToken(linkUse(visitor), ports.formMac, c.var.facts.now),
    providers: providers.map((provider) => ({
      ...provider,
      isConnected: connected.some(({ issuer }) => issuer === provider.issuer),
    })),
    isStale,
  })
}

/** Tells the person by mail of the new way in: whoever made it may be somebody else, and a new password does not close it. */
function tell({ account }: SignedIn, c: HttpContext, { sendMail, issuer }: LinkedIdentityRoutePorts): void {
  if (sendMail === undefined) return
  const { subject, what, otherwise } = factorMailWords[localeOf(c)]
  const text = `${what.identity_connected}\n\n${otherwise}\n${issuer}${showLinkedIdentities.path}\n`
  const { request_id, waitUntil } = c.var.facts
  waitUntil(deliver({ to: account.email, subject, text }, sendMail, 'identity_connected', request_id))
}

function leadToSignIn(): Response {
  return redirectTo(signInPath(showLinkedIdentities.path))
}

function isOurs(
  form_token: string | undefined,
  visitor: SignedIn,
  c: HttpContext,
  { formMac }: LinkedIdentityPorts,
): boolean {
  return verifyFormToken(form_token, linkUse(visitor), formMac, c.var.facts.now)
}
