import type { HttpContext } from './context.ts'

/**
 * Every error code of the gateway and management doors: its status, and the sentence for whoever reads it.
 *
 * OAuth doors speak RFC 6749 §5.2 instead (`oauth-error.ts`).
 */
const REFUSALS = {
  request_malformed: { status: 400, message: 'The request is not well formed.' },
  path_ambiguous: {
    status: 400,
    message: 'The path has empty, dotted, encoded-slash or control segments; send it in its plain form.',
  },
  credentials_missing: { status: 401, message: 'Send a bearer token or an API key.' },
  credentials_malformed: { status: 401, message: 'The Authorization header could not be read.' },
  credentials_repeated: {
    status: 400,
    message: 'Send one credential: a bearer token or an API key, not both.',
  },
  token_invalid: { status: 401, message: 'The token is not valid here.' },
  token_expired: { status: 401, message: 'The token has expired; get a new one.' },
  token_revoked: { status: 401, message: 'The token has been revoked.' },
  proof_missing: {
    status: 401,
    message: 'The token is bound to a key; send it with the scheme DPoP and a proof of that key.',
  },
  proof_invalid: { status: 401, message: 'The DPoP proof does not hold for this request.' },
  proof_nonce_needed: {
    status: 401,
    message: 'Make a new DPoP proof with the nonce of the header DPoP-Nonce.',
  },
  user_authentication_insufficient: {
    status: 401,
    message: 'Have the person sign in again, as acr_values and max_age in the challenge say.',
  },
  api_key_invalid: { status: 401, message: 'The API key is not valid.' },
  scope_insufficient: { status: 403, message: 'The credential does not carry the scope that this needs.' },
  principal_forbidden: {
    status: 403,
    message: 'This token may ask about its own subject only; asking about others needs the scope authorize.',
  },
  not_found: { status: 404, message: 'Nothing is published at this path.' },
  method_not_allowed: { status: 405, message: 'This path does not answer that method.' },
  account_exists: { status: 409, message: 'Somebody has this e-mail address already.' },
  version_conflict: { status: 409, message: 'It has changed since you read it; read it again.' },
  body_too_large: { status: 413, message: 'The body is larger than this path takes.' },
  media_type_unsupported: { status: 415, message: 'Send the body in a content type that this path takes.' },
  document_invalid: { status: 422, message: 'The document has faults; all of them are listed.' },
  rate_limit_exceeded: { status: 429, message: 'Too many requests; wait as long as Retry-After says.' },
  internal: { status: 500, message: 'Something went wrong here. It has been recorded.' },
  upgrade_unsupported: {
    status: 501,
    message: 'This gateway does not pass on protocol upgrades such as WebSocket.',
  },
  upstream_unreachable: { status: 502, message: 'The service behind this path could not be reached.' },
  unavailable: { status: 503, message: 'Not ready to serve; try again shortly.' },
  upstream_timeout: { status: 504, message: 'The service behind this path took too long.' },
} as const

export type RefusalCode = keyof typeof REFUSALS

/** All codes, for the reference and for the check that each has a test. */
export const refusalCodes = Object.keys(REFUSALS)

/** Rows of the table of codes in the reference. */
export function describeRefusals(): readonly { code: string; status: number; message: string }[] {
  return Object.entries(REFUSALS).map(([code, refusal]) => ({ code, ...refusal }))
}

/** Where in the request a fault lies, and what is wrong there. */
export interface Fault {
  readonly pointer: string
  readonly message: string
}

export interface RefusalDetails {
  readonly faults?: readonly Fault[]
  readonly headers?: Readonly<Record<string, string>>
  /** Facts that help the caller, e.g. the scopes that would do. Never a secret, never an internal name. */
  readonly facts?: Readonly<Record<string, string | number | readonly string[]>>
}

/**
 * Answers `{"error":{"code","message","details"}}`, or the same as a problem document when that is asked for.
 *
 * @see RFC 9457 (problem details)
 */
export function refuse(c: HttpContext, code: RefusalCode, details: RefusalDetails = {}): Response {
  const { status, message } = REFUSALS[code]
  const { request_id } = c.var.facts
  const extra = { request_id, ...details.facts, ...(details.faults && { faults: details.faults }) }
  const wantsProblem = (c.req.header('accept') ?? '').includes('application/problem+json')
  const body = wantsProblem
    ? { type: `urn:gatewright:error:${code}`, title: message, status, code, ...extra }
    : { error: { code, message, details: extra } }
  return new Response(JSON.stringify(body), {
    status,
    headers: {
      'content-type': wantsProblem ? 'application/problem+json' : 'application/json',
      'cache-control': 'no-store',
      ...details.headers,
    },
  })
}
