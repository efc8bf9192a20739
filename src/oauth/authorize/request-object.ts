import * as z from 'zod'

import { verifyClientJwt, type ClientKeyPorts } from '../../clients/client-keys.ts'
import type { Client } from '../../clients/client.ts'
import { requestObjectLifetimeSecondsMax } from '../../platform/authorization-bounds.ts'
import { clockSkewSeconds, parameterCharactersMax } from '../../platform/bounds.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Secret } from '../../platform/secret.ts'
import { AuthorizeParameters } from './authorize.contract.ts'

export interface RequestObjectPorts extends ClientKeyPorts {
  readonly issuer: string
}

export type RequestObjectFailure =
  | { readonly reason: 'request_object_unverified' }
  | { readonly reason: 'request_object_of_another' }
  | { readonly reason: 'request_object_untimely' }
  | { readonly reason: 'request_object_nested' }
  | { readonly reason: 'request_object_malformed' }

/** An empty type is what OpenID Connect Core §6.1 knew; RFC 9101 §10.8 brought a type of its own. */
const TYPES = ['oauth-authz-req+jwt', 'jwt', ''] as const

const Envelope = z.object({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string())]),
  sub: z.string().exactOptional(),
  client_id: z.string().exactOptional(),
  exp: z.number().exactOptional(),
  nbf: z.number().exactOptional(),
  iat: z.number().exactOptional(),
})

type Envelope = z.output<typeof Envelope>

/**
 * Reads a request object into the parameters that count; those beside it do not (RFC 9101 §6.3).
 *
 * It is believed only with a signature of the client's registered keys. `alg: none` is refused always: it would let
 * whoever wrote the link write the object. `iss` and `aud` are demanded, so that an object made for another server, or
 * by another client, does not work here. `sub` keeps a client assertion, which the client signs with the
 * same keys, from being taken for a request (RFC 9101 §10.8).
 *
 * @see RFC 9101 §4, §6, §10.8
 * @see OpenID Connect Core 1.0 §6.1
 */
export async function readRequestObject(
  object: Secret,
  client: Client,
  ports: RequestObjectPorts,
  nowMs: number,
): Promise<Result<AuthorizeParameters, RequestObjectFailure>> {
  const expected = { client, types: TYPES, alg: client.metadata.request_object_signing_alg }
  const verified = await verifyClientJwt(object, expected, ports, nowMs)
  if (!verified.ok) return fail({ reason: 'request_object_unverified' })
  const claims = verified.value
  const envelope = Envelope.safeParse(claims)
  if (!envelope.success) return fail({ reason: 'request_object_malformed' })
  if (!isOf(envelope.data, client.client_id, ports.issuer)) {
    return fail({ reason: 'request_object_of_another' })
  }
  if (!isTimely(envelope.data, client, epochSeconds(nowMs)))
    return fail({ reason: 'request_object_untimely' })
  if ('request' in claims || 'request_uri' in claims) return fail({ reason: 'request_object_nested' })
  const texts = toTexts(claims)
  const parameters = AuthorizeParameters.safeParse(texts)
  const isBounded = !Object.values(texts).some(isTooLong)
  if (!parameters.success || !isBounded) return fail({ reason: 'request_object_malformed' })
  const { requested_at: _, ...asked } = parameters.data
  return ok({ ...asked, client_id: client.client_id })
}

function isOf(envelope: Envelope, client_id: string, issuer: string): boolean {
  const audience = typeof envelope.aud === 'string' ? [envelope.aud] : envelope.aud
  const isByClient = envelope.iss === client_id && (envelope.client_id ?? client_id) === client_id
  return isByClient && envelope.sub !== client_id && audience.includes(issuer)
}

/**
 * FAPI 2.0 Message Signing §5.3.1 demands both ends of the lifetime, which is an hour at most; for others they count
 * where they are named.
 */
function isTimely({ exp, nbf, iat }: Envelope, { metadata }: Client, now: number): boolean {
  if (exp !== undefined && exp <= now - clockSkewSeconds) return false
  if (nbf !== undefined && nbf > now + clockSkewSeconds) return false
  if (iat !== undefined && iat > now + clockSkewSeconds) return false
  if (metadata.profile !== 'fapi2') return true
  if (exp === undefined || nbf === undefined) return false
  return exp - nbf <= requestObjectLifetimeSecondsMax && now - nbf <= requestObjectLifetimeSecondsMax
}

/**
 * Parameters as they would stand in a query. In JSON a number may come as one, `claims` as an object and `resource` as a
 * list (OpenID Connect Core §6.1, RFC 8707 §2); a parameter without a value counts as absent (RFC 6749 §3.1).
 */
function toTexts(claims: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { max_age, claims: requested, resource } = claims
  const texts = {
    ...claims,
    ...(typeof max_age === 'number' && { max_age: String(max_age) }),
    ...(typeof requested === 'object' && requested !== null && { claims: JSON.stringify(requested) }),
    ...(typeof resource === 'string' && { resource: [resource] }),
  }
  return Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== ''))
}

/** What a query could not have carried is not taken from an object either. */
function isTooLong(value: unknown): boolean {
  return typeof value === 'string' && value.length > parameterCharactersMax
}
