import type { Client } from '../../clients/client.ts'
import { matchesRedirectUri } from '../../clients/redirect-uri.ts'
import type { Parameters } from '../../http/body.ts'
import type { RequestFacts } from '../../http/context.ts'
import { identifierCharactersMax } from '../../platform/bounds.ts'
import { sha256 } from '../../platform/digest.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { requestedAcr, type AcrRequest } from './acr-requirement.ts'
import type {
  AuthorizationFailure,
  Recipient,
  RefusedReason,
  UnverifiedReason,
} from './authorization-failure.ts'
import { AuthorizeParameters } from './authorize.contract.ts'
import { readClaimsParameter, type ClaimsRequest } from './claims-parameter.ts'
import { readAsked, readAskedByPush, type Asked, type EffectivePorts } from './effective-parameters.ts'
import { readHint, type HintPorts } from './id-token-hint.ts'
import {
  findFault,
  requestedMaxAge,
  requestedPrompts,
  requestedScope,
  toQuery,
  type Prompt,
} from './request-checks.ts'
import { readRequestStart, type RequestStart } from './request-start.ts'
import { requestedResources } from './resource-indicators.ts'
import { defaultResponseMode, readResponseMode } from './response-mode.ts'

/** What a verified client asks of a person; nothing in it needs to be checked again. */
export interface AuthorizationRequest extends Recipient {
  readonly scope: readonly string[]
  readonly code_challenge: string | null
  readonly nonce: string | null
  readonly prompts: readonly Prompt[]
  readonly max_age: number | undefined
  /** What this client knows the person by whom it expects, from a hint that verified. */
  readonly hinted_sub: string | undefined
  readonly claims: ClaimsRequest | undefined
  readonly acr: AcrRequest | undefined
  readonly resource: readonly string[]
  /** Thumbprint of the only key that may redeem the code (RFC 9449 §10). */
  readonly dpop_jkt: string | null
  /** The name of the pushed request that a code spends. */
  readonly pushed_uri: string | undefined
  /** When it first arrived; undefined for a request that has not been at sign-in or consent. */
  readonly start: RequestStart | undefined
  /** As they arrived, to send the request on: for one in an object or pushed, that is only where it is. */
  readonly parameters: AuthorizeParameters
  /** The parameters that count, wherever they were. */
  readonly effective: AuthorizeParameters
  /** Stands for all that is asked: what a person agreed to must not be exchanged behind its address. */
  readonly fingerprint: string
}

export interface AuthorizationRequestPorts extends HintPorts, EffectivePorts {
  readonly findClient: (client_id: string, nowMs: number) => Promise<Client | undefined>
  /** Whether something here is known by a resource indicator (RFC 8707 §2); undefined while nobody can say. */
  readonly findResource: (resource: string, nowMs: number) => Promise<boolean | undefined>
  readonly requestMac: Uint8Array
}

type Reading = Promise<Result<AuthorizationRequest, AuthorizationFailure>>

/**
 * Reads an authorization request: whose it is, what counts of it, where its answer goes, then everything else.
 *
 * Until client and redirect URI are verified a failure has no address to be sent to, and must not get one from the request.
 * A request that has been at sign-in is judged by when it began: its object may have expired meanwhile.
 */
export async function readAuthorizationRequest(
  query: Parameters,
  ports: AuthorizationRequestPorts,
  { now: nowMs, address }: Pick<RequestFacts, 'now' | 'address'>,
): Reading {
  const parameters = AuthorizeParameters.parse(query)
  const found = await findClient(parameters.client_id, ports, nowMs)
  if (!found.ok) return found
  const client = found.value
  const start = readRequestStart(parameters, ports.requestMac, nowMs)
  const beganMs = start === undefined ? nowMs : start.requested_at * 1000
  const asked = await readAsked({ parameters, client, address }, ports, beganMs)
  if (!asked.ok) {
    return fail({ reason: asked.failure.reason, recipient: recipientBeside(parameters, client) })
  }
  return judge({ client, asked: asked.value, parameters, start }, ports, nowMs)
}

/**
 * Reads a request that an authenticated client pushes, by the same rules and before anybody is asked anything. Its
 * `effective` parameters are what is to be kept (`toStored`).
 *
 * @see RFC 9126 §2.1 (validated as at the authorization endpoint)
 */
export async function readPushedRequest(
  body: Parameters,
  client: Client,
  ports: AuthorizationRequestPorts,
  nowMs: number,
): Reading {
  const parameters = AuthorizeParameters.parse(body)
  const asked = await readAskedByPush(parameters, client, ports, nowMs)
  if (!asked.ok) return fail({ reason: asked.failure.reason, recipient: undefined })
  return judge({ client, asked: asked.value, parameters, start: undefined }, ports, nowMs)
}

/** A request with its client and the parameters that count, not yet judged. */
interface Unjudged {
  readonly client: Client
  readonly asked: Asked
  readonly parameters: AuthorizeParameters
  readonly start: RequestStart | undefined
}

async function judge(unjudged: Unjudged, ports: AuthorizationRequestPorts, nowMs: number): Reading {
  const { client, asked, parameters, start } = unjudged
  const verified = verifyRecipient(asked.parameters, client)
  if (!verified.ok) return verified
  const recipient = verified.value
  const refuse = (reason: RefusedReason) => fail({ reason, recipient })
  const fault = findFault({ ...asked, carried: parameters }, client)
  if (fault !== undefined) return refuse(fault)

  const {
    code_challenge = null,
    nonce = null,
    id_token_hint,
    claims: claimsText,
    acr_values,
  } = asked.parameters
  const hint =
    id_token_hint === undefined
      ? ok(undefined)
      : await readHint(id_token_hint, client.client_id, ports, nowMs)
  if (!hint.ok) return refuse(hint.failure.reason)
  const resource = requestedResources(asked.parameters.resource)
  const known = await Promise.all(resource.map((each) => ports.findResource(each, nowMs)))
  if (known.includes(undefined)) return refuse('storage_unavailable')
  if (known.includes(false)) return refuse('resource_unknown')
  const claims =
    claimsText === undefined ? undefined : readClaimsParameter(claimsText, client.metadata.scope.split(' '))
  return ok({
    ...recipient,
    scope: requestedScope(asked.parameters, client),
    code_challenge,
    nonce,
    prompts: requestedPrompts(asked.parameters),
    max_age: requestedMaxAge(asked.parameters, client),
    hinted_sub: hint.value,
    claims,
    acr: requestedAcr(claims, acr_values, client.metadata.default_acr_values),
    resource,
    dpop_jkt: asked.dpop_jkt,
    pushed_uri: asked.pushed_uri,
    start,
    parameters,
    effective: asked.parameters,
    fingerprint: sha256(toQuery(asked.parameters)),
  })
}

async function findClient(
  client_id: string | undefined,
  ports: AuthorizationRequestPorts,
  nowMs: number,
): Promise<Result<Client, { readonly reason: UnverifiedReason }>> {
  if (client_id === undefined) return fail({ reason: 'client_id_missing' })
  const isPlausible = client_id.length <= identifierCharactersMax
  const client = isPlausible ? await ports.findClient(client_id, nowMs) : undefined
  return client === undefined ? fail({ reason: 'client_unknown' }) : ok(client)
}

/** Verifies the redirect URI, which has to be named even where only one is registered. */
function verifyRecipient(
  { redirect_uri, response_mode, state }: AuthorizeParameters,
  client: Client,
): Result<Recipient, { readonly reason: UnverifiedReason }> {
  if (redirect_uri === undefined) return fail({ reason: 'redirect_uri_missing' })
  const isRegistered = matchesRedirectUri(redirect_uri, client.metadata.redirect_uris)
  if (!isRegistered) return fail({ reason: 'redirect_uri_unregistered' })
  const known = readResponseMode(response_mode) ?? defaultResponseMode
  return ok({ client, redirect_uri, response_mode: known, state })
}

/**
 * Where a client can be told that its request object cannot be read: at what stands beside the object, if it is registered.
 * Only an error goes there, and in the default mode.
 */
function recipientBeside(parameters: AuthorizeParameters, client: Client): Recipient | undefined {
  const { response_mode: _, ...stated } = parameters
  const beside = verifyRecipient(stated, client)
  return beside.ok ? beside.value : undefined
}
