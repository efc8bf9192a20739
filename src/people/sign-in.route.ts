import { Hono } from 'hono'

import { readSessionCookie, writeSessionCookie } from '../accounts/session-cookie.ts'
import type { SignIn } from '../accounts/session.store.ts'
import type { Session } from '../accounts/session.ts'
import { readParameters } from '../http/body.ts'
import type { HttpContext, HttpEnv } from '../http/context.ts'
import { localeOf } from '../http/locale.ts'
import { refusalPage } from '../http/refusal.page.tsx'
import { serve } from '../http/serve.ts'
import {
  readAuthorizationRequest,
  type AuthorizationRequest,
  type AuthorizationRequestPorts,
} from '../oauth/authorize/authorization-request.ts'
import { redirectTo } from '../oauth/authorize/authorization-response.ts'
import { authorizeRepeatable } from '../oauth/authorize/authorize.contract.ts'
import type { SendMail } from '../mail/mail.ts'
import { emailCharactersMax } from '../platform/bounds.ts'
import { log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { Secret } from '../platform/secret.ts'
import { viewClient } from './client-view.ts'
import { endedFormCookie, formCookie, makeFormCookieValue, readFormCookie } from './form-cookie.ts'
import { formTarget } from '../http/form-target.ts'
import { issueFormToken, verifyFormToken, type FormUse } from './form-token.ts'
import { authorizationQuery, signUpPath } from './return-path.ts'
import { showSignIn, signIn } from './sign-in.contract.ts'
import { signInPage, type SignInNotice } from './sign-in.page.tsx'
import { signInUnavailableWords } from './sign-in.words.ts'
import { authenticatePerson, type AuthenticationPorts, type SignInFailure } from './sign-in.ts'

export interface SignInPorts extends AuthorizationRequestPorts, AuthenticationPorts {
  readonly signUpIsOpen: boolean
  /** Absent where this deployment cannot send mail. */
  readonly sendMail: SendMail | undefined
  readonly formMac: Uint8Array
  readonly random: Random
  readonly sessions: {
    start(signIn: SignIn, nowMs: number): Promise<{ readonly session: Session; readonly cookieValue: Secret }>
  }
}

/** What the form is shown with, the first time or again. */
interface Showing {
  readonly returnPath: string
  readonly email?: string | undefined
  readonly notice?: SignInNotice
}

export function signInRoutes(ports: SignInPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showSignIn, ({ query }, c) => showForm({ returnPath: query.continue }, c, ports))
  serve(app, signIn, async ({ body }, c) => {
    const { form_token, email, password, continue: returnPath } = body
    const { now: nowMs, address } = c.var.facts
    const holder = readFormCookie(c.req.header('cookie'))
    const isOurs =
      holder !== undefined && verifyFormToken(form_token, useOf(holder, returnPath), ports.formMac, nowMs)
    if (!isOurs) return showForm({ returnPath, email, notice: { reason: 'form_stale' } }, c, ports)
    if (email === undefined || password === undefined) {
      return showForm({ returnPath, email, notice: { reason: 'fields_missing' } }, c, ports)
    }
    const person = await authenticatePerson({ email, password: new Secret(password), address }, ports)
    if (!person.ok) return refuseSignIn(person.failure, { returnPath, email }, c, ports)
    return startSession(person.value.account_id, returnPath, c, ports)
  })
  return app
}

/**
 * Begins a session under a new secret and leads on. The session that the browser had ends, and so does the form:
 * what was known before the sign-in is worth nothing after it.
 */
async function startSession(
  account_id: string,
  returnPath: string,
  c: HttpContext,
  ports: SignInPorts,
): Promise<Response> {
  const previous = readSessionCookie(c.req.raw.headers)
  const { cookieValue } = await ports.sessions.start({ account_id, amr: ['pwd'], previous }, c.var.facts.now)
  const answer = redirectTo(returnPath)
  writeSessionCookie(answer.headers, cookieValue)
  answer.headers.append('set-cookie', endedFormCookie)
  return answer
}

async function refuseSignIn(
  failure: SignInFailure,
  showing: Showing,
  c: HttpContext,
  ports: SignInPorts,
): Promise<Response> {
  log('info', 'sign_in_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
  switch (failure.reason) {
    case 'credentials_wrong':
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

async function showForm(showing: Showing, c: HttpContext, ports: SignInPorts): Promise<Response> {
  const { returnPath, email, notice } = showing
  const { now: nowMs } = c.var.facts
  const request = await readRequestBehind(returnPath, ports, nowMs)
  const known = readFormCookie(c.req.header('cookie'))
  const holder = known ?? makeFormCookieValue(ports.random)
  return signInPage({
    locale: localeOf(c, request?.effective.ui_locales),
    form_token: issueFormToken(useOf(holder, returnPath), ports.formMac, nowMs),
    returnPath,
    email: email ?? request?.effective.login_hint?.slice(0, emailCharactersMax) ?? '',
    notice,
    client: request && viewClient(request.client),
    doors: doorsOf(returnPath, ports),
    formTargets: request ? formTarget(request.redirect_uri) : [],
    headers: {
      ...(known === undefined && { 'set-cookie': formCookie(holder) }),
      ...(notice?.reason === 'attempts_exhausted' && { 'retry-after': String(notice.retryAfterSeconds) }),
    },
  })
}

/**
 * The authorization request that waits for the sign-in, if there is one and it is in order. It is verified here
 * only to name the client and to let the form's answer lead to it; `/oauth/authorize` reads it again.
 */
async function readRequestBehind(
  returnPath: string,
  ports: AuthorizationRequestPorts,
  nowMs: number,
): Promise<AuthorizationRequest | undefined> {
  const query = readParameters(authorizationQuery(returnPath) ?? '', authorizeRepeatable)
  const request = query.ok ? await readAuthorizationRequest(query.value, ports, nowMs) : query
  return request.ok ? request.value : undefined
}

function doorsOf(returnPath: string, { signUpIsOpen, sendMail }: SignInPorts) {
  const canMail = sendMail !== undefined
  return {
    signUp: canMail && signUpIsOpen ? signUpPath(returnPath) : undefined,
    resetPassword: canMail ? '/reset-password' : undefined,
  }
}

function useOf(holder: string, returnPath: string): FormUse {
  return { form: 'sign_in', holder, about: returnPath }
}
