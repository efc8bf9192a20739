import { isConfidential, requiresChallenge, type Client } from '../../clients/client.ts'
import { readToken, type TokenKeys } from '../../grants/opaque-token.ts'
import { isWithin, parseScope } from '../../grants/scope.ts'
import { sha256 } from '../../platform/digest.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { Secret } from '../../platform/secret.ts'
import { isHeldByClients } from '../scopes.ts'
import {
  readExchangeRequest,
  tokenExchangeGrantType,
  type TokenExchangeRequest,
} from './token-exchange-request.ts'
import type { TokenParameters } from './token.contract.ts'
import type { GrantRequestFailure, ScopeRefusal } from './token-failure.ts'

/** A token request whose own parameters are in order. Nothing has been asked of any object yet. */
export type GrantRequest = CodeRequest | RefreshRequest | DeviceRequest | ClientRequest | TokenExchangeRequest

export interface CodeRequest {
  readonly grant_type: 'authorization_code'
  readonly vault_id: string
  readonly code_digest: string
  readonly redirect_uri: string
  /** Null where no verifier was presented. */
  readonly code_challenge: string | null
  /** Null when none was named, here and below: the token is then for all that the grant is for (RFC 8707 §2.2). */
  readonly resource: readonly string[] | null
}

export interface RefreshRequest {
  readonly grant_type: 'refresh_token'
  readonly vault_id: string
  readonly token_digest: string
  readonly presented: Secret
  /** Null when nothing narrower was asked for. */
  readonly scope: readonly string[] | null
  readonly resource: readonly string[] | null
}

/** Read no further here: only the object that gave the code out knows what it is worth. */
export interface DeviceRequest {
  readonly grant_type: typeof deviceGrantType
  readonly device_code: Secret
  readonly resource: readonly string[] | null
}

export interface ClientRequest {
  readonly grant_type: 'client_credentials'
  readonly scope: readonly string[]
  readonly resource: readonly string[] | null
}

/** RFC 8628 §3.4. */
export const deviceGrantType = 'urn:ietf:params:oauth:grant-type:device_code'

export const grantTypes = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  deviceGrantType,
  tokenExchangeGrantType,
] as const

export type GrantType = (typeof grantTypes)[number]

type GrantReading<T> = Result<T, GrantRequestFailure>

/** RFC 7636 §4.1. */
const VERIFIER = /^[\w.~-]{43,128}$/

export function readGrantType(grant_type: string | undefined): GrantReading<GrantType> {
  if (grant_type === undefined) return fail({ reason: 'parameter_missing', name: 'grant_type' })
  const known = grantTypes.find((type) => type === grant_type)
  return known === undefined ? fail({ reason: 'grant_type_unsupported' }) : ok(known)
}

/**
 * Reads what an authenticated client asks for and checks what can be checked without asking anybody.
 *
 * A code or refresh token that we did not make ends here, on its MAC: it wakes no object, and cannot be taken
 * for the reuse of a real one.
 */
export function readGrantRequest(
  grantType: GrantType,
  parameters: TokenParameters,
  client: Client,
  tokenKeys: TokenKeys,
): GrantReading<GrantRequest> {
  if (!client.metadata.grant_types.includes(grantType)) return fail({ reason: 'grant_type_unregistered' })
  switch (grantType) {
    case 'authorization_code':
      return readCodeRequest(parameters, client, tokenKeys)
    case 'refresh_token':
      return readRefreshRequest(parameters, tokenKeys)
    case deviceGrantType:
      return readDeviceRequest(parameters)
    case 'client_credentials':
      return readClientRequest(parameters, client)
    case tokenExchangeGrantType:
      return readExchangeRequest(parameters, client)
  }
}

/**
 * Authorization requests must name their redirect URI, so token requests must repeat it.
 *
 * @see RFC 6749 §4.1.3 (redirect_uri REQUIRED if it was in the authorization request)
 * @see RFC 7636 §4.5, §4.6 (verifier)
 */
function readCodeRequest(
  parameters: TokenParameters,
  client: Client,
  tokenKeys: TokenKeys,
): GrantReading<CodeRequest> {
  const { code, redirect_uri, code_verifier } = parameters
  if (code === undefined) return fail({ reason: 'parameter_missing', name: 'code' })
  if (redirect_uri === undefined) return fail({ reason: 'parameter_missing', name: 'redirect_uri' })
  if (code_verifier === undefined && requiresChallenge(client)) {
    return fail({ reason: 'parameter_missing', name: 'code_verifier' })
  }
  if (code_verifier !== undefined && !VERIFIER.test(code_verifier))
    return fail({ reason: 'verifier_malformed' })
  const read = readToken('code', new Secret(code), tokenKeys)
  if (read === undefined) return fail({ reason: 'code_forged' })
  return ok({
    grant_type: 'authorization_code',
    vault_id: read.vault_id,
    code_digest: read.digest,
    redirect_uri,
    code_challenge: code_verifier === undefined ? null : sha256(code_verifier),
    resource: requestedResources(parameters),
  })
}

/** @see RFC 6749 §6 */
function readRefreshRequest(parameters: TokenParameters, tokenKeys: TokenKeys): GrantReading<RefreshRequest> {
  const { refresh_token, scope } = parameters
  if (refresh_token === undefined) return fail({ reason: 'parameter_missing', name: 'refresh_token' })
  const asked = scope === undefined ? undefined : parseScope(scope)
  if (asked?.ok === false) return asked
  const presented = new Secret(refresh_token)
  const read = readToken('refresh_token', presented, tokenKeys)
  if (read === undefined) return fail({ reason: 'token_forged' })
  return ok({
    grant_type: 'refresh_token',
    vault_id: read.vault_id,
    token_digest: read.digest,
    presented,
    scope: asked?.value ?? null,
    resource: requestedResources(parameters),
  })
}

/** @see RFC 8628 §3.4 */
function readDeviceRequest(parameters: TokenParameters): GrantReading<DeviceRequest> {
  const { device_code } = parameters
  if (device_code === undefined) return fail({ reason: 'parameter_missing', name: 'device_code' })
  return ok({
    grant_type: deviceGrantType,
    device_code: new Secret(device_code),
    resource: requestedResources(parameters),
  })
}

/** @see RFC 6749 §4.4 (confidential clients only) */
function readClientRequest(parameters: TokenParameters, client: Client): GrantReading<ClientRequest> {
  if (!isConfidential(client)) return fail({ reason: 'client_public' })
  const granted = readClientScope(parameters.scope, client.metadata.scope)
  if (!granted.ok) return granted
  return ok({
    grant_type: 'client_credentials',
    scope: granted.value,
    resource: requestedResources(parameters),
  })
}

function requestedResources({ resource }: TokenParameters): readonly string[] | null {
  return resource === undefined ? null : [...new Set(resource)]
}

/** What a credential without a person may have of what it is allowed; all of that when it names nothing. */
export function readClientScope(
  requested: string | undefined,
  allowed: string,
): Result<readonly string[], ScopeRefusal> {
  const known = parseScope(allowed)
  const allowedScopes = known.ok ? known.value : []
  if (requested === undefined) return ok(allowedScopes.filter(isHeldByClients))
  const scope = parseScope(requested)
  if (!scope.ok) return scope
  if (!isWithin(scope.value, allowedScopes)) return fail({ reason: 'scope_unregistered' })
  return scope.value.every(isHeldByClients) ? scope : fail({ reason: 'scope_of_people' })
}
