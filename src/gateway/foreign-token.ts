import * as z from 'zod'

import type { TrustedIssuer } from '../catalog/snapshot.ts'
import { isRecord } from '../http/body.ts'
import { clockSkewSeconds } from '../platform/bounds.ts'
import { fromBase64url, fromUtf8 } from '../platform/encoding.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import type { AccessTokenFailure } from '../signing/access-token.ts'
import { verifyJwt } from '../signing/jwt.ts'
import type { RemoteJwks } from '../signing/remote-jwks.ts'

/** What a token of another issuer says of its bearer, as far as we use it. */
export interface ForeignIdentity {
  readonly sub: string
  readonly client_id: string
  readonly scopes: readonly string[]
  /** Thumbprint of the key that the token is bound to (RFC 9449 §6.1), if any. */
  readonly jkt: string | undefined
}

/** `at+jwt` is what RFC 9068 asks for; many issuers still write `JWT` or nothing. The audience tells tokens apart. */
const TYPES = ['at+jwt', 'jwt', ''] as const

/** Identifiers go on to the upstream in headers, so they must be what a header can carry. */
const Identifier = z.string().regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/)
const ScopeNames = z.union([z.string().transform((text) => text.split(' ')), z.array(z.string())])

const Claims = z.object({
  iss: z.string(),
  sub: Identifier,
  aud: z.union([z.string().transform((one) => [one]), z.array(z.string())]),
  exp: z.number(),
  nbf: z.number().optional(),
  iat: z.number(),
  client_id: Identifier.optional(),
  azp: Identifier.optional(),
  scope: ScopeNames.optional(),
  scp: ScopeNames.optional(),
  /** A token that is bound in a way that is not known here, such as to a certificate, is refused: nobody could check it. */
  cnf: z.object({ jkt: z.string() }).optional(),
})

export type ForeignTokenFailure = AccessTokenFailure | { readonly reason: 'keys_unreachable' }

/** Reads the issuer that a token names, before anything in it has been verified. */
export function unverifiedIssuer(token: Secret): string | undefined {
  const bytes = fromBase64url(token.reveal().split('.', 3)[1] ?? '')
  const text = bytes === undefined ? undefined : fromUtf8(bytes)
  if (text === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(text)
    return isRecord(claims) && typeof claims['iss'] === 'string' ? claims['iss'] : undefined
  } catch {
    return undefined
  }
}

/** Verifies a token of an issuer that the operator trusts, with that issuer's published keys (RFC 9068 §4). */
export async function verifyForeignToken(
  token: Secret,
  trusted: TrustedIssuer,
  remoteJwks: Pick<RemoteJwks, 'find'>,
  nowMs: number,
): Promise<Result<ForeignIdentity, ForeignTokenFailure>> {
  let areKeysReachable = true
  const keys = {
    async verificationKey(kid: string) {
      const found = await remoteJwks.find(trusted, kid, nowMs)
      areKeysReachable = found.ok || found.failure.reason !== 'keys_unreachable'
      return found.ok ? found.value : undefined
    },
  }
  const verified = await verifyJwt(token, TYPES, keys, nowMs)
  if (!areKeysReachable) return fail({ reason: 'keys_unreachable' })
  return verified.ok ? judge(verified.value.claims, trusted, nowMs) : verified
}

function judge(
  unread: Readonly<Record<string, unknown>>,
  trusted: TrustedIssuer,
  nowMs: number,
): Result<ForeignIdentity, ForeignTokenFailure> {
  const claims = Claims.safeParse(unread)
  if (!claims.success) return fail({ reason: 'claims_invalid' })
  const { iss, sub, aud, exp, iat, nbf = iat, client_id, azp, scope, scp, cnf } = claims.data
  const skewMs = clockSkewSeconds * 1000
  if (iss !== trusted.issuer) return fail({ reason: 'issuer_wrong' })
  if (!aud.includes(trusted.audience)) return fail({ reason: 'audience_wrong' })
  if (exp * 1000 + skewMs <= nowMs) return fail({ reason: 'token_expired' })
  if (Math.max(iat, nbf) * 1000 - skewMs > nowMs) return fail({ reason: 'token_not_yet_valid' })
  const scopes = (scope ?? scp ?? []).filter(isScopeToken)
  return ok({ sub, client_id: client_id ?? azp ?? '', scopes, jkt: cnf?.jkt })
}

/** RFC 6749 §3.3. What is none can match no route and must not reach a header. */
function isScopeToken(name: string): boolean {
  return /^[\x21\x23-\x5b\x5d-\x7e]+$/.test(name)
}
