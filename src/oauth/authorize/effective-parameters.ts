import type { Client } from '../../clients/client.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { Secret } from '../../platform/secret.ts'
import { fromStorage } from '../storage.ts'
import { AuthorizeParameters } from './authorize.contract.ts'
import { readRequestObject, type RequestObjectFailure, type RequestObjectPorts } from './request-object.ts'
import { isRegisteredRequestUri, type RequestUriFailure } from './request-uri.ts'

/** Begins the names of requests that were pushed here (RFC 9126 §2.2). */
export const PUSHED_PREFIX = 'urn:ietf:params:oauth:request_uri:'

export interface EffectivePorts extends RequestObjectPorts {
  readonly fetchRequestObject: (
    request_uri: string,
    arrival: { readonly address: string; readonly nowMs: number },
  ) => Promise<Result<Secret, RequestUriFailure>>
  readonly pushedRequests: PushedRequests
}

/** Requests that clients have left here (RFC 9126); a visit finds one and only its end spends it. */
export interface PushedRequests {
  find(request_uri: string, client_id: string): Promise<PushedParameters | undefined>
  /** True for one caller, who may then hand out a code. */
  spend(request_uri: string, client_id: string): Promise<boolean>
}

/** What a client has pushed: parameters that were verified, and the key that the code will be bound to. */
export interface PushedParameters {
  readonly parameters: Readonly<Record<string, string>>
  readonly dpop_jkt: string | null
}

/** What a client asks, wherever it wrote it down. */
export interface Asked {
  readonly parameters: AuthorizeParameters
  /** The client vouches for every parameter, not only whoever wrote the link. */
  readonly isSigned: boolean
  readonly isPushed: boolean
  /** The name of the pushed request that must be spent for a code. */
  readonly pushed_uri: string | undefined
  readonly dpop_jkt: string | null
}

/** A request as a browser brings it: for which client, and from which address. */
export interface Asking {
  readonly parameters: AuthorizeParameters
  readonly client: Client
  readonly address: string
}

export type AskedFailure =
  | RequestObjectFailure
  | RequestUriFailure
  | { readonly reason: 'request_twice' }
  | { readonly reason: 'response_type_contradictory' }
  | { readonly reason: 'pushed_request_unknown' }
  | { readonly reason: 'storage_unavailable' }

/**
 * Finds the parameters that count. A request object or a pushed request replaces all that stands beside it, so
 * that nobody can add to what the client has vouched for by writing on the link.
 *
 * @see RFC 9101 §6.3 (only parameters of the request object)
 * @see RFC 9126 §4
 */
export async function readAsked(
  { parameters, client, address }: Asking,
  ports: EffectivePorts,
  nowMs: number,
): Promise<Result<Asked, AskedFailure>> {
  const { request, request_uri } = parameters
  if (request !== undefined && request_uri !== undefined) return fail({ reason: 'request_twice' })
  if (request_uri?.startsWith(PUSHED_PREFIX) === true) {
    return readPushed(request_uri, client, ports)
  }
  if (request !== undefined) return readSigned(parameters, new Secret(request), { client, nowMs }, ports)
  if (request_uri === undefined) return ok(plain(parameters))
  if (!isRegisteredRequestUri(request_uri, client)) return fail({ reason: 'request_uri_unregistered' })
  const object = await ports.fetchRequestObject(request_uri, { address, nowMs })
  return object.ok ? readSigned(parameters, object.value, { client, nowMs }, ports) : object
}

/** What an authenticated client pushes: plain or as a request object, never by reference (RFC 9126 §2.1, §3). */
export async function readAskedByPush(
  parameters: AuthorizeParameters,
  client: Client,
  ports: EffectivePorts,
  nowMs: number,
): Promise<Result<Asked, AskedFailure>> {
  const { request, request_uri } = parameters
  if (request_uri !== undefined) return fail({ reason: 'request_object_nested' })
  const asked =
    request === undefined
      ? ok(plain({ ...parameters, client_id: client.client_id }))
      : await readSigned(parameters, new Secret(request), { client, nowMs }, ports)
  return asked.ok ? ok({ ...asked.value, isPushed: true }) : asked
}

/** A set of resources in one text, for stores that keep one text for each name. No URI holds a blank. */
export function toStored(parameters: AuthorizeParameters): Readonly<Record<string, string>> {
  const { resource, ...texts } = parameters
  return { ...texts, ...(resource !== undefined && { resource: resource.join(' ') }) }
}

function plain(parameters: AuthorizeParameters): Asked {
  const { requested_at: _, ...asked } = parameters
  const dpop_jkt = asked.dpop_jkt ?? null
  return { parameters: asked, isSigned: false, isPushed: false, pushed_uri: undefined, dpop_jkt }
}

/** `response_type` beside the object may only agree (OpenID Connect Core §6.1); the others are not looked at. */
async function readSigned(
  beside: AuthorizeParameters,
  object: Secret,
  { client, nowMs }: { readonly client: Client; readonly nowMs: number },
  ports: RequestObjectPorts,
): Promise<Result<Asked, AskedFailure>> {
  const parameters = await readRequestObject(object, client, ports, nowMs)
  if (!parameters.ok) return parameters
  const { response_type } = parameters.value
  const agrees = beside.response_type === undefined || beside.response_type === response_type
  if (!agrees) return fail({ reason: 'response_type_contradictory' })
  return ok({ ...plain(parameters.value), isSigned: true })
}

/** Signatures were judged when it was pushed, and what was pushed cannot be changed since. */
async function readPushed(
  request_uri: string,
  { client_id }: Client,
  { pushedRequests }: EffectivePorts,
): Promise<Result<Asked, AskedFailure>> {
  const found = await fromStorage('find pushed request', () => pushedRequests.find(request_uri, client_id))
  if (!found.ok) return found
  if (found.value === undefined) return fail({ reason: 'pushed_request_unknown' })
  const { parameters: stored, dpop_jkt } = found.value
  const { resource, ...texts } = stored
  const parameters = AuthorizeParameters.parse({
    ...texts,
    ...(resource !== undefined && { resource: resource.split(' ') }),
  })
  const asked = plain(parameters)
  return ok({
    ...asked,
    isSigned: true,
    isPushed: true,
    pushed_uri: request_uri,
    dpop_jkt: dpop_jkt ?? asked.dpop_jkt,
  })
}
