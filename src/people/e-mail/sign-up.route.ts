import { Hono } from 'hono'

import { canonicalEmail, type Account } from '../../accounts/account.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { serve } from '../../http/serve.ts'
import { isMailAddress } from '../../mail/mail.ts'
import { holderOfForm, openAnonymousForm, type AnonymousFormPorts } from '../anonymous-form.ts'
import { mailRequestPage, mailUnavailablePage, type MailRequestNotice } from './mail-request.page.tsx'
import { admitMail, afterAnswer, type MailRequestPorts } from './mail-request.ts'
import { noMailWords } from './mail-request.words.ts'
import { messagePage } from '../message.page.tsx'
import { signInPath } from '../return-path.ts'
import { showSignUp, signUp } from './sign-up.contract.ts'
import { mailSignUp, type SignUpRules } from './sign-up.ts'
import { signUpClosedWords, signUpWords } from './sign-up.words.ts'

export interface SignUpPorts extends MailRequestPorts, SignUpRules, AnonymousFormPorts {
  readonly signUpIsOpen: boolean
  readonly accounts: { findByEmail(email: string): Promise<{ readonly account: Account } | undefined> }
}

/** What the form for the address is shown with. */
interface Showing {
  readonly returnPath: string
  readonly email?: string | undefined
  readonly notice?: MailRequestNotice
}

export function signUpRoutes(ports: SignUpPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showSignUp, ({ query }, c) => {
    if (!ports.signUpIsOpen) return refusalPage(c, { status: 404, words: signUpClosedWords })
    if (ports.sendMail === undefined) return refusalPage(c, { status: 503, words: noMailWords })
    return showForm({ returnPath: query.continue }, c, ports)
  })
  serve(app, signUp, async ({ body }, c) => {
    const { sendMail, signUpIsOpen } = ports
    if (!signUpIsOpen) return refusalPage(c, { status: 404, words: signUpClosedWords })
    if (sendMail === undefined) return refusalPage(c, { status: 503, words: noMailWords })
    const { continue: returnPath } = body
    const email = canonicalEmail(body.email ?? '')
    const browser = holderOfForm(c, body.form_token, useOf(returnPath), ports)
    if (browser === undefined)
      return showForm({ returnPath, email, notice: { reason: 'form_stale' } }, c, ports)
    if (!isMailAddress(email))
      return showForm({ returnPath, email, notice: { reason: 'email_invalid' } }, c, ports)
    const wish = { email, return_path: returnPath, browser, locale: localeOf(c) }
    return requestMail(wish, { ...ports, sendMail }, c)
  })
  return app
}

/** The answer is the same whether or not an account has the address, and on its way before that makes a difference. */
async function requestMail(
  wish: Parameters<typeof mailSignUp>[0],
  ports: Parameters<typeof mailSignUp>[2] & SignUpPorts,
  c: HttpContext,
): Promise<Response> {
  const { email, return_path: returnPath, locale } = wish
  const { facts } = c.var
  const admitted = await admitMail(email, facts.address, ports)
  if (!admitted.ok) {
    const { failure } = admitted
    if (failure.reason === 'limiter_unavailable') return mailUnavailablePage(c)
    return showForm({ returnPath, email, notice: failure }, c, ports)
  }
  const holder = await ports.accounts.findByEmail(email)
  if (admitted.value) afterAnswer(facts, 'sign_up', () => mailSignUp(wish, holder?.account, ports, facts))
  const { sentTitle, sent } = signUpWords[locale]
  return messagePage({ locale, title: sentTitle, sentences: sent })
}

function showForm({ returnPath, email = '', notice }: Showing, c: HttpContext, ports: SignUpPorts): Response {
  const locale = localeOf(c)
  const { title, lead, button } = signUpWords[locale]
  return mailRequestPage({
    locale,
    title,
    lead,
    button,
    action: '/sign-up',
    email,
    returnPath,
    signInPath: signInPath(returnPath),
    notice,
    ...openAnonymousForm(c, useOf(returnPath), ports),
  })
}

function useOf(returnPath: string) {
  return { form: 'sign_up', about: returnPath } as const
}
