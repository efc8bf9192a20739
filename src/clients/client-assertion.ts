import * as z from 'zod'

import { epochSeconds } from '../platform/clock.ts'
import { assertionLifetimeSecondsMax, clockSkewSeconds, identifierCharactersMax } from '../platform/bounds.ts'
import { isRecord } from '../http/body.ts'
import { errorText, log } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { readJwt } from '../signing/jwt.ts'
import { verifyClientJwt, type ClientJwtFailure, type ClientKeyPorts } from './client-keys.ts'
import type { Client } from './client.ts'

/** The one kind of assertion that a client may authenticate with here (RFC 7523 §2.2). */
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export interface AssertionPorts extends ClientKeyPorts {
  readonly issuer: string
  readonly tokenEndpoint: string
  /** Takes an assertion once. What it answers must be known to every isolate before it answers. */
  readonly spendOnce: (use: {
    readonly kind: 'assertion'
    readonly owner: string
    readonly jti: string
    readonly expires_at: number
  }) => Promise<'first' | 'repeated'>
}

export type AssertionFailure =
  | ClientJwtFailure
  | { readonly reason: 'claims_invalid' }
  | { readonly reason: 'subject_wrong' }
  | { readonly reason: 'audience_wrong' }
  | { readonly reason: 'assertion_expired' }
  | { readonly reason: 'assertion_too_long' }
  | { readonly reason: 'assertion_not_yet_valid' }
  | { readonly reason: 'assertion_repeated' }
  | { readonly reason: 'storage_unavailable' }

/** RFC 7523 leaves `typ` out; its revision gives assertions a type of their own. Types of other tokens are refused. */
const TYPES = ['jwt', 'client-authentication+jwt', ''] as const

const Claims = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string()).min(1)]),
  exp: z.number(),
  nbf: z.number().optional(),
  iat: z.number().optional(),
  jti: z.string().min(1).max(identifierCharactersMax),
})

type Claims = Readonly<z.output<typeof Claims>>

/** Who an assertion says that it is from, before anything in it has been verified. */
export function unverifiedClient(assertion: Secret): string | undefined {
  const claims = readJwt(assertion)?.claims
  return isRecord(claims) && typeof claims['sub'] === 'string' ? claims['sub'] : undefined
}

/** An assertion as it arrived: at which of our endpoints, and when. */
export interface AssertionArrival {
  readonly assertion: Secret
  /** The URL of the endpoint under our issuer. */
  readonly endpoint: string
  readonly nowMs: number
}

/**
 * Verifies that an assertion is the client's, for us, now, and the first of its kind.
 *
 * It is spent last: an attempt that fails for another reason must not burn the identifier that the honest one needs, and
 * an attacker must not be able to fill our memory with identifiers that nobody signed. A repeated one is somebody who
 * has seen it. Where it cannot be known whether it is repeated, nobody is let in.
 *
 * @see RFC 7521 §4.2, RFC 7523 §3, OpenID Connect Core 1.0 §9
 */
export async function verifyAssertion(
  { assertion, endpoint, nowMs }: AssertionArrival,
  client: Client,
  ports: AssertionPorts,
): Promise<Result<Client, AssertionFailure>> {
  const alg = client.metadata.token_endpoint_auth_signing_alg
  const verified = await verifyClientJwt(assertion, { client, types: TYPES, alg }, ports, nowMs)
  if (!verified.ok) return verified
  const parsed = Claims.safeParse(verified.value)
  if (!parsed.success) return fail({ reason: 'claims_invalid' })
  const claims = parsed.data
  const { client_id } = client
  if (claims.iss !== client_id || claims.sub !== client_id) return fail({ reason: 'subject_wrong' })
  if (!isForUs(claims.aud, client, endpoint, ports)) return fail({ reason: 'audience_wrong' })
  const failure = faultInTime(claims, epochSeconds(nowMs))
  if (failure !== undefined) return fail(failure)
  return spend(claims, client, ports)
}

/**
 * Whether we are the audience.
 *
 * A client that talks to several servers can be tricked by one of them into signing an assertion that is for another;
 * the FAPI 2.0 Security Profile §5.3.2.1 therefore takes the issuer alone, as a single string. OpenID Connect clients
 * name an endpoint, as OpenID Connect Core 1.0 §9 told them to.
 */
function isForUs(aud: Claims['aud'], { metadata }: Client, endpoint: string, ports: AssertionPorts): boolean {
  if (metadata.profile === 'fapi2') return aud === ports.issuer
  const ours = [ports.issuer, ports.tokenEndpoint, endpoint]
  return typeof aud === 'string' ? ours.includes(aud) : aud.some((one) => ours.includes(one))
}

function faultInTime({ exp, nbf, iat }: Claims, now: number): AssertionFailure | undefined {
  if (exp + clockSkewSeconds <= now) return { reason: 'assertion_expired' }
  if (exp - now > assertionLifetimeSecondsMax + clockSkewSeconds) return { reason: 'assertion_too_long' }
  if (Math.max(nbf ?? now, iat ?? now) - clockSkewSeconds > now) return { reason: 'assertion_not_yet_valid' }
  return undefined
}

async function spend(
  { jti, exp }: Claims,
  client: Client,
  { spendOnce }: AssertionPorts,
): Promise<Result<Client, AssertionFailure>> {
  const expires_at = Math.ceil(exp) + clockSkewSeconds
  try {
    const use = await spendOnce({ kind: 'assertion', owner: client.client_id, jti, expires_at })
    return use === 'first' ? ok(client) : fail({ reason: 'assertion_repeated' })
  } catch (error) {
    log('error', 'storage_unavailable', { question: 'spend assertion', error: errorText(error) })
    return fail({ reason: 'storage_unavailable' })
  }
}
