import { Hono } from 'hono'

import type { AccountLink } from '../../accounts/account-link.store.ts'
import type { Account } from '../../accounts/account.ts'
import { issueLink, linkUrl } from '../../accounts/e-mail-link.ts'
import type { HttpContext, HttpEnv, RequestFacts } from '../../http/context.ts'
import { localeOf, type Locale } from '../../http/locale.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { serve } from '../../http/serve.ts'
import { deliver } from '../../mail/delivery.ts'
import type { SendMail } from '../../mail/mail.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import { log } from '../../platform/log.ts'
import { Secret } from '../../platform/secret.ts'
import { holderOfForm, openAnonymousForm, type AnonymousFormPorts } from '../anonymous-form.ts'
import { issueFormToken, verifyFormToken, type FormUse } from '../form-token.ts'
import { mailUnavailablePage } from './mail-request.page.tsx'
import { admitMail, afterAnswer, type MailRequestPorts } from './mail-request.ts'
import { noMailWords } from './mail-request.words.ts'
import { findAccountLink, refuseLink, type AccountLinkPorts } from './mailed-link.ts'
import { messagePage } from '../message.page.tsx'
import { signInPath } from '../return-path.ts'
import { sendVerification, showVerification, verifyEmail } from './verify-email.contract.ts'
import { verificationUnsentPage, verifyEmailPage } from './verify-email.page.tsx'
import { verifyEmailWords } from './verify-email.words.ts'
import type { SignedIn, VisitorPorts } from '../visitor.ts'

type LinkPorts = AccountLinkPorts<'verify_email'>

export interface VerifyEmailPorts extends MailRequestPorts, LinkPorts, AnonymousFormPorts, VisitorPorts {
  readonly accountLinks: LinkPorts['accountLinks'] & {
    verifyEmail(link: AccountLink, nowMs: number): Promise<boolean>
  }
}

/** An account whose address an operator wrote down is confirmed by whoever reads mail there. */
export function verifyEmailRoutes(ports: VerifyEmailPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, sendVerification, async ({ body }, c) => {
    const { now: nowMs } = c.var.facts
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    if (visitor === undefined) return redirectTo(signInPath('/account'))
    if (visitor.account.email_verified) return redirectTo('/account')
    const { sendMail } = ports
    if (sendMail === undefined) return refusalPage(c, { status: 503, words: noMailWords })
    const isOurs = verifyFormToken(body.form_token, sendVerificationUse(visitor), ports.formMac, nowMs)
    if (!isOurs) return refuseToSend('form_stale', visitor, c, ports)
    return send(visitor, { ...ports, sendMail }, c)
  })
  serve(app, showVerification, async ({ query }, c) => {
    const token = new Secret(query.token)
    const link = await findAccountLink(token, 'verify_email', ports, c.var.facts)
    return link === undefined ? refuseLink(c) : askToVerify({ token, link, isStale: false }, c, ports)
  })
  serve(app, verifyEmail, async ({ body }, c) => {
    const token = new Secret(body.token)
    const link = await findAccountLink(token, 'verify_email', ports, c.var.facts)
    if (link === undefined) return refuseLink(c)
    if (holderOfForm(c, body.form_token, aboutLink(link), ports) === undefined) {
      return askToVerify({ token, link, isStale: true }, c, ports)
    }
    const isVerified = await ports.accountLinks.verifyEmail(link, c.var.facts.now)
    return isVerified ? thank(link, c) : refuseLink(c)
  })
  return app
}

/** What the form token of the button on the account page is good for. */
export function sendVerificationUse({ session }: SignedIn): FormUse {
  return { form: 'send_verification', holder: session.sid, about: '' }
}

async function send(
  visitor: SignedIn,
  ports: VerifyEmailPorts & { readonly sendMail: SendMail },
  c: HttpContext,
): Promise<Response> {
  const { account } = visitor
  const { facts } = c.var
  const locale = localeOf(c)
  const admitted = await admitMail(account.email, facts.address, ports)
  if (!admitted.ok && admitted.failure.reason === 'limiter_unavailable') return mailUnavailablePage(c)
  if (!admitted.ok || !admitted.value) return refuseToSend('attempts_exhausted', visitor, c, ports)
  afterAnswer(facts, 'verify_email', () => mailVerification(account, locale, ports, facts))
  const { sentTitle, sent, back } = verifyEmailWords[locale]
  const onward = { href: '/account', text: back }
  return messagePage({ locale, title: sentTitle, sentences: [sent(account.email)], onward })
}

async function mailVerification(
  account: Account,
  locale: Locale,
  ports: LinkPorts & { readonly sendMail: SendMail },
  { now: nowMs, request_id }: RequestFacts,
): Promise<void> {
  const { token, ...link } = issueLink('verify_email', ports.emailLinkMac, ports.random, nowMs)
  await ports.accountLinks.begin(link, 'verify_email', account, nowMs)
  const mail = verifyEmailWords[locale].mail(linkUrl(ports.issuer, '/verify-email', token))
  await deliver({ to: account.email, ...mail }, ports.sendMail, 'verify_email', request_id)
}

function refuseToSend(
  notice: 'form_stale' | 'attempts_exhausted',
  visitor: SignedIn,
  c: HttpContext,
  { formMac }: VerifyEmailPorts,
): Response {
  const form_token = issueFormToken(sendVerificationUse(visitor), formMac, c.var.facts.now)
  const headers: Readonly<Record<string, string>> =
    notice === 'attempts_exhausted' ? { 'retry-after': '3600' } : {}
  return verificationUnsentPage({ locale: localeOf(c), form_token, notice, headers })
}

interface AskingToVerify {
  readonly token: Secret
  readonly link: AccountLink
  readonly isStale: boolean
}

function askToVerify(
  { token, link, isStale }: AskingToVerify,
  c: HttpContext,
  ports: VerifyEmailPorts,
): Response {
  const opened = openAnonymousForm(c, aboutLink(link), ports)
  return verifyEmailPage({ locale: localeOf(c), token, email: link.email, isStale, ...opened })
}

function thank({ account_id }: AccountLink, c: HttpContext): Response {
  log('info', 'email_verified', { account_id, request_id: c.var.facts.request_id })
  const locale = localeOf(c)
  const { doneTitle, done } = verifyEmailWords[locale]
  return messagePage({ locale, title: doneTitle, sentences: [done] })
}

function aboutLink({ link_digest }: AccountLink) {
  return { form: 'verify_email', about: link_digest } as const
}
