import type { HttpContext } from '../../http/context.ts'
import { toDescription } from '../../http/oauth-error.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { answerHeaders } from '../../http/security-headers.ts'
import { log } from '../../platform/log.ts'
import {
  errorOf,
  wordsOf,
  type AuthorizationFailure,
  type RefusedAuthorization,
} from './authorization-failure.ts'

/**
 * Adds response parameters to a redirect URI whose own query is kept as it was registered.
 *
 * It is done on the text. A URL parser would rewrite some of what the client registered, and clients compare.
 *
 * @see RFC 6749 §3.1.2 (the query is retained), §4.1.2 (the response is form-urlencoded)
 */
export function responseUrl(
  redirect_uri: string,
  parameters: Readonly<Record<string, string | undefined>>,
): string {
  const response = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) response.set(name, value)
  }
  const separator = redirect_uri.includes('?') ? '&' : '?'
  return `${redirect_uri}${separator}${response.toString()}`
}

/** The redirect URI with the error, the state exactly as it came, and who answers (RFC 9207). */
export function errorUrl(failure: RefusedAuthorization, issuer: string): string {
  const { error, sentence } = errorOf(failure.reason)
  const { redirect_uri, state } = failure
  return responseUrl(redirect_uri, {
    error,
    error_description: toDescription(sentence),
    state,
    iss: issuer,
  })
}

/**
 * Answers a refused request: by redirect where the client and its redirect URI are verified, else by a page.
 *
 * The page carries nothing of the request on. A server that redirects to an address it has not verified lends
 * its name to whoever wrote the link (RFC 9700 §4.11).
 */
export function refuseAuthorization(c: HttpContext, failure: AuthorizationFailure, issuer: string): Response {
  log('info', 'authorization_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
  return 'redirect_uri' in failure
    ? redirectTo(errorUrl(failure, issuer))
    : refusalPage(c, { status: 400, words: wordsOf(failure.reason) })
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
