import { Hono } from 'hono'

import { formatUserCode, readUserCode } from '../../grants/user-code.ts'
import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { localeOf } from '../../http/locale.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { outageWords } from '../../http/refusal.words.ts'
import { serve } from '../../http/serve.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import { approveDevice, denyDevice, findDevice } from '../../oauth/device/device-approval.ts'
import { log } from '../../platform/log.ts'
import { viewClient } from './client-view.ts'
import { decideDevice, enterUserCode, showDevice } from './device.contract.ts'
import { deviceDecidedPage, deviceQuestionPage, userCodePage, type DeviceNotice } from './device.page.tsx'
import { issueFormToken, verifyFormToken, type FormUse } from '../form-token.ts'
import { signInPath } from '../return-path.ts'
import { guessUserCode, type GuessedDevice, type GuessFailure, type GuessPorts } from './user-code-guess.ts'
import type { SignedIn, VisitorPorts } from '../visitor.ts'

export interface DevicePorts extends VisitorPorts, GuessPorts {
  readonly formMac: Uint8Array
}

/**
 * The pages on which a person lets another device in (RFC 8628 §3.3).
 *
 * A code that comes with a link is only put into the field. Looking it up is a form of its own, which another site can
 * neither make nor send, so that each look-up is somebody's here and counts against them.
 */
export function deviceRoutes(ports: DevicePorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showDevice, async ({ query }, c) => {
    const visitor = await ports.findVisitor(c.req.header('cookie'), c.var.facts.now)
    const typed = query.user_code ?? ''
    return visitor ? askForCode({ visitor, typed }, undefined, c, ports) : leadToSignIn(typed)
  })
  serve(app, enterUserCode, async ({ body }, c) => {
    const { now: nowMs, address } = c.var.facts
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    const typed = body.user_code ?? ''
    if (visitor === undefined) return leadToSignIn(typed)
    const isOurs = verifyFormToken(body.form_token, codeUse(visitor), ports.formMac, nowMs)
    if (!isOurs) return askForCode({ visitor, typed }, { reason: 'form_stale' }, c, ports)
    const device = await guessUserCode({ typed, sid: visitor.session.sid, address }, ports, nowMs)
    if (!device.ok) return refuse({ visitor, typed }, device.failure, c, ports)
    return askForDecision(device.value, visitor, c, ports)
  })
  serve(app, decideDevice, async ({ body }, c) => {
    const { now: nowMs } = c.var.facts
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    const typed = body.user_code ?? ''
    if (visitor === undefined) return leadToSignIn(typed)
    const entry = { visitor, typed }
    const user_code = readUserCode(typed) ?? ''
    const isOurs = verifyFormToken(body.form_token, decisionUse(visitor, user_code), ports.formMac, nowMs)
    if (!isOurs) return askForCode(entry, { reason: 'form_stale' }, c, ports)
    const device = await findDevice(user_code, ports, nowMs)
    if (!device.ok) return refuse(entry, device.failure, c, ports)
    const decided =
      body.decision === 'allow'
        ? await approveDevice(device.value, visitor, ports)
        : await denyDevice(device.value, ports)
    return decided.ok
      ? deviceDecidedPage(body.decision, localeOf(c))
      : refuse(entry, decided.failure, c, ports)
  })
  return app
}

interface Entry {
  readonly visitor: SignedIn
  readonly typed: string
}

function askForCode(
  { visitor, typed }: Entry,
  notice: DeviceNotice | undefined,
  c: HttpContext,
  ports: DevicePorts,
): Response {
  const form_token = issueFormToken(codeUse(visitor), ports.formMac, c.var.facts.now)
  return userCodePage({ locale: localeOf(c), form_token, user_code: typed, notice })
}

function askForDecision(
  { client, scopes, awaiting, user_code }: GuessedDevice,
  visitor: SignedIn,
  c: HttpContext,
  ports: DevicePorts,
): Response {
  const use = decisionUse(visitor, user_code)
  const shown = formatUserCode(user_code)
  return deviceQuestionPage({
    locale: localeOf(c),
    form_token: issueFormToken(use, ports.formMac, c.var.facts.now),
    user_code: shown,
    client: viewClient(client),
    scopes,
    resources: awaiting.resource,
    email: visitor.account.email,
    signInPath: signInPath(devicePath(shown)),
  })
}

function refuse(entry: Entry, failure: GuessFailure, c: HttpContext, ports: DevicePorts): Response {
  log('info', 'device_entry_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
  switch (failure.reason) {
    case 'user_code_unknown':
    case 'attempts_exhausted':
      return askForCode(entry, failure, c, ports)
    case 'acr_insufficient':
      return leadToSignIn(entry.typed)
    case 'limiter_unavailable':
    case 'storage_unavailable':
      return refusalPage(c, { status: 503, words: outageWords, headers: { 'retry-after': '5' } })
  }
}

/**
 * Good for the one code that this session was asked about. It is verified before the code is looked up, or this form
 * would be where guesses are not counted.
 */
function decisionUse({ session }: SignedIn, user_code: string): FormUse {
  return { form: 'device_decision', holder: session.sid, about: user_code }
}

function codeUse({ session }: SignedIn): FormUse {
  return { form: 'user_code', holder: session.sid, about: '' }
}

function leadToSignIn(typed: string): Response {
  const user_code = readUserCode(typed)
  return redirectTo(
    signInPath(user_code === undefined ? showDevice.path : devicePath(formatUserCode(user_code))),
  )
}

function devicePath(user_code: string): string {
  return `${showDevice.path}?user_code=${user_code}`
}
