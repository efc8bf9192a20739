import { fail, ok, type Result } from '../platform/result.ts'
import type { Secret } from '../platform/secret.ts'
import { findSignatureFault, isOfType, readJwt, type JwtFailure, type UnverifiedJwt } from '../signing/jwt.ts'
import type { RemoteJwks } from '../signing/remote-jwks.ts'
import { keyIn, readKeys, type RemoteKey } from '../signing/remote-key-set.ts'
import type { Client } from './client.ts'
import { signatureAlgs } from './metadata.contract.ts'

export interface ClientKeyPorts {
  /** Key sets that clients publish, held in this isolate. */
  readonly remoteJwks: Pick<RemoteJwks, 'find'>
}

/** Whose token it must be, and what it may be like. */
export interface ExpectedClientJwt {
  readonly client: Pick<Client, 'metadata'>
  /** Lower-case media types without `application/`; an empty one admits a token without `typ`. */
  readonly types: readonly string[]
  /** The algorithm that the client registered for this purpose, if it registered one. */
  readonly alg: string | undefined
}

export type ClientJwtFailure =
  | JwtFailure
  /** It brings or points to a key of its own: whoever wrote it would vouch for himself. */
  | { readonly reason: 'header_forbidden' }
  | { readonly reason: 'keys_unregistered' }
  | { readonly reason: 'keys_unreachable' }

/** Header members by which a token would choose the key that it is judged by (RFC 7515 §4.1.2, §4.1.3, §4.1.5, §4.1.6). */
const KEY_MEMBERS = ['jku', 'jwk', 'x5u', 'x5c'] as const

/**
 * Verifies that a client signed a JWT, with the keys that it registered, and answers the claims. They are signed but not
 * yet judged: for whom, until when and how often are the caller's questions.
 *
 * The algorithm is out of the registered one or our list, and a key is read for that one only, so that a header can
 * neither choose `none` nor HMAC with a public key (RFC 8725 §3.1, §3.2).
 */
export async function verifyClientJwt(
  token: Secret,
  expected: ExpectedClientJwt,
  ports: ClientKeyPorts,
  nowMs: number,
): Promise<Result<Readonly<Record<string, unknown>>, ClientJwtFailure>> {
  const jwt = readJwt(token)
  if (jwt === undefined) return fail({ reason: 'token_malformed' })
  if (KEY_MEMBERS.some((name) => name in jwt.header)) return fail({ reason: 'header_forbidden' })
  if (!isOfType(jwt, expected.types)) return fail({ reason: 'token_type_wrong' })
  const allowed: readonly string[] = allowedAlgs(expected)
  if (!allowed.includes(jwt.header.alg)) return fail({ reason: 'algorithm_wrong' })
  const found = await findKey(jwt, expected.client, ports, nowMs)
  if (!found.ok) return found
  const failure = await findSignatureFault(token.reveal(), found.value)
  return failure === undefined ? ok(jwt.claims) : fail(failure)
}

/** RSASSA-PKCS1-v1_5 is left out by the FAPI 2.0 Security Profile §5.4.1. */
function allowedAlgs({ alg, client }: ExpectedClientJwt): readonly string[] {
  if (alg !== undefined) return [alg]
  return client.metadata.profile === 'fapi2'
    ? signatureAlgs.filter((name) => name !== 'RS256')
    : signatureAlgs
}

async function findKey(
  { header: { alg, kid } }: UnverifiedJwt,
  { metadata: { jwks, jwks_uri } }: ExpectedClientJwt['client'],
  { remoteJwks }: ClientKeyPorts,
  nowMs: number,
): Promise<Result<RemoteKey, ClientJwtFailure>> {
  if (jwks_uri !== undefined) return remoteJwks.find({ jwks_uri, algorithms: [alg] }, kid, nowMs)
  if (jwks === undefined) return fail({ reason: 'keys_unregistered' })
  const key = keyIn(await readKeys(jwks.keys, [alg]), kid)
  return key === undefined ? fail({ reason: 'key_unknown' }) : ok(key)
}
