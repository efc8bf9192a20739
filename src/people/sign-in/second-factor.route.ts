import { Hono } from 'hono'

import { issueChallenge } from '../../accounts/passkey-challenge.ts'
import { requestOptions, type Passkey } from '../../accounts/passkey.ts'
import { readPendingCookie, type PendingHolder, type PendingSignIn } from '../../accounts/pending-sign-in.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { serve } from '../../http/serve.ts'
import type { AuthorizationRequestPorts } from '../../oauth/authorize/authorization-request.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import { log } from '../../platform/log.ts'
import type { Random } from '../../platform/random.ts'
import { readFormCookie } from '../form-cookie.ts'
import { formTarget } from '../../http/form-target.ts'
import { issueFormToken, verifyFormToken, type FormUse } from '../form-token.ts'
import { readRequestBehind } from './request-behind.ts'
import { signInPath } from '../return-path.ts'
import { enterSecondFactor, showSecondFactor } from './second-factor.contract.ts'
import { secondFactorPage, type SecondFactorNotice } from './second-factor.page.tsx'
import {
  proveSecondFactor,
  readCode,
  type SecondFactorAnswer,
  type SecondFactorFailure,
  type SecondFactorPorts,
} from './second-factor.ts'
import { startSession, type SessionStartPorts } from './session-start.ts'
import { signInUnavailableWords } from './sign-in.words.ts'

export interface SecondFactorRoutePorts
  extends AuthorizationRequestPorts, SecondFactorPorts, Pick<SessionStartPorts, 'sessions'> {
  readonly formMac: Uint8Array
  readonly random: Random
  readonly pendingSignIns: SecondFactorPorts['pendingSignIns'] & {
    find(holder: PendingHolder, nowMs: number): Promise<PendingSignIn | undefined>
  }
  readonly passkeys: SecondFactorPorts['passkeys'] & {
    list(account_id: string): Promise<readonly Passkey[]>
  }
}

/** What the form is shown with, the first time or again. */
interface Showing {
  readonly holder: PendingHolder
  readonly returnPath: string
  readonly notice?: SecondFactorNotice
}

export function secondFactorRoutes(ports: SecondFactorRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showSecondFactor, ({ query }, c) => {
    const returnPath = query.continue
    const holder = holderOf(c)
    return holder === undefined
      ? redirectTo(signInPath(returnPath))
      : showForm({ holder, returnPath }, c, ports)
  })
  serve(app, enterSecondFactor, async ({ body }, c) => {
    const { form_token, code, credential, continue: returnPath } = body
    const { now: nowMs, address } = c.var.facts
    const holder = holderOf(c)
    if (holder === undefined) return redirectTo(signInPath(returnPath))
    const showing = { holder, returnPath }
    const isOurs = verifyFormToken(form_token, useOf(holder, returnPath), ports.formMac, nowMs)
    if (!isOurs) return showForm({ ...showing, notice: { reason: 'form_stale' } }, c, ports)
    const answer = readAnswer(code, credential)
    if (answer === undefined) return showForm({ ...showing, notice: { reason: 'code_missing' } }, c, ports)
    const person = await proveSecondFactor({ answer, holder, address, nowMs }, ports)
    if (!person.ok) return refuseFactor(person.failure, showing, c, ports)
    return startSession(person.value, returnPath, c, ports)
  })
  return app
}

function readAnswer(code = '', credential = ''): SecondFactorAnswer | undefined {
  return credential === '' ? readCode(code) : { kind: 'passkey', credential }
}

/** Both cookies of the browser that began to sign in. */
function holderOf(c: HttpContext): PendingHolder | undefined {
  const cookieValue = readPendingCookie(c.req.raw.headers)
  const browser = readFormCookie(c.req.header('cookie'))
  return cookieValue !== undefined && browser !== undefined ? { cookieValue, browser } : undefined
}

async function refuseFactor(
  failure: SecondFactorFailure,
  showing: Showing,
  c: HttpContext,
  ports: SecondFactorRoutePorts,
): Promise<Response> {
  log('info', 'second_factor_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
  switch (failure.reason) {
    case 'sign_in_over':
      return redirectTo(signInPath(showing.returnPath))
    case 'factor_wrong':
    case 'attempts_exhausted':
      return showForm({ ...showing, notice: failure }, c, ports)
    case 'limiter_unavailable':
      return refusalPage(c, {
        status: 503,
        words: signInUnavailableWords,
        headers: { 'retry-after': '5' },
      })
  }
}

async function showForm(showing: Showing, c: HttpContext, ports: SecondFactorRoutePorts): Promise<Response> {
  const { holder, returnPath, notice } = showing
  const { now: nowMs } = c.var.facts
  const pending = await ports.pendingSignIns.find(holder, nowMs)
  if (pending === undefined) return redirectTo(signInPath(returnPath))
  const request = await readRequestBehind(returnPath, ports, c.var.facts)
  return secondFactorPage({
    locale: localeOf(c, request?.effective.ui_locales),
    form_token: issueFormToken(useOf(holder, returnPath), ports.formMac, nowMs),
    returnPath,
    notice,
    passkeyOptions: await passkeyOptions(pending, holder, ports, nowMs),
    formTargets: request ? formTarget(request.redirect_uri) : [],
    headers:
      notice?.reason === 'attempts_exhausted' ? { 'retry-after': String(notice.retryAfterSeconds) } : {},
  })
}

/** Which passkeys an account has is told to somebody whose first step was right, and to nobody else. */
async function passkeyOptions(
  { account_id }: PendingSignIn,
  { browser }: PendingHolder,
  { passkeys, passkeyMac, party, random }: SecondFactorRoutePorts,
  nowMs: number,
): Promise<object | undefined> {
  const known = await passkeys.list(account_id)
  if (known.length === 0) return undefined
  const use = { purpose: 'second_factor', holder: browser } as const
  return requestOptions(known, issueChallenge(use, passkeyMac, random, nowMs), party)
}

function useOf({ browser }: PendingHolder, returnPath: string): FormUse {
  return { form: 'second_factor', holder: browser, about: returnPath }
}
