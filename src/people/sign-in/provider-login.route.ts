import { Hono } from 'hono'

import { beginLogin, finishLogin, type CodeFlowPorts } from '../../federation/code-flow.ts'
import type { IdentityProvider, ProviderIdentity } from '../../federation/identity-provider.ts'
import type { PendingLogin } from '../../federation/pending-login.store.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { serve } from '../../http/serve.ts'
import type { Limiter } from '../../limits/limiter.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import { log } from '../../platform/log.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { formCookie, makeFormCookieValue, readFormCookie } from '../form-cookie.ts'
import { askToLink, type LinkedIdentityPorts } from '../account/linked-identity.ts'
import { beginProviderLogin, finishProviderLogin } from './provider-login.contract.ts'
import { accountFor, type IdentityPorts } from './provider-login.ts'
import { continueSignIn, type Proof, type SessionStartPorts } from './session-start.ts'
import { providerLoginWords } from './provider-login.words.ts'

export interface ProviderLoginPorts extends IdentityPorts, LinkedIdentityPorts, SessionStartPorts {
  readonly codeFlow: CodeFlowPorts
  readonly limiter: Pick<Limiter, 'take'>
  readonly identityProviders: { find(provider_id: string): Promise<IdentityProvider | undefined> }
  readonly pendingLogins: {
    begin(state: string, browser: string, login: PendingLogin, nowMs: number): Promise<void>
    take(state: string, browser: string, nowMs: number): Promise<PendingLogin | undefined>
  }
  readonly accounts: IdentityPorts['accounts'] & {
    findToAdmit(account_id: string): Promise<Pick<Proof, 'account' | 'password_phc'> | undefined>
  }
}

/** What an ID token says of somebody whom another provider has authenticated. */
const FEDERATED = ['fed'] as const

export function providerLoginRoutes(ports: ProviderLoginPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, beginProviderLogin, async ({ params: { provider_id }, query }, c) => {
    const browser = readFormCookie(c.req.header('cookie')) ?? makeFormCookieValue(ports.random)
    const begun = await begin(c, { provider_id, browser, return_path: query.continue, link_to: null }, ports)
    if (!begun.ok) return refuseLogin(c, begun.failure.reason)
    const answer = redirectTo(begun.value)
    answer.headers.append('set-cookie', formCookie(browser))
    return answer
  })
  serve(app, finishProviderLogin, async ({ query }, c) => {
    const { now: nowMs } = c.var.facts
    const finished = await finish(c, query, ports)
    if (!finished.ok) return refuseLogin(c, finished.failure.reason)
    const { identity, provider, login, browser } = finished.value
    if (login.link_to !== null) return askToLink(c, { identity, provider, link_to: login.link_to }, ports)
    const account = await accountFor(identity, provider, ports, nowMs)
    if (!account.ok) return refuseLogin(c, account.failure.reason)
    const person = await ports.accounts.findToAdmit(account.value)
    if (person === undefined) return refuseLogin(c, 'account_missing')
    return continueSignIn({ ...person, amr: FEDERATED, browser }, login.return_path, c, ports)
  })
  return app
}

type LoginFailure = { readonly reason: keyof typeof providerLoginWords }

/** Writes down a login and answers where the provider is. Each is a row, so that one address gets only so many. */
export async function begin(
  c: HttpContext,
  beginning: Omit<PendingLogin, 'checks'> & { readonly browser: string },
  ports: Pick<ProviderLoginPorts, 'codeFlow' | 'limiter' | 'identityProviders' | 'pendingLogins'>,
): Promise<Result<string, LoginFailure>> {
  const { now: nowMs, address } = c.var.facts
  const { browser, ...login } = beginning
  const counted = await ports.limiter.take({ kind: 'provider_login', address })
  if (!counted.admitted) return fail({ reason: 'attempts_exhausted' })
  const provider = await ports.identityProviders.find(login.provider_id)
  if (provider === undefined) return fail({ reason: 'provider_unknown' })
  const begun = await beginLogin(provider, undefined, ports.codeFlow)
  if (!begun.ok) return fail({ reason: 'provider_unreachable' })
  const { url, state, checks } = begun.value
  await ports.pendingLogins.begin(state, browser, { ...login, checks }, nowMs)
  return ok(url)
}

interface FinishedLogin {
  readonly identity: ProviderIdentity
  readonly provider: IdentityProvider
  readonly login: PendingLogin
  readonly browser: string
}

/** The row is taken out first: whatever comes of the answer, it can be brought once. */
async function finish(
  c: HttpContext,
  query: Readonly<Partial<Record<string, string>>>,
  ports: ProviderLoginPorts,
): Promise<Result<FinishedLogin, LoginFailure>> {
  const { state } = query
  const browser = readFormCookie(c.req.header('cookie'))
  if (state === undefined || browser === undefined) return fail({ reason: 'login_unknown' })
  const login = await ports.pendingLogins.take(state, browser, c.var.facts.now)
  const provider = login && (await ports.identityProviders.find(login.provider_id))
  if (login === undefined || provider === undefined) return fail({ reason: 'login_unknown' })
  const answer = { query: new URL(c.req.url).searchParams, state, checks: login.checks }
  const finished = await finishLogin(provider, answer, ports.codeFlow)
  if (finished.ok) return ok({ identity: finished.value, provider, login, browser })
  const { reason } = finished.failure
  return fail({ reason: reason === 'subject_missing' ? 'answer_invalid' : reason })
}

/** Says why nobody was signed in. */
export function refuseLogin(c: HttpContext, reason: LoginFailure['reason']): Response {
  log('info', 'provider_login_refused', { reason, request_id: c.var.facts.request_id })
  return refusalPage(c, {
    status: STATUSES[reason],
    words: providerLoginWords[reason],
    headers: reason === 'attempts_exhausted' ? { 'retry-after': '60' } : {},
  })
}

const STATUSES = {
  provider_unknown: 404,
  attempts_exhausted: 429,
  login_unknown: 403,
  provider_unreachable: 502,
  provider_refused: 403,
  answer_invalid: 502,
  identity_unconnected: 403,
  email_unverified: 403,
  account_missing: 403,
  identity_taken: 403,
} as const satisfies Record<LoginFailure['reason'], number>
