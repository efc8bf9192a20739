import { Hono } from 'hono'

import type { AccountLink } from '../../accounts/account-link.store.ts'
import { canonicalEmail, type Account } from '../../accounts/account.ts'
import type { Session } from '../../accounts/session.ts'
import type { HttpContext, HttpEnv, RequestFacts } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { serve } from '../../http/serve.ts'
import { deliver } from '../../mail/delivery.ts'
import { isMailAddress, type SendMail } from '../../mail/mail.ts'
import type { EndingSession } from '../../oauth/logout/session-ending.ts'
import { log } from '../../platform/log.ts'
import { Secret } from '../../platform/secret.ts'
import { holderOfForm, openAnonymousForm, type AnonymousFormPorts } from '../anonymous-form.ts'
import { mailRequestPage, mailUnavailablePage, type MailRequestNotice } from './mail-request.page.tsx'
import { admitMail, afterAnswer, type MailRequestPorts } from './mail-request.ts'
import { noMailWords } from './mail-request.words.ts'
import { findAccountLink, refuseLink } from './mailed-link.ts'
import { messagePage } from '../message.page.tsx'
import { newPasswordPage, type NewPasswordNotice } from './new-password.page.tsx'
import {
  requestReset,
  setNewPassword,
  showNewPassword,
  showResetPassword,
} from './reset-password.contract.ts'
import { mailReset, resetPassword, type ResetRules } from './reset-password.ts'
import { resetPasswordWords } from './reset-password.words.ts'

export interface ResetPorts extends MailRequestPorts, ResetRules, AnonymousFormPorts {
  readonly accounts: {
    findByEmail(email: string): Promise<{ readonly account: Account } | undefined>
    findById(account_id: string): Promise<Account | undefined>
  }
  readonly sessions: { listOf(account_id: string, nowMs: number): Promise<readonly Session[]> }
  /** Ends what applications got in a session, and tells those that want to hear of it. */
  readonly endSession: (ending: EndingSession, facts: RequestFacts) => Promise<unknown>
  /** Ends what applications ever got from an account, whatever became of the session that they got it in. */
  readonly endGrants: (account: Pick<Account, 'vault_id'>, facts: RequestFacts) => Promise<void>
}

/** What the form for the address is shown with. */
interface Showing {
  readonly email?: string
  readonly notice?: MailRequestNotice
}

export function resetPasswordRoutes(ports: ResetPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showResetPassword, (_, c) => {
    if (ports.sendMail === undefined) return refusalPage(c, { status: 503, words: noMailWords })
    return showForm({}, c, ports)
  })
  serve(app, requestReset, async ({ body }, c) => {
    const { sendMail } = ports
    if (sendMail === undefined) return refusalPage(c, { status: 503, words: noMailWords })
    const email = canonicalEmail(body.email ?? '')
    const browser = holderOfForm(c, body.form_token, REQUEST, ports)
    if (browser === undefined) return showForm({ email, notice: { reason: 'form_stale' } }, c, ports)
    if (!isMailAddress(email)) return showForm({ email, notice: { reason: 'email_invalid' } }, c, ports)
    return requestMail(email, { ...ports, sendMail }, c)
  })
  serve(app, showNewPassword, async ({ query }, c) => {
    const token = new Secret(query.token)
    const link = await findAccountLink(token, 'reset_password', ports, c.var.facts)
    return link === undefined ? refuseLink(c) : askForPassword({ token, link }, c, ports)
  })
  serve(app, setNewPassword, async ({ body }, c) => {
    const token = new Secret(body.token)
    const link = await findAccountLink(token, 'reset_password', ports, c.var.facts)
    if (link === undefined) return refuseLink(c)
    const browser = holderOfForm(c, body.form_token, aboutLink(link), ports)
    if (browser === undefined)
      return askForPassword({ token, link, notice: { reason: 'form_stale' } }, c, ports)
    const { account_id } = link
    const sessions = await ports.sessions.listOf(account_id, c.var.facts.now)
    const set = await resetPassword(link, new Secret(body.password ?? ''), ports, c.var.facts.now)
    if (set.ok) {
      await endSessions(account_id, sessions, ports, c.var.facts)
      return tellOfChange(link, c, ports)
    }
    const { failure } = set
    return failure.reason === 'link_spent'
      ? refuseLink(c)
      : askForPassword({ token, link, notice: failure }, c, ports)
  })
  return app
}

/** The answer is the same whether or not an account has the address, and on its way before that makes a difference. */
async function requestMail(
  email: string,
  ports: ResetPorts & { readonly sendMail: SendMail },
  c: HttpContext,
): Promise<Response> {
  const { facts } = c.var
  const locale = localeOf(c)
  const admitted = await admitMail(email, facts.address, ports)
  if (!admitted.ok) {
    const { failure } = admitted
    if (failure.reason === 'limiter_unavailable') return mailUnavailablePage(c)
    return showForm({ email, notice: failure }, c, ports)
  }
  const holder = await ports.accounts.findByEmail(email)
  if (admitted.value)
    afterAnswer(facts, 'reset_password', () => mailReset(holder?.account, locale, ports, facts))
  const { sentTitle, sent } = resetPasswordWords[locale]
  return messagePage({ locale, title: sentTitle, sentences: sent })
}

function showForm({ email = '', notice }: Showing, c: HttpContext, ports: ResetPorts): Response {
  const locale = localeOf(c)
  const { title, lead, button } = resetPasswordWords[locale]
  return mailRequestPage({
    locale,
    title,
    lead,
    button,
    action: '/reset-password',
    email,
    signInPath: '/sign-in',
    notice,
    ...openAnonymousForm(c, REQUEST, ports),
  })
}

interface AskingForPassword {
  readonly token: Secret
  readonly link: AccountLink
  readonly notice?: NewPasswordNotice
}

function askForPassword(
  { token, link, notice }: AskingForPassword,
  c: HttpContext,
  ports: ResetPorts,
): Response {
  const locale = localeOf(c)
  const { confirmTitle, confirmLead, confirmButton } = resetPasswordWords[locale]
  return newPasswordPage({
    locale,
    title: confirmTitle,
    lead: confirmLead,
    button: confirmButton,
    action: '/reset-password/confirm',
    token,
    email: link.email,
    notice,
    ...openAnonymousForm(c, aboutLink(link), ports),
  })
}

/**
 * The sessions are gone with the old password. What applications got goes too, since a thief may hold it: also what is to
 * outlast a session, and what came of sessions that are over and in no list any more.
 */
async function endSessions(
  account_id: string,
  sessions: readonly Session[],
  ports: ResetPorts,
  facts: RequestFacts,
): Promise<void> {
  const account = await ports.accounts.findById(account_id)
  if (account === undefined) return
  for (const session of sessions) await ports.endSession({ session, account }, facts)
  await ports.endGrants(account, facts)
}

/** The holder is told by mail too: whoever changed the password may be somebody else who reads it. */
function tellOfChange({ account_id, email }: AccountLink, c: HttpContext, ports: ResetPorts): Response {
  const { facts } = c.var
  const { sendMail, issuer } = ports
  log('info', 'password_reset', { account_id, request_id: facts.request_id })
  const locale = localeOf(c)
  const { doneTitle, done, signIn, mailChanged } = resetPasswordWords[locale]
  if (sendMail !== undefined) {
    const mail = { to: email, ...mailChanged(`${issuer}/reset-password`) }
    afterAnswer(facts, 'password_changed', () =>
      deliver(mail, sendMail, 'password_changed', facts.request_id),
    )
  }
  const onward = { href: '/sign-in', text: signIn }
  return messagePage({ locale, title: doneTitle, sentences: [done], onward })
}

const REQUEST = { form: 'reset_password', about: '' } as const

function aboutLink({ link_digest }: AccountLink) {
  return { form: 'new_password', about: link_digest } as const
}
