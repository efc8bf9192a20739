/** Registered error codes that our endpoints answer (RFC 6749 §5.2, RFC 6750 §3.1, RFC 7591 §3.2.2, RFC 8707 §2, RFC 9449 §5, §8). */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'
  | 'invalid_redirect_uri'
  | 'invalid_request_object'
  | 'invalid_request_uri'
  | 'unsupported_response_type'
  | 'login_required'
  | 'consent_required'
  | 'unmet_authentication_requirements'
  | 'invalid_client_metadata'
  | 'slow_down'
  | 'authorization_pending'
  | 'access_denied'
  | 'expired_token'
  | 'temporarily_unavailable'
  | 'server_error'

export interface OAuthError {
  readonly error: OAuthErrorCode
  readonly error_description: string
  /** 400 unless the code says otherwise; 401 for `invalid_client` and `invalid_token`. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

const STATUS_BY_CODE: Readonly<Partial<Record<OAuthErrorCode, number>>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  slow_down: 429,
  temporarily_unavailable: 503,
  server_error: 500,
}

/** Answers as RFC 6749 §5.2 says. Errors are never cached, no more than tokens are; `app.ts` adds the request id. */
export function oauthError(error: OAuthError): Response {
  const body = {
    error: error.error,
    error_description: toDescription(error.error_description),
  }
  return new Response(JSON.stringify(body), {
    status: error.status ?? STATUS_BY_CODE[error.error] ?? 400,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      pragma: 'no-cache',
      ...error.headers,
    },
  })
}

/** Keeps a description within %x20-21 / %x23-5B / %x5D-7E, the only characters allowed in it (RFC 6749 §5.2). */
export function toDescription(sentence: string): string {
  return sentence.replaceAll('"', "'").replaceAll(/[^\x20-\x21\x23-\x5b\x5d-\x7e]/g, '?')
}
