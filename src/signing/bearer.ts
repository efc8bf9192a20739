import { challenge } from '../http/challenge.ts'
import type { HttpContext, RequestFacts } from '../http/context.ts'
import { readCredentials } from '../http/credentials.ts'
import { oauthError } from '../http/oauth-error.ts'
import { refuse, type RefusalCode } from '../http/refusal.ts'
import { log } from '../platform/log.ts'
import { fail, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import {
  verifyAccessToken,
  type AccessTokenClaims,
  type AccessTokenFailure,
  type IsRevoked,
} from './access-token.ts'
import type { VerificationKeys } from './jwt.ts'
import type { VerifiedTokens } from './verified-tokens.ts'

const REALM = 'gatewright'
const RETRY = { 'retry-after': '1' } as const

export interface BearerPorts {
  readonly issuer: string
  readonly keyRing: VerificationKeys
  readonly verifiedTokens: VerifiedTokens
  /** Reads the set of revocations, at most as stale as the snapshot feed promises; undefined if it is not whole. */
  readonly revocations: (facts: RequestFacts) => Promise<IsRevoked | undefined>
}

export type BearerFailure =
  | AccessTokenFailure
  | { readonly reason: 'bearer_missing' }
  | { readonly reason: 'bearer_malformed' }
  /** D1 has not answered since this isolate began, or more is revoked than it can hold: what may be dead is not let in. */
  | { readonly reason: 'revocations_unknown' }
  | { readonly reason: 'scope_insufficient'; readonly scope: string }

/** Asks for a bearer token of ours in the `Authorization` header, and for one scope in it where one is named. */
export async function requireBearer(
  c: HttpContext,
  ports: BearerPorts,
  scope?: string,
): Promise<Result<AccessTokenClaims, BearerFailure>> {
  const credentials = readCredentials(c.req.header('authorization'))
  switch (credentials.scheme) {
    case 'bearer':
      return verifyBearer(credentials.token, c.var.facts, ports, scope)
    case 'malformed':
      return fail({ reason: 'bearer_malformed' })
    case 'none':
    case 'basic':
    case 'apikey':
      return fail({ reason: 'bearer_missing' })
  }
}

/** The same for a token that came by another way, such as the form body of RFC 6750 §2.2. */
export async function verifyBearer(
  token: Secret,
  facts: RequestFacts,
  ports: BearerPorts,
  scope?: string,
): Promise<Result<AccessTokenClaims, BearerFailure>> {
  const { issuer, keyRing, verifiedTokens: cache } = ports
  const isRevoked = await ports.revocations(facts)
  if (isRevoked === undefined) return fail({ reason: 'revocations_unknown' })
  const verified = await verifyAccessToken(
    token,
    { issuer, audience: issuer, keyRing, isRevoked, cache },
    facts.now,
  )
  if (!verified.ok || scope === undefined || hasScope(verified.value, scope)) return verified
  return fail({ reason: 'scope_insufficient', scope })
}

/** Whether a token carries a scope, compared by whole words: `read` is not in `read:users`. */
export function hasScope(claims: Pick<AccessTokenClaims, 'scope'>, scope: string): boolean {
  return claims.scope.split(' ').includes(scope)
}

/** What a door adds to its challenges, such as where its metadata is (RFC 9728 §5.1). */
type ChallengeParameters = Readonly<Record<string, string>>

/** Answers a bearer failure in the envelope of the management and gateway doors. */
export function refuseBearer(
  c: HttpContext,
  failure: BearerFailure,
  more: ChallengeParameters = {},
): Response {
  logFailure(c, failure)
  const code = refusalCodeOf(failure)
  if (failure.reason === 'revocations_unknown') return refuse(c, code, { headers: RETRY })
  const headers = { 'www-authenticate': bearerChallenge(failure, more) }
  return failure.reason === 'scope_insufficient'
    ? refuse(c, code, { headers, facts: { scope: failure.scope } })
    : refuse(c, code, { headers })
}

/** Answers a bearer failure as OAuth endpoints do: the same challenge, with the body of RFC 6749 §5.2. */
export function bearerOAuthError(c: HttpContext, failure: BearerFailure): Response {
  logFailure(c, failure)
  if (failure.reason === 'revocations_unknown') {
    const error_description = sentenceOf(failure)
    return oauthError({ error: 'temporarily_unavailable', error_description, headers: RETRY })
  }
  const isScope = failure.reason === 'scope_insufficient'
  return oauthError({
    error: isScope ? 'insufficient_scope' : 'invalid_token',
    error_description: sentenceOf(failure),
    headers: { 'www-authenticate': bearerChallenge(failure) },
  })
}

/**
 * The challenge of RFC 6750 §3. Somebody who sent no credentials is told the scheme and nothing else (§3.1); which
 * check a token failed is for the log, since an attacker would use it to mend a forgery.
 */
export function bearerChallenge(failure: BearerFailure, more: ChallengeParameters = {}): string {
  if (failure.reason === 'bearer_missing') return challenge('Bearer', { realm: REALM, ...more })
  const isScope = failure.reason === 'scope_insufficient'
  return challenge('Bearer', {
    realm: REALM,
    error: isScope ? 'insufficient_scope' : 'invalid_token',
    error_description: sentenceOf(failure),
    ...(isScope && { scope: failure.scope }),
    ...more,
  })
}

function refusalCodeOf(failure: BearerFailure): RefusalCode {
  switch (failure.reason) {
    case 'bearer_missing':
      return 'credentials_missing'
    case 'bearer_malformed':
      return 'credentials_malformed'
    case 'revocations_unknown':
      return 'unavailable'
    case 'scope_insufficient':
      return 'scope_insufficient'
    case 'token_expired':
      return 'token_expired'
    case 'token_revoked':
      return 'token_revoked'
    case 'token_malformed':
    case 'token_type_wrong':
    case 'key_unknown':
    case 'algorithm_wrong':
    case 'signature_wrong':
    case 'claims_invalid':
    case 'issuer_wrong':
    case 'audience_wrong':
    case 'token_not_yet_valid':
      return 'token_invalid'
  }
}

function sentenceOf(failure: BearerFailure): string {
  switch (failure.reason) {
    case 'bearer_missing':
      return 'send a bearer token in the Authorization header'
    case 'bearer_malformed':
      return 'the Authorization header could not be read'
    case 'revocations_unknown':
      return 'tokens cannot be verified at the moment'
    case 'scope_insufficient':
      return `the token does not carry the scope ${failure.scope}`
    case 'token_expired':
      return 'the token has expired'
    case 'token_revoked':
      return 'the token has been revoked'
    case 'token_malformed':
    case 'token_type_wrong':
    case 'key_unknown':
    case 'algorithm_wrong':
    case 'signature_wrong':
    case 'claims_invalid':
    case 'issuer_wrong':
    case 'audience_wrong':
    case 'token_not_yet_valid':
      return 'the token is not valid here'
  }
}

function logFailure(c: HttpContext, failure: BearerFailure): void {
  log('info', 'bearer_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
}
