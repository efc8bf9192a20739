import { Hono } from 'hono'

import type { GuardedAccount } from '../../accounts/account.ts'
import { meetsAcr } from '../../accounts/acr.ts'
import { totpUri, type TotpFactor } from '../../accounts/totp.ts'
import type { Passkey } from '../../accounts/passkey.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { serve } from '../../http/serve.ts'
import { deliver } from '../../mail/delivery.ts'
import type { SendMail } from '../../mail/mail.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import { log } from '../../platform/log.ts'
import { passkeyEnrolmentPage, recoveryCodesPage, totpEnrolmentPage } from './factor-enrolment.page.tsx'
import { factorMailWords, type FactorChange } from './factor-mail.words.ts'
import {
  addPasskey,
  changeFactors,
  confirmTotpEnrolment as confirmTotp,
  showFactors,
  showPasskeyEnrolment,
  showTotpEnrolment,
} from './factors.contract.ts'
import { factorsPage } from './factors.page.tsx'
import {
  beginTotpEnrolment,
  confirmTotpEnrolment,
  enrolPasskey,
  mayChangeFactors,
  passkeyCreation,
  readTotpEnrolment,
  renewRecoveryCodes,
  type EnrolmentPorts,
  type TotpEnrolment,
} from './factors.ts'
import { issueFormToken, verifyFormToken, type FormUse } from '../form-token.ts'
import { passkeyAmr } from '../sign-in/passkey.ts'
import { signInPath } from '../return-path.ts'
import { startSession, type SessionStartPorts } from '../sign-in/session-start.ts'
import type { SignedIn, VisitorPorts } from '../visitor.ts'

export interface FactorsRoutePorts extends VisitorPorts, EnrolmentPorts, Pick<SessionStartPorts, 'sessions'> {
  readonly issuer: string
  readonly formMac: Uint8Array
  /** Absent where this deployment cannot send mail. */
  readonly sendMail: SendMail | undefined
  /** Ends what applications were given before the account asked for as much as it does now. */
  readonly endWeakGrants: (account: GuardedAccount, nowMs: number) => Promise<void>
  readonly factors: EnrolmentPorts['factors'] & {
    findTotp(account_id: string): Promise<TotpFactor | undefined>
    removeTotp(account_id: string): Promise<boolean>
  }
  readonly passkeys: EnrolmentPorts['passkeys'] & {
    rename(passkey: Pick<Passkey, 'account_id' | 'credential_id' | 'name'>): Promise<boolean>
    remove(passkey: Pick<Passkey, 'account_id' | 'credential_id'>): Promise<Passkey | undefined>
  }
}

/** The pages on which somebody looks at their second factors and changes them. */
export function factorsRoutes(ports: FactorsRoutePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showFactors, async (_, c) => {
    const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
    return visitor === undefined
      ? redirectTo(signInPath(showFactors.path))
      : showList(visitor, false, c, ports)
  })
  serve(app, changeFactors, async ({ body }, c) => {
    const visitor = await findRecent(c, ports)
    if (visitor === undefined) return redirectTo(signInPath(showFactors.path))
    if (!isOurs(body.form_token, visitor, c, ports)) return showList(visitor, true, c, ports)
    const { account_id } = visitor.account
    const { credential_id } = body
    switch (body.action) {
      case 'remove_totp':
        if (await ports.factors.removeTotp(account_id)) tell('totp_removed', visitor, c, ports)
        break
      case 'remove_passkey':
        if (await ports.passkeys.remove({ account_id, credential_id }))
          tell('passkey_removed', visitor, c, ports)
        break
      case 'rename_passkey':
        if (body.name !== '') await ports.passkeys.rename({ account_id, credential_id, name: body.name })
        break
      case 'renew_recovery_codes':
        if (!visitor.account.has_second_factor) break
        tell('recovery_codes_renewed', visitor, c, ports)
        return showCodes(visitor, c, ports)
    }
    return redirectTo(showFactors.path)
  })
  serveTotp(app, ports)
  servePasskey(app, ports)
  return app
}

function serveTotp(app: Hono<HttpEnv>, ports: FactorsRoutePorts): void {
  serve(app, showTotpEnrolment, async (_, c) => {
    const visitor = await findRecent(c, ports)
    if (visitor === undefined) return redirectTo(signInPath(showTotpEnrolment.path))
    const { account_id } = visitor.account
    if ((await ports.factors.findTotp(account_id)) !== undefined) return redirectTo(showFactors.path)
    return showTotp(await beginTotpEnrolment(account_id, ports), undefined, { visitor, c }, ports)
  })
  serve(app, confirmTotp, async ({ body }, c) => {
    const { form_token, code, factor_id, secret_sealed } = body
    const visitor = await findRecent(c, ports)
    if (visitor === undefined) return redirectTo(signInPath(showTotpEnrolment.path))
    const { account_id } = visitor.account
    const enrolment = await readTotpEnrolment({ account_id, factor_id, secret_sealed }, ports)
    if (enrolment === undefined || !isOurs(form_token, visitor, c, ports)) {
      return showTotp(await beginTotpEnrolment(account_id, ports), 'stale', { visitor, c }, ports)
    }
    const isAdded = await confirmTotpEnrolment(enrolment, { account_id, code }, ports, c.var.facts.now)
    if (!isAdded) return showTotp(enrolment, 'refused', { visitor, c }, ports)
    tell('totp_added', visitor, c, ports)
    return leadOn(['otp', 'mfa'], visitor, c, ports)
  })
}

function servePasskey(app: Hono<HttpEnv>, ports: FactorsRoutePorts): void {
  serve(app, showPasskeyEnrolment, async (_, c) => {
    const visitor = await findRecent(c, ports)
    return visitor === undefined
      ? redirectTo(signInPath(showPasskeyEnrolment.path))
      : showPasskey(visitor, undefined, c, ports)
  })
  serve(app, addPasskey, async ({ body }, c) => {
    const visitor = await findRecent(c, ports)
    if (visitor === undefined) return redirectTo(signInPath(showPasskeyEnrolment.path))
    if (!isOurs(body.form_token, visitor, c, ports)) return showPasskey(visitor, 'stale', c, ports)
    const { now: nowMs, request_id } = c.var.facts
    const passkey = await enrolPasskey(body.credential, visitor, ports, nowMs)
    if (!passkey.ok) {
      log('info', 'passkey_refused', { ...passkey.failure, request_id })
      return showPasskey(visitor, 'refused', c, ports)
    }
    tell('passkey_added', visitor, c, ports)
    return leadOn(passkeyAmr, visitor, c, ports)
  })
}

/** Who is signed in and has proved it recently; undefined sends to sign-in, which comes back here. */
async function findRecent(c: HttpContext, ports: FactorsRoutePorts): Promise<SignedIn | undefined> {
  const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
  return visitor !== undefined && mayChangeFactors(visitor, c.var.facts.now) ? visitor : undefined
}

/**
 * Goes on after a factor was added. It has just been shown, so the session becomes one that has it, under a new secret;
 * every other session of the account falls short from now on, and so does what applications got without it. With the first
 * factor come recovery codes.
 */
async function leadOn(
  shown: readonly string[],
  visitor: SignedIn,
  c: HttpContext,
  ports: FactorsRoutePorts,
): Promise<Response> {
  const { account, session } = visitor
  const { account_id } = account
  const hasCodes = (await ports.factors.countRecoveryCodes(account_id)) > 0
  const answer = hasCodes ? redirectTo(showFactors.path) : await showCodes(visitor, c, ports)
  if (meetsAcr(session.amr, 'urn:gatewright:acr:multi-factor')) return answer
  await ports.endWeakGrants({ ...account, has_second_factor: true }, c.var.facts.now)
  const amr = [...new Set([...session.amr, ...shown])]
  const begun = await startSession({ account_id, amr }, showFactors.path, c, ports)
  for (const cookie of begun.headers.getSetCookie()) answer.headers.append('set-cookie', cookie)
  return answer
}

async function showList(
  visitor: SignedIn,
  isStale: boolean,
  c: HttpContext,
  ports: FactorsRoutePorts,
): Promise<Response> {
  const { account_id } = visitor.account
  const [totp, passkeys, recoveryCodesLeft] = await Promise.all([
    ports.factors.findTotp(account_id),
    ports.passkeys.list(account_id),
    ports.factors.countRecoveryCodes(account_id),
  ])
  const form_token = tokenFor(visitor, c, ports)
  return factorsPage({ locale: localeOf(c), form_token, totp, passkeys, recoveryCodesLeft, isStale })
}

function showTotp(
  enrolment: TotpEnrolment,
  notice: 'stale' | 'refused' | undefined,
  { visitor, c }: { readonly visitor: SignedIn; readonly c: HttpContext },
  ports: FactorsRoutePorts,
): Response {
  const uri = totpUri(enrolment.secret, visitor.account.email, ports.issuer)
  const form_token = tokenFor(visitor, c, ports)
  return totpEnrolmentPage({ locale: localeOf(c), form_token, notice, enrolment, uri })
}

async function showPasskey(
  visitor: SignedIn,
  notice: 'stale' | 'refused' | undefined,
  c: HttpContext,
  ports: FactorsRoutePorts,
): Promise<Response> {
  const options = await passkeyCreation(visitor, ports, c.var.facts.now)
  return passkeyEnrolmentPage({
    locale: localeOf(c),
    form_token: tokenFor(visitor, c, ports),
    notice,
    options,
  })
}

async function showCodes({ account }: SignedIn, c: HttpContext, ports: FactorsRoutePorts): Promise<Response> {
  const codes = await renewRecoveryCodes(account.account_id, ports, c.var.facts.now)
  return recoveryCodesPage({ locale: localeOf(c), codes })
}

/** Tells the person by mail, who may not be the one that did it. */
function tell(change: FactorChange, { account }: SignedIn, c: HttpContext, ports: FactorsRoutePorts): void {
  const { request_id, waitUntil } = c.var.facts
  log('info', 'factor_changed', { change, account_id: account.account_id, request_id })
  if (ports.sendMail === undefined) return
  const { subject, what, otherwise } = factorMailWords[localeOf(c)]
  const text = `${what[change]}\n\n${otherwise}\n${ports.issuer}${showFactors.path}\n`
  waitUntil(deliver({ to: account.email, subject, text }, ports.sendMail, change, request_id))
}

function tokenFor(visitor: SignedIn, c: HttpContext, { formMac }: FactorsRoutePorts): string {
  return issueFormToken(useOf(visitor), formMac, c.var.facts.now)
}

function isOurs(
  form_token: string | undefined,
  visitor: SignedIn,
  c: HttpContext,
  { formMac }: FactorsRoutePorts,
): boolean {
  return verifyFormToken(form_token, useOf(visitor), formMac, c.var.facts.now)
}

function useOf({ session }: SignedIn): FormUse {
  return { form: 'factors', holder: session.sid, about: '' }
}
