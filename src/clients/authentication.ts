import type { Credentials } from '../http/credentials.ts'
import type { OAuthError } from '../http/oauth-error.ts'
import { rateHeaders, type RateState } from '../http/rate-headers.ts'
import { challenge } from '../http/challenge.ts'
import { identifierCharactersMax } from '../platform/bounds.ts'
import { constantTimeEqual, sha256 } from '../platform/digest.ts'
import { log } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import {
  assertionType,
  unverifiedClient,
  verifyAssertion,
  type AssertionFailure,
  type AssertionPorts,
} from './client-assertion.ts'
import { authenticatesBy, type AuthenticationMethod, type Client } from './client.ts'

/** What a request shows of its client: the Authorization header, and the body's own parameters. */
export interface PresentedClient {
  readonly credentials: Credentials
  readonly client_id: string | undefined
  readonly client_secret: Secret | undefined
  readonly client_assertion: Secret | undefined
  readonly client_assertion_type: string | undefined
  /** Path of the endpoint that is called, which an assertion may be addressed to. */
  readonly path: string
  readonly address: string
}

export interface AuthenticationPorts {
  readonly assertions: AssertionPorts
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

export type ClientAuthenticationFailure =
  | { readonly reason: 'methods_several' }
  | { readonly reason: 'client_id_mismatch' }
  | { readonly reason: 'client_missing' }
  | { readonly reason: 'authorization_malformed' }
  | { readonly reason: 'client_unknown'; readonly method: AuthenticationMethod }
  | { readonly reason: 'method_mismatch'; readonly method: AuthenticationMethod }
  | { readonly reason: 'secret_wrong'; readonly method: AuthenticationMethod }
  | { readonly reason: 'assertion_incomplete' }
  | { readonly reason: 'assertion_type_unknown' }
  | { readonly reason: 'assertion_refused'; readonly cause: RefusedAssertion['reason'] }
  | { readonly reason: 'storage_unavailable' }
  | {
      readonly reason: 'attempts_exceeded'
      readonly retryAfterSeconds: number
      readonly rate: RateState | undefined
    }

type RefusedAssertion = Exclude<AssertionFailure, { readonly reason: 'storage_unavailable' }>

interface Claim {
  readonly client_id: string
  readonly proof:
    | { readonly method: 'client_secret_basic' | 'client_secret_post' | 'none'; readonly secret: string }
    | { readonly method: 'private_key_jwt'; readonly assertion: Secret }
}

/** No secret has this digest; it is compared with when there is none, so that an unknown client takes as long. */
const NO_DIGEST = '-'.repeat(43)

/**
 * Authenticates a client by exactly one method, and only by the one that it registered.
 *
 * A client that could choose would let an attacker choose, too: `none` for a confidential client is the oldest way in,
 * and a secret for one that registered a key is the next.
 *
 * @see RFC 6749 §2.3, §2.3.1
 * @see RFC 7521 §4.2
 */
export async function authenticateClient(
  presented: PresentedClient,
  ports: AuthenticationPorts,
  nowMs: number,
): Promise<Result<Client, ClientAuthenticationFailure>> {
  const claim = readClaim(presented)
  if (!claim.ok) return claim
  const { client_id, proof } = claim.value
  const isPlausible = client_id.length <= identifierCharactersMax
  const client = isPlausible ? await ports.findClient(client_id, nowMs) : undefined
  const proved = await prove(client, proof, presented, { ...ports, nowMs })
  if (proved.ok || proved.failure.reason === 'storage_unavailable') return proved
  const { address } = presented
  const counted = { kind: 'client_authentication', client_id: bucketOf(client_id), address } as const
  const { admitted, retryAfterSeconds, rate } = await ports.limiter.take(counted)
  return admitted ? proved : fail({ reason: 'attempts_exceeded', retryAfterSeconds, rate })
}

async function prove(
  client: Client | undefined,
  proof: Claim['proof'],
  { path }: PresentedClient,
  { assertions, nowMs }: Pick<AuthenticationPorts, 'assertions'> & { readonly nowMs: number },
): Promise<Result<Client, ClientAuthenticationFailure>> {
  const { method } = proof
  const digest = client?.client_secret_digest ?? NO_DIGEST
  const isRightSecret = 'secret' in proof && constantTimeEqual(sha256(proof.secret), digest)
  if (client === undefined) return fail({ reason: 'client_unknown', method })
  if (!authenticatesBy(client, method)) return fail({ reason: 'method_mismatch', method })
  switch (proof.method) {
    case 'none':
      return ok(client)
    case 'client_secret_basic':
    case 'client_secret_post':
      return isRightSecret ? ok(client) : fail({ reason: 'secret_wrong', method })
    case 'private_key_jwt': {
      const endpoint = `${assertions.issuer}${path}`
      const verified = await verifyAssertion(
        { assertion: proof.assertion, endpoint, nowMs },
        client,
        assertions,
      )
      if (verified.ok) return verified
      const { reason } = verified.failure
      log('info', 'client_assertion_refused', { client_id: client.client_id, reason })
      return fail(
        reason === 'storage_unavailable' ? { reason } : { reason: 'assertion_refused', cause: reason },
      )
    }
  }
}

/**
 * Whom a failure is counted for: one of 64 groups that names fall into, whether or not there is such a client.
 *
 * If clients that exist were counted apart from those that do not, the number of failures that are let through would
 * tell them apart; and if every name were counted by itself, made-up ones would each wake an object.
 */
function bucketOf(client_id: string): string {
  return sha256(client_id).slice(0, 1)
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
        'authenticate with client_secret_basic, client_secret_post, private_key_jwt, or client_id alone if public',
      )
    case 'authorization_malformed':
      return withChallenge(invalidClient('the Authorization header is not well-formed Basic'))
    case 'client_unknown':
    case 'method_mismatch':
    case 'secret_wrong':
      return answerTo(failure.method)
    case 'assertion_incomplete':
      return invalidRequest('client_assertion and client_assertion_type go together')
    case 'assertion_type_unknown':
      return invalidClient(`client_assertion_type must be ${assertionType}`)
    case 'assertion_refused':
      return answerTo('private_key_jwt')
    case 'storage_unavailable':
      return {
        error: 'temporarily_unavailable',
        error_description: 'this cannot be answered right now; try again shortly',
        headers: { 'retry-after': '1' },
      }
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
  const { credentials, client_id, client_secret, client_assertion, client_assertion_type } = presented
  if (client_assertion !== undefined || client_assertion_type !== undefined) return readAssertion(presented)
  if (credentials.scheme === 'basic') {
    if (client_secret !== undefined) return fail({ reason: 'methods_several' })
    const { user, password } = credentials
    if (client_id !== undefined && client_id !== user) return fail({ reason: 'client_id_mismatch' })
    return ok({ client_id: user, proof: { method: 'client_secret_basic', secret: password.reveal() } })
  }
  if (credentials.scheme !== 'none') return fail({ reason: 'authorization_malformed' })
  if (client_id === undefined) return fail({ reason: 'client_missing' })
  return client_secret === undefined
    ? ok({ client_id, proof: { method: 'none', secret: '' } })
    : ok({ client_id, proof: { method: 'client_secret_post', secret: client_secret.reveal() } })
}

/** The assertion says itself whose it is; a `client_id` beside it must say the same (RFC 7521 §4.2). */
function readAssertion(presented: PresentedClient): Result<Claim, ClientAuthenticationFailure> {
  const { credentials, client_secret, client_assertion, client_assertion_type } = presented
  if (credentials.scheme !== 'none' || client_secret !== undefined) return fail({ reason: 'methods_several' })
  if (client_assertion === undefined || client_assertion_type === undefined) {
    return fail({ reason: 'assertion_incomplete' })
  }
  if (client_assertion_type !== assertionType) return fail({ reason: 'assertion_type_unknown' })
  const client_id = presented.client_id ?? unverifiedClient(client_assertion) ?? ''
  return ok({ client_id, proof: { method: 'private_key_jwt', assertion: client_assertion } })
}

function answerTo(method: AuthenticationMethod): OAuthError {
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
