import type { Credentials } from '../http/credentials.ts'
import type { OAuthError } from '../http/oauth-error.ts'
import { rateHeaders, type RateState } from '../http/rate-headers.ts'
import { challenge } from '../http/challenge.ts'
import { identifierCharactersMax } from '../platform/bounds.ts'
import { constantTimeEqual, sha256 } from '../platform/digest.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { authenticatesBy, type Client } from './client.ts'

/** What a request shows of its client: the Authorization header, and the body's own parameters. */
export interface PresentedClient {
  readonly credentials: Credentials
  readonly client_id: string | undefined
  readonly client_secret: Secret | undefined
  readonly address: string
}

export interface AuthenticationPorts {
  readonly findClient: (client_id: string, nowMs: number) => Promise<Client | undefined>
  /** Counts attempts that failed; the right secret is never held up by somebody else's wrong ones. */
  readonly limiter: {
    take(subject: {
      readonly kind: 'client_authentication'
      readonly client_id: string
      readonly address: string
    }): Promise<{
      readonly admitted: boolean
      readonly retryAfterSeconds: number
      readonly rate?: RateState | undefined
    }>
  }
}

type Method = 'client_secret_basic' | 'client_secret_post' | 'none'

export type ClientAuthenticationFailure =
  | { readonly reason: 'methods_several' }
  | { readonly reason: 'client_id_mismatch' }
  | { readonly reason: 'client_missing' }
  | { readonly reason: 'authorization_malformed' }
  | { readonly reason: 'client_unknown'; readonly method: Method }
  | { readonly reason: 'method_mismatch'; readonly method: Method }
  | { readonly reason: 'secret_wrong'; readonly method: Method }
  | {
      readonly reason: 'attempts_exceeded'
      readonly retryAfterSeconds: number
      readonly rate: RateState | undefined
    }

interface Claim {
  readonly client_id: string
  readonly method: Method
  readonly secret: string
}

/** No secret has this digest; it is compared with when there is none, so that an unknown client takes as long. */
const NO_DIGEST = '-'.repeat(43)

/** Failures of clients that do not exist are counted together, or made-up names would each wake an object. */
const NO_CLIENT_ID = ''

/**
 * Authenticates a client by exactly one method, and only by the one that it registered.
 *
 * A client that could choose would let an attacker choose, too: `none` for a confidential client is the oldest way in.
 *
 * @see RFC 6749 §2.3, §2.3.1
 */
export async function authenticateClient(
  presented: PresentedClient,
  ports: AuthenticationPorts,
  nowMs: number,
): Promise<Result<Client, ClientAuthenticationFailure>> {
  const claim = readClaim(presented)
  if (!claim.ok) return claim
  const { client_id, method, secret } = claim.value
  const isPlausible = client_id.length <= identifierCharactersMax
  const client = isPlausible ? await ports.findClient(client_id, nowMs) : undefined
  const isRightSecret = constantTimeEqual(sha256(secret), client?.client_secret_digest ?? NO_DIGEST)
  if (client !== undefined && authenticatesBy(client, method)) {
    if (method === 'none' || isRightSecret) return ok(client)
  }
  const { address } = presented
  const counted = {
    kind: 'client_authentication',
    client_id: client?.client_id ?? NO_CLIENT_ID,
    address,
  } as const
  const { admitted, retryAfterSeconds, rate } = await ports.limiter.take(counted)
  return admitted
    ? fail({ reason: reasonOf(client, method), method })
    : fail({ reason: 'attempts_exceeded', retryAfterSeconds, rate })
}

/**
 * Answers as RFC 6749 §5.2 says. Whether the client or the secret was wrong is not told, and the challenge comes
 * only to somebody who used Basic: a browser that met it unasked would open its own sign-in window.
 */
export function clientAuthenticationError(failure: ClientAuthenticationFailure): OAuthError {
  switch (failure.reason) {
    case 'methods_several':
      return invalidRequest('authenticate the client by one method only')
    case 'client_id_mismatch':
      return invalidRequest('client_id differs between the body and the Authorization header')
    case 'client_missing':
      return invalidClient(
        'authenticate with client_secret_basic, client_secret_post, or client_id alone if public',
      )
    case 'authorization_malformed':
      return withChallenge(invalidClient('the Authorization header is not well-formed Basic'))
    case 'client_unknown':
    case 'method_mismatch':
    case 'secret_wrong':
      return answerTo(failure.method)
    case 'attempts_exceeded':
      return {
        error: 'slow_down',
        error_description: 'too many failed client authentications; wait as long as Retry-After says',
        headers: {
          'retry-after': String(failure.retryAfterSeconds),
          ...(failure.rate && rateHeaders(failure.rate)),
        },
      }
  }
}

function readClaim(presented: PresentedClient): Result<Claim, ClientAuthenticationFailure> {
  const { credentials, client_id, client_secret } = presented
  switch (credentials.scheme) {
    case 'malformed':
    case 'bearer':
    case 'apikey':
      return fail({ reason: 'authorization_malformed' })
    case 'basic':
      if (client_secret !== undefined) return fail({ reason: 'methods_several' })
      if (client_id !== undefined && client_id !== credentials.user)
        return fail({ reason: 'client_id_mismatch' })
      return ok({
        client_id: credentials.user,
        method: 'client_secret_basic',
        secret: credentials.password.reveal(),
      })
    case 'none':
      if (client_id === undefined) return fail({ reason: 'client_missing' })
      return client_secret === undefined
        ? ok({ client_id, method: 'none', secret: '' })
        : ok({ client_id, method: 'client_secret_post', secret: client_secret.reveal() })
  }
}

function reasonOf(client: Client | undefined, method: Method) {
  if (client === undefined) return 'client_unknown'
  return authenticatesBy(client, method) ? 'secret_wrong' : 'method_mismatch'
}

function answerTo(method: Method): OAuthError {
  const error = invalidClient(
    'client authentication failed; check the identifier, the secret and the registered method',
  )
  return method === 'client_secret_basic' ? withChallenge(error) : error
}

function withChallenge(error: OAuthError): OAuthError {
  return { ...error, headers: { 'www-authenticate': challenge('Basic', { realm: 'gatewright' }) } }
}

function invalidClient(error_description: string): OAuthError {
  return { error: 'invalid_client', error_description }
}

function invalidRequest(error_description: string): OAuthError {
  return { error: 'invalid_request', error_description }
}
