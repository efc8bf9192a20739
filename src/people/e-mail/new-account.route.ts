import { Hono } from 'hono'

import type { Account } from '../../accounts/account.ts'
import type { SignUp } from '../../accounts/sign-up.store.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { serve } from '../../http/serve.ts'
import { log } from '../../platform/log.ts'
import { Secret } from '../../platform/secret.ts'
import { holderOfForm, openAnonymousForm, type AnonymousFormPorts } from '../anonymous-form.ts'
import { noteRefusedLink, refuseLink } from './mailed-link.ts'
import { messagePage } from '../message.page.tsx'
import { newPasswordPage, type NewPasswordNotice } from './new-password.page.tsx'
import { withSession, type SessionStartPorts } from '../sign-in/session-start.ts'
import { makeNewAccount, showNewAccount } from './sign-up.contract.ts'
import { completeSignUp, findSignUp, hasBegun, type SignUpRules } from './sign-up.ts'
import { signUpWords } from './sign-up.words.ts'

export interface NewAccountPorts
  extends SignUpRules, AnonymousFormPorts, Pick<SessionStartPorts, 'sessions'> {
  readonly signUpIsOpen: boolean
}

/** Where the link of a sign-up leads. */
export function newAccountRoutes(ports: NewAccountPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showNewAccount, async ({ query }, c) => {
    const token = new Secret(query.token)
    const found = await findOpenSignUp(token, ports, c)
    return found === undefined ? refuseLink(c) : askForPassword({ token, found }, c, ports)
  })
  serve(app, makeNewAccount, async ({ body }, c) => {
    const token = new Secret(body.token)
    const found = await findOpenSignUp(token, ports, c)
    if (found === undefined) return refuseLink(c)
    const asking = { token, found, name: body.name }
    const browser = holderOfForm(c, body.form_token, useOf(found), ports)
    if (browser === undefined)
      return askForPassword({ ...asking, notice: { reason: 'form_stale' } }, c, ports)
    const wanted = { name: body.name, password: new Secret(body.password ?? '') }
    const made = await completeSignUp(found, wanted, ports, c.var.facts.now)
    if (made.ok) {
      if (!hasBegun(found, browser)) return welcome(made.value, c)
      const { account_id } = made.value
      return withSession({ account_id, amr: ['pwd'] }, welcome(made.value, c, found.return_path), c, ports)
    }
    const { failure } = made
    return failure.reason === 'link_spent'
      ? refuseLink(c)
      : askForPassword({ ...asking, notice: failure }, c, ports)
  })
  return app
}

async function findOpenSignUp(
  token: Secret,
  ports: NewAccountPorts,
  c: HttpContext,
): Promise<SignUp | undefined> {
  if (!ports.signUpIsOpen) return undefined
  const found = await findSignUp(token, ports, c.var.facts.now)
  if (found.ok) return found.value
  noteRefusedLink(found.failure, c.var.facts)
  return undefined
}

interface AskingForPassword {
  readonly token: Secret
  readonly found: SignUp
  readonly name?: string | undefined
  readonly notice?: NewPasswordNotice
}

function askForPassword(
  { token, found, name = '', notice }: AskingForPassword,
  c: HttpContext,
  ports: NewAccountPorts,
): Response {
  const locale = localeOf(c)
  const { title, confirmLead, confirmButton } = signUpWords[locale]
  return newPasswordPage({
    locale,
    title,
    lead: confirmLead,
    button: confirmButton,
    action: '/sign-up/confirm',
    token,
    email: found.email,
    name,
    notice,
    ...openAnonymousForm(c, useOf(found), ports),
  })
}

function welcome({ account_id }: Account, c: HttpContext, return_path?: string): Response {
  log('info', 'account_created', { account_id, by: 'sign_up', request_id: c.var.facts.request_id })
  const locale = localeOf(c)
  const { doneTitle, done, goOn, signIn } = signUpWords[locale]
  const onward =
    return_path === undefined ? { href: '/sign-in', text: signIn } : { href: return_path, text: goOn }
  return messagePage({ locale, title: doneTitle, sentences: [done], onward })
}

function useOf({ link_digest }: SignUp) {
  return { form: 'new_account', about: link_digest } as const
}
