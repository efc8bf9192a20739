import { Hono } from 'hono'

import { issueChallenge } from '../../accounts/passkey-challenge.ts'
import { requestOptions } from '../../accounts/passkey.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { serve } from '../../http/serve.ts'
import type { LimitAnswer } from '../../limits/limiter.ts'
import type { LimitSubject } from '../../limits/subject.ts'
import type { AuthorizationRequestPorts } from '../../oauth/authorize/authorization-request.ts'
import { log } from '../../platform/log.ts'
import { holderOfForm, openAnonymousForm, type AnonymousFormPorts } from '../anonymous-form.ts'
import { formTarget } from '../../http/form-target.ts'
import { showPasskeySignIn, signInByPasskey } from './passkey.contract.ts'
import { passkeySignInPage, type PasskeyNotice } from './passkey.page.tsx'
import { authenticateByPasskey, passkeyAmr, type PasskeyPorts } from './passkey.ts'
import { readRequestBehind } from './request-behind.ts'
import { startSession, type SessionStartPorts } from './session-start.ts'
import { signInUnavailableWords } from './sign-in.words.ts'

type AddressSubject = Extract<LimitSubject, { readonly kind: 'sign_in_address' }>

export interface PasskeyRoutePorts
  extends AuthorizationRequestPorts, AnonymousFormPorts, PasskeyPorts, Pick<SessionStartPorts, 'sessions'> {
  readonly limiter: {
    take(subject: AddressSubject): Promise<LimitAnswer>
    refund(subject: AddressSubject): Promise<void>
  }
}

/** What the page is shown with, the first time or again. */
interface Showing {
  readonly returnPath: string
  readonly notice?: PasskeyNotice
}

/** Signing in with a passkey and nothing else: it is something that one has, and it has asked who holds it. */
export function passkeyRoutes(ports: PasskeyRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showPasskeySignIn, ({ query }, c) => show({ returnPath: query.continue }, c, ports))
  serve(app, signInByPasskey, async ({ body }, c) => {
    const { form_token, credential = '', continue: returnPath } = body
    const { now: nowMs, address, request_id } = c.var.facts
    const holder = holderOfForm(c, form_token, { form: 'passkey_sign_in', about: returnPath }, ports)
    if (holder === undefined) return show({ returnPath, notice: { reason: 'form_stale' } }, c, ports)
    const subject = { kind: 'sign_in_address', address } as const
    const counted = await ports.limiter.take(subject)
    if (!counted.admitted) return refuseAttempt(counted, returnPath, c, ports)

    const use = { purpose: 'sign_in', holder, account_id: undefined } as const
    const passkey = await authenticateByPasskey(credential, use, ports, nowMs)
    if (!passkey.ok) {
      log('info', 'passkey_refused', { reason: passkey.failure.reason, request_id })
      return show({ returnPath, notice: { reason: 'passkey_refused' } }, c, ports)
    }
    await ports.limiter.refund(subject)
    const { account_id } = passkey.value
    return startSession({ account_id, amr: passkeyAmr }, returnPath, c, ports)
  })
  return app
}

async function refuseAttempt(
  answer: Extract<LimitAnswer, { readonly admitted: false }>,
  returnPath: string,
  c: HttpContext,
  ports: PasskeyRoutePorts,
): Promise<Response> {
  switch (answer.reason) {
    case 'limit_reached': {
      const { retryAfterSeconds } = answer
      return show({ returnPath, notice: { reason: 'attempts_exhausted', retryAfterSeconds } }, c, ports)
    }
    case 'limiter_unavailable':
      return refusalPage(c, {
        status: 503,
        words: signInUnavailableWords,
        headers: { 'retry-after': '5' },
      })
  }
}

async function show(showing: Showing, c: HttpContext, ports: PasskeyRoutePorts): Promise<Response> {
  const { returnPath, notice } = showing
  const { now: nowMs } = c.var.facts
  const request = await readRequestBehind(returnPath, ports, c.var.facts)
  const form = openAnonymousForm(c, { form: 'passkey_sign_in', about: returnPath }, ports)
  const use = { purpose: 'sign_in', holder: form.holder } as const
  const challenge = issueChallenge(use, ports.passkeyMac, ports.random, nowMs)
  return passkeySignInPage({
    locale: localeOf(c, request?.effective.ui_locales),
    form_token: form.form_token,
    returnPath,
    notice,
    options: requestOptions([], challenge, ports.party),
    formTargets: request ? formTarget(request.redirect_uri) : [],
    headers: {
      ...form.headers,
      ...(notice?.reason === 'attempts_exhausted' && { 'retry-after': String(notice.retryAfterSeconds) }),
    },
  })
}
