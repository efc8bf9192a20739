import { compactVerify, errors } from 'jose'
import * as z from 'zod'

import { isRecord } from '../http/body.ts'
import { credentialCharactersMax, identifierCharactersMax } from '../platform/bounds.ts'
import { fromBase64url, fromUtf8 } from '../platform/encoding.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'

/** Where a verifier looks keys up: our own ring, or the published keys of another issuer. */
export interface VerificationKeys {
  verificationKey(
    kid: string,
    nowMs: number,
  ): Promise<{ readonly alg: string; readonly key: CryptoKey } | undefined>
}

export type JwtFailure =
  | { readonly reason: 'token_malformed' }
  | { readonly reason: 'token_type_wrong' }
  | { readonly reason: 'key_unknown' }
  | { readonly reason: 'algorithm_wrong' }
  | { readonly reason: 'signature_wrong' }

export interface VerifiedJwt {
  readonly kid: string
  /** Signed, but not yet judged: whose it is, for whom and until when are the caller's questions. */
  readonly claims: Readonly<Record<string, unknown>>
}

const HeaderSchema = z.object({
  alg: z.string(),
  kid: z.string().max(identifierCharactersMax),
  typ: z.string().default(''),
})

/**
 * Verifies the signature of a JWT in compact form, and that it is of a type that the caller asked for.
 *
 * `types` are lower-case media types without `application/`; an empty one admits a token without `typ`. The type is
 * what keeps an ID token from passing for an access token (RFC 8725 §3.11). The key says which algorithm is
 * right and the header may only agree, or an attacker would choose `none`, or HMAC with the public key
 * (RFC 8725 §3.1). `crit` is refused whatever it names, because no extension is understood here (RFC 7515 §4.1.11).
 * Keys that the token itself carries or points to (`jwk`, `jku`, `x5u`) are never looked at.
 */
export async function verifyJwt(
  token: Secret,
  types: readonly string[],
  keys: VerificationKeys,
  nowMs: number,
): Promise<Result<VerifiedJwt, JwtFailure>> {
  const parts = readParts(token)
  if (parts === undefined) return fail({ reason: 'token_malformed' })
  const { header, claims } = parts
  if (!types.includes(header.typ.toLowerCase().replace(/^application\//, ''))) {
    return fail({ reason: 'token_type_wrong' })
  }
  const found = await keys.verificationKey(header.kid, nowMs)
  if (found === undefined) return fail({ reason: 'key_unknown' })
  if (header.alg !== found.alg) return fail({ reason: 'algorithm_wrong' })
  try {
    await compactVerify(token.reveal(), found.key, { algorithms: [found.alg] })
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return fail({ reason: 'signature_wrong' })
    if (error instanceof errors.JOSEError) return fail({ reason: 'token_malformed' })
    throw error
  }
  return ok({ kid: header.kid, claims })
}

/** Takes a token apart, each part in canonical base64url, so that one token cannot be written in two ways. */
function readParts(token: Secret) {
  const text = token.reveal()
  if (text.length > credentialCharactersMax) return undefined
  const [headerText, claimsText, signatureText, ...rest] = text.split('.')
  if (headerText === undefined || claimsText === undefined || signatureText === undefined) return undefined
  if (rest.length > 0 || fromBase64url(signatureText) === undefined) return undefined
  const headerObject = readObject(headerText)
  const claims = readObject(claimsText)
  if (headerObject === undefined || claims === undefined || 'crit' in headerObject) return undefined
  const header = HeaderSchema.safeParse(headerObject)
  return header.success ? { header: header.data, claims } : undefined
}

function readObject(part: string): Readonly<Record<string, unknown>> | undefined {
  const bytes = fromBase64url(part)
  const text = bytes === undefined ? undefined : fromUtf8(bytes)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}
