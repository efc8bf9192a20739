import type { Client } from '../../clients/client.ts'
import { mintHandle } from '../../grants/one-time-handle.ts'
import { placeOf, type OneTimeVault } from '../../grants/one-time-vault.ts'
import { formatScope, isWithin, parseScope } from '../../grants/scope.ts'
import { digestUserCode, formatUserCode, mintUserCode } from '../../grants/user-code.ts'
import type { RequestFacts } from '../../http/context.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { sha256 } from '../../platform/digest.ts'
import {
  deviceCodeTtlSeconds,
  deviceIntervalSeconds,
  userCodeTriesMax,
} from '../../platform/one-time-bounds.ts'
import { randomId, type Random } from '../../platform/random.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { requestedScope } from '../authorize/request-checks.ts'
import { areTooMany, isResourceIndicator, requestedResources } from '../authorize/resource-indicators.ts'
import { isGivenByPeople } from '../scopes.ts'
import { fromStorage, type StorageFailure } from '../storage.ts'
import { publishedTargets } from '../token/client-grant.ts'
import { deviceGrantType } from '../token/grant-request.ts'
import type { ResourcePorts } from '../token/redeemer.ts'
import type { DeviceAnswer } from './device.contract.ts'

export interface DeviceRequestPorts extends ResourcePorts {
  readonly issuer: string
  readonly oneTime: Pick<OneTimeVault, 'beginDevice'>
  readonly oneTimeMac: Uint8Array
  readonly random: Random
}

export interface DeviceRequest {
  readonly client: Client
  readonly scope: string | undefined
  readonly resource: readonly string[] | undefined
  /** The key that the request has proved to hold; the device then has to prove it with each poll. */
  readonly dpop_jkt: string | undefined
}

export type DeviceRequestFailure =
  | { readonly reason: 'grant_type_unregistered' }
  | { readonly reason: 'scope_malformed' | 'scope_unregistered' | 'scope_of_operators' }
  | { readonly reason: 'resource_malformed' | 'resource_unknown' }
  | StorageFailure

/**
 * Gives a device its codes, for what an authorization request could ask for and no more.
 *
 * @see RFC 8628 §3.1, §3.2
 */
export async function beginDevice(
  request: DeviceRequest,
  ports: DeviceRequestPorts,
  facts: RequestFacts,
): Promise<Result<DeviceAnswer, DeviceRequestFailure>> {
  const { client, dpop_jkt = null } = request
  if (!client.metadata.grant_types.includes(deviceGrantType))
    return fail({ reason: 'grant_type_unregistered' })
  const scope = readScope(request.scope, client)
  if (!scope.ok) return scope
  const resource = requestedResources(request.resource)
  if (areTooMany(resource) || !resource.every(isResourceIndicator))
    return fail({ reason: 'resource_malformed' })
  const targets = await publishedTargets(resource, facts, ports)
  if (!targets.ok) return targets

  const asked = { client_id: client.client_id, dpop_jkt, scope: formatScope(scope.value), resource }
  const expires_at = epochSeconds(facts.now) + deviceCodeTtlSeconds
  for (let tries = 0; tries < userCodeTriesMax; tries += 1) {
    const codes = mintCodes(ports)
    const begun = await fromStorage('begin device authorization', () =>
      ports.oneTime.beginDevice({
        ...asked,
        ...codes.kept,
        grant_id: randomId(ports.random),
        expires_at,
        interval: deviceIntervalSeconds,
      }),
    )
    if (!begun.ok) return begun
    if (begun.value) return ok(answerOf(codes, ports.issuer))
  }
  return fail({ reason: 'storage_unavailable' })
}

interface Codes {
  readonly device_code: string
  readonly user_code: string
  readonly kept: { readonly digest: string; readonly device_digest: string }
}

/** The device code leads to the object of the user code, so that one place knows of both. */
function mintCodes({ oneTimeMac, random }: DeviceRequestPorts): Codes {
  const user_code = mintUserCode(random)
  const digest = digestUserCode(user_code, oneTimeMac)
  const device_code = mintHandle('device_code', placeOf(digest), oneTimeMac, random).reveal()
  return { device_code, user_code, kept: { digest, device_digest: sha256(device_code) } }
}

function answerOf({ device_code, user_code }: Codes, issuer: string): DeviceAnswer {
  const shown = formatUserCode(user_code)
  const verification_uri = `${issuer}/device`
  return {
    device_code,
    user_code: shown,
    verification_uri,
    verification_uri_complete: `${verification_uri}?user_code=${shown}`,
    expires_in: deviceCodeTtlSeconds,
    interval: deviceIntervalSeconds,
  }
}

/** As at the authorization endpoint: what the client is registered for and a person can give. */
function readScope(
  requested: string | undefined,
  client: Client,
): Result<readonly string[], DeviceRequestFailure> {
  const parsed = parseScope(requested ?? '')
  if (!parsed.ok) return parsed
  const scope = requestedScope(requested === undefined ? {} : { scope: requested }, client)
  const registered = parseScope(client.metadata.scope)
  if (!isWithin(scope, registered.ok ? registered.value : [])) return fail({ reason: 'scope_unregistered' })
  return scope.every(isGivenByPeople) ? ok(scope) : fail({ reason: 'scope_of_operators' })
}
