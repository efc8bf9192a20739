import * as z from 'zod'

import { assert } from '../platform/assert.ts'
import { accessTokenTtlSeconds, clockSkewSeconds, credentialCharactersMax } from '../platform/bounds.ts'
import { sha256 } from '../platform/digest.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { ActorSchema } from './actor.ts'
import { verifyJwt, type JwtFailure, type VerificationKeys } from './jwt.ts'
import type { KeyRing } from './key-ring.ts'
import type { VerifiedTokens } from './verified-tokens.ts'

const TYPE = 'at+jwt'

/** The claims of an access token under their registered names (RFC 9068 §2.2); others are dropped. */
const AccessTokenClaimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string()).readonly()]),
  exp: z.number(),
  iat: z.number(),
  nbf: z.number().optional(),
  jti: z.string(),
  client_id: z.string(),
  scope: z.string().default(''),
  grant_id: z.string().optional(),
  auth_time: z.number().optional(),
  acr: z.string().optional(),
  sid: z.string().optional(),
  /** Ours: whose account it is, sealed, where `sub` is a name that only the client's sector knows. */
  account: z.string().optional(),
  /** Ours: claims that were asked for by name and that userinfo answers besides those of the scope. */
  userinfo_claims: z.array(z.string()).readonly().optional(),
  /** Who acts for the person (RFC 8693 §4.1). */
  act: ActorSchema.optional(),
  /** The key that the token is bound to (RFC 7800 §3.1, RFC 9449 §6.1). */
  cnf: z.object({ jkt: z.string() }).optional(),
})

export type AccessTokenClaims = Readonly<z.output<typeof AccessTokenClaimsSchema>>

export type AccessTokenFailure =
  | JwtFailure
  | { readonly reason: 'claims_invalid' }
  | { readonly reason: 'issuer_wrong' }
  | { readonly reason: 'audience_wrong' }
  | { readonly reason: 'token_expired' }
  | { readonly reason: 'token_not_yet_valid' }
  | { readonly reason: 'token_revoked' }

/** Tells whether a grant, a single token by its `jti`, or a client has ended before its time. */
export type IsRevoked = (kind: 'grant' | 'token' | 'client', id: string) => boolean

export interface AccessTokenPorts {
  readonly issuer: string
  /** What the token must be meant for: this gateway, or one resource behind it. Undefined only for whoever asks about it. */
  readonly audience: string | undefined
  readonly keyRing: VerificationKeys
  readonly isRevoked: IsRevoked
  readonly cache: VerifiedTokens
}

/** Signs an access token of the type that RFC 9068 §2.1 defines. */
export async function issueAccessToken(
  keyRing: Pick<KeyRing, 'sign'>,
  claims: AccessTokenClaims,
  nowMs: number,
): Promise<string> {
  const ttlSeconds = claims.exp - claims.iat
  assert(ttlSeconds <= accessTokenTtlSeconds, `an access token outlives its key by ${ttlSeconds} s at most`)
  return keyRing.sign('ES256', TYPE, claims, nowMs)
}

/**
 * Verifies an access token as RFC 9068 §4 says.
 *
 * The cache saves the signature only. Whether the key is still trusted, whom the token is for, its times, and whether it
 * was revoked are asked on every call, because those answers change while the token does not.
 */
export async function verifyAccessToken(
  token: Secret,
  ports: AccessTokenPorts,
  nowMs: number,
): Promise<Result<AccessTokenClaims, AccessTokenFailure>> {
  if (token.reveal().length > credentialCharactersMax) return fail({ reason: 'token_malformed' })
  const digest = sha256(token.reveal())
  const known = ports.cache.find(digest)
  if (known !== undefined) {
    const key = await ports.keyRing.verificationKey(known.kid, nowMs)
    return key === undefined ? fail({ reason: 'key_unknown' }) : judge(known.claims, ports, nowMs)
  }
  const verified = await verifyJwt(token, [TYPE], ports.keyRing, nowMs)
  if (!verified.ok) return verified
  const claims = AccessTokenClaimsSchema.safeParse(verified.value.claims)
  if (!claims.success) return fail({ reason: 'claims_invalid' })
  const judged = judge(claims.data, ports, nowMs)
  if (judged.ok) ports.cache.admit(digest, { kid: verified.value.kid, claims: claims.data })
  return judged
}

/** `exp` has no tolerance. Before `nbf` and `iat` another machine's clock may be ahead of this one's. */
function judge(
  claims: AccessTokenClaims,
  ports: AccessTokenPorts,
  nowMs: number,
): Result<AccessTokenClaims, AccessTokenFailure> {
  const { iss, aud, exp, iat, nbf = iat, jti, client_id, grant_id } = claims
  const latestStartMs = nowMs + clockSkewSeconds * 1000
  if (iss !== ports.issuer) return fail({ reason: 'issuer_wrong' })
  if (ports.audience !== undefined && !audienceOf({ aud }).includes(ports.audience)) {
    return fail({ reason: 'audience_wrong' })
  }
  if (exp * 1000 <= nowMs) return fail({ reason: 'token_expired' })
  if (Math.max(iat, nbf) * 1000 > latestStartMs) return fail({ reason: 'token_not_yet_valid' })
  const isGrantRevoked = grant_id !== undefined && ports.isRevoked('grant', grant_id)
  if (isGrantRevoked || ports.isRevoked('token', jti)) return fail({ reason: 'token_revoked' })
  if (ports.isRevoked('client', client_id)) return fail({ reason: 'token_revoked' })
  return ok(claims)
}

/** Whom a token is for. One audience may stand alone, several come as a list (RFC 7519 §4.1.3). */
export function audienceOf({ aud }: Pick<AccessTokenClaims, 'aud'>): readonly string[] {
  return typeof aud === 'string' ? [aud] : aud
}
