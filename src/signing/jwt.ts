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

const HeaderSchema = z.looseObject({
  alg: z.string(),
  kid: z.string().max(identifierCharactersMax).optional(),
  typ: z.string().default(''),
})

/** A JWT that has been taken apart, of which nothing is believed yet. */
export interface UnverifiedJwt {
  readonly header: Readonly<z.output<typeof HeaderSchema>>
  readonly claims: Readonly<Record<string, unknown>>
}

/**
 * Verifies the signature of a JWT in compact form, and that it is of a type that the caller asked for.
 *
 * `types` are lower-case media types without `application/`; an empty one admits a token without `typ`. The type is
 * what keeps an ID token from passing for an access token (RFC 8725 §3.11). The key says which algorithm is
 * right and the header may only agree, or an attacker would choose `none`, or HMAC with the public key
 * (RFC 8725 §3.1). Keys that the token itself carries or points to (`jwk`, `jku`, `x5u`) are never looked at.
 */
export async function verifyJwt(
  token: Secret,
  types: readonly string[],
  keys: VerificationKeys,
  nowMs: number,
): Promise<Result<VerifiedJwt, JwtFailure>> {
  const jwt = readJwt(token)
  if (jwt?.header.kid === undefined) return fail({ reason: 'token_malformed' })
  const { alg, kid } = jwt.header
  if (!isOfType(jwt, types)) return fail({ reason: 'token_type_wrong' })
  const found = await keys.verificationKey(kid, nowMs)
  if (found === undefined) return fail({ reason: 'key_unknown' })
  if (alg !== found.alg) return fail({ reason: 'algorithm_wrong' })
  const failure = await findSignatureFault(token.reveal(), found)
  return failure === undefined ? ok({ kid, claims: jwt.claims }) : fail(failure)
}

/** Whether a JWT says that it is of one of these types. */
export function isOfType({ header }: UnverifiedJwt, types: readonly string[]): boolean {
  return types.includes(header.typ.toLowerCase().replace(/^application\//, ''))
}

/** Verifies the signature of a JWT that was taken apart before, by a key that says which algorithm is right. */
export async function findSignatureFault(
  text: string,
  { alg, key }: { readonly alg: string; readonly key: CryptoKey },
): Promise<Extract<JwtFailure, { reason: 'signature_wrong' | 'token_malformed' }> | undefined> {
  try {
    await compactVerify(text, key, { algorithms: [alg] })
    return undefined
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return { reason: 'signature_wrong' }
    if (error instanceof errors.JOSEError) return { reason: 'token_malformed' }
    throw error
  }
}

/** Takes a token of ordinary length apart, and asks of its header what every token must have. */
export function readJwt(token: Secret): UnverifiedJwt | undefined {
  const parts = takeApart(token.reveal(), credentialCharactersMax)
  if (parts === undefined) return undefined
  const header = HeaderSchema.safeParse(parts.header)
  return header.success ? { header: header.data, claims: parts.claims } : undefined
}

/**
 * Takes a JWT apart, each part in canonical base64url, so that one cannot be written in two ways. One with `crit` is
 * refused whatever that names, because no extension is understood here (RFC 7515 §4.1.11).
 */
export function takeApart(text: string, charactersMax: number) {
  if (text.length > charactersMax) return undefined
  const [headerText, claimsText, signatureText, ...rest] = text.split('.')
  if (headerText === undefined || claimsText === undefined || signatureText === undefined) return undefined
  if (rest.length > 0 || fromBase64url(signatureText) === undefined) return undefined
  const header = readObject(headerText)
  const claims = readObject(claimsText)
  return header === undefined || claims === undefined || 'crit' in header ? undefined : { header, claims }
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
