import { Hono } from 'hono'

import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { serve } from '../../http/serve.ts'
import type { SendMail } from '../../mail/mail.ts'
import type { AuthorizationRequestPorts } from '../../oauth/authorize/authorization-request.ts'
import { emailCharactersMax } from '../../platform/bounds.ts'
import { log } from '../../platform/log.ts'
import type { Random } from '../../platform/random.ts'
import { Secret } from '../../platform/secret.ts'
import { viewClient } from '../consent/client-view.ts'
import { formCookie, makeFormCookieValue, readFormCookie } from '../form-cookie.ts'
import { formTarget } from '../../http/form-target.ts'
import { issueFormToken, verifyFormToken, type FormUse } from '../form-token.ts'
import { readRequestBehind } from './request-behind.ts'
import { signUpPath } from '../return-path.ts'
import { continueSignIn, type SessionStartPorts } from './session-start.ts'
import { showSignIn, signIn } from './sign-in.contract.ts'
import { signInPage, type SignInForm, type SignInNotice } from './sign-in.page.tsx'
import { signInUnavailableWords } from './sign-in.words.ts'
import { authenticatePerson, type AuthenticationPorts, type SignInFailure } from './sign-in.ts'

export interface SignInPorts extends AuthorizationRequestPorts, AuthenticationPorts, SessionStartPorts {
  readonly signUpIsOpen: boolean
  /** Absent where this deployment cannot send mail. */
  readonly sendMail: SendMail | undefined
  readonly formMac: Uint8Array
  readonly random: Random
  readonly identityProviders: { list(): Promise<SignInForm['providers']> }
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
    return continueSignIn({ ...person.value, amr: ['pwd'], browser: holder }, returnPath, c, ports)
  })
  return app
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
  const request = await readRequestBehind(returnPath, ports, c.var.facts)
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
    providers: await ports.identityProviders.list(),
    formTargets: request ? formTarget(request.redirect_uri) : [],
    headers: {
      ...(known === undefined && { 'set-cookie': formCookie(holder) }),
      ...(notice?.reason === 'attempts_exhausted' && { 'retry-after': String(notice.retryAfterSeconds) }),
    },
  })
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
