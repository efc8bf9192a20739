import { Hono } from 'hono'

import type { HttpContext, HttpEnv } from '../../http/context.ts'
import { askedOf } from '../../grants/requested-claims.ts'
import { localeOf } from '../../http/locale.ts'
import { serve } from '../../http/serve.ts'
import {
  readAuthorizationRequest,
  type AuthorizationRequest,
  type AuthorizationRequestPorts,
} from '../../oauth/authorize/authorization-request.ts'
import { redirectTo, refuseAuthorization, sendAnswer } from '../../oauth/authorize/authorization-response.ts'
import {
  answerAuthorization,
  authorizePath,
  type AuthorizationPorts,
} from '../../oauth/authorize/authorization.ts'
import type { ResponseSigningPorts } from '../../oauth/authorize/signed-response.ts'
import { viewClient } from './client-view.ts'
import { decideConsent, showConsent } from './consent.contract.ts'
import { consentPage } from './consent.page.tsx'
import { formTarget } from '../../http/form-target.ts'
import { issueFormToken, verifyFormToken, type FormUse } from '../form-token.ts'
import { signInPath } from '../return-path.ts'
import type { SignedIn, VisitorPorts } from '../visitor.ts'

export type ConsentPorts = VisitorPorts &
  AuthorizationRequestPorts &
  AuthorizationPorts &
  ResponseSigningPorts & { readonly formMac: Uint8Array }

/** A question that is being asked: which request, and of whom. */
interface Question {
  readonly request: AuthorizationRequest
  readonly visitor: SignedIn
}

/**
 * Both take the authorization request in their own query and read it again from the start, client and redirect
 * URI first: between the page and its answer a client may have changed, and a query can be written by anyone.
 */
export function consentRoutes(ports: ConsentPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, showConsent, async ({ query }, c) => {
    const { now: nowMs } = c.var.facts
    const request = await readAuthorizationRequest(query, ports, c.var.facts)
    if (!request.ok) return refuseAuthorization(c, request.failure, ports)
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    if (visitor === undefined) return redirectTo(signInPath(authorizePath(request.value)))
    return ask({ request: request.value, visitor }, false, c, ports)
  })
  serve(app, decideConsent, async ({ query, body }, c) => {
    const { now: nowMs } = c.var.facts
    const request = await readAuthorizationRequest(query, ports, c.var.facts)
    if (!request.ok) return refuseAuthorization(c, request.failure, ports)
    const visitor = await ports.findVisitor(c.req.header('cookie'), nowMs)
    if (visitor === undefined) return redirectTo(signInPath(authorizePath(request.value)))

    const question = { request: request.value, visitor }
    const isOurs = verifyFormToken(body.form_token, useOf(question), ports.formMac, nowMs)
    if (!isOurs) return ask(question, true, c, ports)
    const consent = body.decision === 'allow' ? 'given' : 'declined'
    return sendAnswer(c, await answerAuthorization({ ...question, consent, nowMs }, ports), ports)
  })
  return app
}

function ask(question: Question, isStale: boolean, c: HttpContext, ports: ConsentPorts): Response {
  const { request, visitor } = question
  const again = authorizePath(request)
  return consentPage({
    locale: localeOf(c, request.effective.ui_locales),
    action: `/consent${new URL(again, ports.issuer).search}`,
    form_token: issueFormToken(useOf(question), ports.formMac, c.var.facts.now),
    client: viewClient(request.client),
    scopes: askedOf(request.scope, request.claims?.canonical ?? null),
    resources: request.resource,
    email: visitor.account.email,
    destination: destinationOf(request.redirect_uri),
    signInPath: signInPath(again),
    formTargets: formTarget(request.redirect_uri),
    isStale,
  })
}

function useOf({ request, visitor }: Question): FormUse {
  return {
    form: 'consent',
    holder: visitor.session.sid,
    about: `${authorizePath(request)} ${request.fingerprint}`,
  }
}

/** The host for an address on the web, where it says who answers; the whole of any other. */
function destinationOf(redirect_uri: string): string {
  const host = URL.parse(redirect_uri)?.host ?? ''
  return host === '' ? redirect_uri : host
}
