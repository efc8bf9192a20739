import { challenge } from '../http/challenge.ts'
import type { HttpContext, RequestFacts } from '../http/context.ts'
import { readCredentials } from '../http/credentials.ts'
import { oauthError } from '../http/oauth-error.ts'
import { refuse } from '../http/refusal.ts'
import { log } from '../platform/log.ts'
import { fail, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { verifyAccessToken, type AccessTokenClaims, type IsRevoked } from './access-token.ts'
import { errorOf, refusalCodeOf, sentenceOf, type BearerFailure } from './bearer-failure.ts'
import { checkBinding } from './dpop-binding.ts'
import { proofAlgs } from './dpop-proof-parts.ts'
import type { ProofPorts } from './dpop-proof.ts'
import type { VerificationKeys } from './jwt.ts'
import type { VerifiedTokens } from './verified-tokens.ts'

const REALM = 'gatewright'
const ALGS = proofAlgs.join(' ')
const RETRY = { 'retry-after': '1' } as const

export interface BearerPorts {
  readonly issuer: string
  readonly keyRing: VerificationKeys
  readonly verifiedTokens: VerifiedTokens
  /** Reads the set of revocations, at most as stale as the snapshot feed promises; undefined if it is not whole. */
  readonly revocations: (facts: RequestFacts) => Promise<IsRevoked | undefined>
  readonly proofs: ProofPorts
}

/**
 * Asks for an access token of ours in the `Authorization` header, and for one scope in it where one is named. A token that
 * is bound to a key comes with the scheme DPoP and a proof of that key.
 */
export async function requireBearer(
  c: HttpContext,
  ports: BearerPorts,
  scope?: string,
): Promise<Result<AccessTokenClaims, BearerFailure>> {
  const credentials = readCredentials(c.req.header('authorization'))
  switch (credentials.scheme) {
    case 'bearer':
    case 'dpop':
      return verifyPresented(c, credentials, ports, scope)
    case 'malformed':
      return fail({ reason: 'bearer_malformed' })
    case 'none':
    case 'basic':
    case 'apikey':
      return fail({ reason: 'bearer_missing' })
  }
}

/** The same for a token that came by another way, such as the form body of RFC 6750 §2.2, which has no place for a proof. */
export async function verifyBearer(
  c: HttpContext,
  token: Secret,
  ports: BearerPorts,
  scope?: string,
): Promise<Result<AccessTokenClaims, BearerFailure>> {
  return verifyPresented(c, { scheme: 'bearer', token }, ports, scope)
}

async function verifyPresented(
  c: HttpContext,
  { scheme, token }: { readonly scheme: 'bearer' | 'dpop'; readonly token: Secret },
  ports: BearerPorts,
  scope: string | undefined,
): Promise<Result<AccessTokenClaims, BearerFailure>> {
  const inspected = await inspectToken(token, c.var.facts, ports)
  if (!inspected.ok) return inspected
  const binding = await checkBinding(c, { scheme, token, jkt: inspected.value.cnf?.jkt }, ports.proofs)
  if (!binding.ok) return binding
  if (scope === undefined || hasScope(inspected.value, scope)) return inspected
  return fail({ reason: 'scope_insufficient', scope })
}

/**
 * Verifies what a token says, for somebody who asks about it. It opens nothing: whether whoever sent it holds the key that
 * it may be bound to is not asked.
 */
async function inspectToken(
  token: Secret,
  facts: RequestFacts,
  ports: BearerPorts,
): Promise<Result<AccessTokenClaims, BearerFailure>> {
  const { issuer, keyRing, verifiedTokens: cache } = ports
  const isRevoked = await ports.revocations(facts)
  if (isRevoked === undefined) return fail({ reason: 'revocations_unknown' })
  return verifyAccessToken(token, { issuer, audience: issuer, keyRing, isRevoked, cache }, facts.now)
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
  if (code === 'unavailable') return refuse(c, code, { headers: RETRY })
  const headers = challengeHeaders(c, failure, more)
  return failure.reason === 'scope_insufficient'
    ? refuse(c, code, { headers, facts: { scope: failure.scope } })
    : refuse(c, code, { headers })
}

/** Answers a bearer failure as OAuth endpoints do: the same challenge, with the body of RFC 6749 §5.2. */
export function bearerOAuthError(c: HttpContext, failure: BearerFailure): Response {
  logFailure(c, failure)
  const error = errorOf(failure)
  const error_description = sentenceOf(failure)
  if (error === 'temporarily_unavailable') return oauthError({ error, error_description, headers: RETRY })
  const status = error === 'insufficient_scope' ? 403 : 401
  return oauthError({ error, error_description, status, headers: challengeHeaders(c, failure, {}) })
}

function challengeHeaders(
  c: HttpContext,
  failure: BearerFailure,
  more: ChallengeParameters,
): Readonly<Record<string, string>> {
  return {
    'www-authenticate': bearerChallenge(c, failure, more),
    ...(failure.reason === 'proof_nonce_needed' && { 'dpop-nonce': failure.nonce }),
  }
}

/**
 * The challenge of RFC 6750 §3 or RFC 9449 §7.1, in the scheme that the request used. Somebody who sent no credentials is
 * told the schemes and nothing else (RFC 6750 §3.1); which check a token failed is for the log, since an attacker would
 * use it to mend a forgery.
 */
export function bearerChallenge(
  c: HttpContext,
  failure: BearerFailure,
  more: ChallengeParameters = {},
): string {
  if (failure.reason === 'bearer_missing') return tokenChallenges(more)
  const isProven = readCredentials(c.req.header('authorization')).scheme === 'dpop'
  const needsProof = isProven || failure.reason === 'token_bound'
  return challenge(needsProof ? 'DPoP' : 'Bearer', {
    realm: REALM,
    error: errorOf(failure),
    error_description: sentenceOf(failure),
    ...(failure.reason === 'scope_insufficient' && { scope: failure.scope }),
    ...(needsProof && { algs: ALGS }),
    ...more,
  })
}

/** Both ways to present a token (RFC 9449 §7.2). */
export function tokenChallenges(more: ChallengeParameters = {}): string {
  return [
    challenge('Bearer', { realm: REALM, ...more }),
    challenge('DPoP', { realm: REALM, algs: ALGS, ...more }),
  ].join(', ')
}

function logFailure(c: HttpContext, failure: BearerFailure): void {
  log('info', 'bearer_refused', { reason: failure.reason, request_id: c.var.facts.request_id })
}
