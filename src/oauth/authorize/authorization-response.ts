import type { HttpContext } from '../../http/context.ts'
import { toDescription } from '../../http/oauth-error.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { answerHeaders } from '../../http/security-headers.ts'
import { log } from '../../platform/log.ts'
import type { AuthorizationAnswer } from './authorization.ts'
import {
  errorOf,
  wordsOf,
  type AuthorizationFailure,
  type Recipient,
  type RefusedReason,
} from './authorization-failure.ts'
import { formPostPage } from './form-post.page.tsx'
import { signResponse, type ResponseSigningPorts } from './signed-response.ts'

/** What a client is told, and by which way. */
export interface ClientResponse {
  readonly recipient: Recipient
  readonly parameters: ResponseParameters
}

export type ResponseParameters = Readonly<Record<string, string | undefined>>

/** The error with its sentence and the state exactly as it came. */
export function errorResponse(reason: RefusedReason, recipient: Recipient): ClientResponse {
  const { error, sentence } = errorOf(reason)
  const error_description = toDescription(sentence)
  return { recipient, parameters: { error, error_description, state: recipient.state } }
}

/**
 * Answers the client in the mode that it asked for, and says who answers, on errors too (RFC 9207 §2).
 *
 * A signed response names its issuer and audience inside, where nobody can exchange them.
 *
 * @see OAuth 2.0 Multiple Response Type Encoding Practices §2.1
 * @see JWT Secured Authorization Response Mode §2.1
 */
async function answerClient(
  c: HttpContext,
  { recipient, parameters }: ClientResponse,
  ports: ResponseSigningPorts,
): Promise<Response> {
  const { redirect_uri, response_mode, client } = recipient
  const sent = response_mode.isSigned
    ? { response: await signResponse(parameters, client, ports, c.var.facts.now) }
    : { ...parameters, iss: ports.issuer }
  switch (response_mode.place) {
    case 'query':
      return redirectTo(responseUrl(redirect_uri, sent))
    case 'fragment':
      return redirectTo(`${redirect_uri}#${encode(sent)}`)
    case 'form_post':
      return formPostPage(c, redirect_uri, sent)
  }
}

/**
 * Adds response parameters to a redirect URI whose own query is kept as it was registered.
 *
 * It is done on the text. A URL parser would rewrite some of what the client registered, and clients compare.
 *
 * @see RFC 6749 §3.1.2 (the query is retained), §4.1.2 (the response is form-urlencoded)
 */
export function responseUrl(redirect_uri: string, parameters: ResponseParameters): string {
  const separator = redirect_uri.includes('?') ? '&' : '?'
  return `${redirect_uri}${separator}${encode(parameters)}`
}

/**
 * Answers a refused request: by redirect where the client and its redirect URI are verified, else by a page.
 *
 * The page carries nothing of the request on. A server that redirects to an address it has not verified lends
 * its name to whoever wrote the link (RFC 9700 §4.11).
 */
export async function refuseAuthorization(
  c: HttpContext,
  failure: AuthorizationFailure,
  ports: ResponseSigningPorts,
): Promise<Response> {
  log('info', 'authorization_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
  if ('recipient' in failure && failure.recipient !== undefined) {
    return answerClient(c, errorResponse(failure.reason, failure.recipient), ports)
  }
  const status = failure.reason === 'storage_unavailable' ? 503 : 400
  return refusalPage(c, { status, words: wordsOf(failure) })
}

/** Sends the browser where an answered request leads. */
export async function sendAnswer(
  c: HttpContext,
  answer: AuthorizationAnswer,
  ports: ResponseSigningPorts,
): Promise<Response> {
  switch (answer.kind) {
    case 'onward':
      return redirectTo(answer.path)
    case 'response':
      return answerClient(c, answer.response, ports)
  }
}

/**
 * Sends the browser on with 303, so that a form that led here is never posted again to where it goes next
 * (RFC 9700 §4.12).
 */
export function redirectTo(location: string): Response {
  return new Response(null, {
    status: 303,
    headers: { ...answerHeaders, location, 'cache-control': 'no-store' },
  })
}

function encode(parameters: ResponseParameters): string {
  const response = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) response.set(name, value)
  }
  return response.toString()
}
