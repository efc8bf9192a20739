import type { GuardedAccount } from '../../accounts/account.ts'
import { meetsAcr, requiredAcr } from '../../accounts/acr.ts'
import type { Session } from '../../accounts/session.ts'
import type { Client } from '../../clients/client.ts'
import { subjectFor } from '../../clients/subject.ts'
import type { AwaitingDevice } from '../../grants/device-authorization.ts'
import type { GrantsVault } from '../../grants/grants-vault.ts'
import type { OneTimeVault } from '../../grants/one-time-vault.ts'
import { readScope } from '../../grants/scope.ts'
import { digestUserCode } from '../../grants/user-code.ts'
import { assert } from '../../platform/assert.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { fromStorage, type StorageFailure } from '../storage.ts'

export interface DeviceApprovalPorts {
  readonly oneTime: Pick<OneTimeVault, 'inspectDevice' | 'decideDevice'>
  readonly oneTimeMac: Uint8Array
  readonly vault: Pick<GrantsVault, 'approveDevice'>
  readonly findClient: (client_id: string, nowMs: number) => Promise<Client | undefined>
  readonly pairwiseSubject: Uint8Array
}

/** A device that waits for somebody to decide. */
export interface WaitingDevice {
  readonly client: Client
  readonly scopes: readonly string[]
  readonly awaiting: AwaitingDevice
}

/** Whoever decides, as their session has proved it. */
export interface Approver {
  readonly session: Session
  readonly account: Pick<GuardedAccount, 'account_id' | 'vault_id' | 'has_second_factor'>
}

export type DeviceDecisionFailure =
  /** Nothing waits under the code: it was never given out, is over, or somebody has decided. */
  { readonly reason: 'user_code_unknown' } | { readonly reason: 'acr_insufficient' } | StorageFailure

/** Finds what waits under a user code, which must have been counted as a guess before. */
export async function findDevice(
  user_code: string,
  ports: DeviceApprovalPorts,
  nowMs: number,
): Promise<Result<WaitingDevice, DeviceDecisionFailure>> {
  const digest = digestUserCode(user_code, ports.oneTimeMac)
  const found = await fromStorage('inspect device', () => ports.oneTime.inspectDevice(digest))
  if (!found.ok) return found
  const awaiting = found.value
  if (awaiting === undefined) return fail({ reason: 'user_code_unknown' })
  const client = await ports.findClient(awaiting.client_id, nowMs)
  if (client === undefined) return fail({ reason: 'user_code_unknown' })
  return ok({ client, awaiting, scopes: readScope(awaiting.scope) })
}

/**
 * Lets a device in. The grant is written first and the device told afterwards: a death in between leaves a device that
 * waits, and never one that is sent to fetch what is not there. Both may be repeated.
 *
 * Two people who approve the same code at once both get a grant, but the device is told of one, and the other
 * expires with the code.
 */
export async function approveDevice(
  { client, awaiting }: WaitingDevice,
  { session, account }: Approver,
  ports: DeviceApprovalPorts,
): Promise<Result<undefined, DeviceDecisionFailure>> {
  assert(session.account_id === account.account_id, 'the session is of the account that approves')
  if (!meetsAcr(session.amr, requiredAcr(account))) return fail({ reason: 'acr_insufficient' })
  const { client_id, grant_id, device_digest, expires_at, scope, resource, dpop_jkt } = awaiting
  const bindings = {
    client_id,
    account_id: account.account_id,
    sub: subjectFor(client, account.account_id, ports.pairwiseSubject),
    sid: session.sid,
    scope,
    nonce: null,
    auth_time: session.auth_time,
    amr: session.amr,
    resource,
    claims: null,
    dpop_jkt,
  }
  const granted = await fromStorage('approve device', () =>
    ports.vault.approveDevice(account.vault_id, { grant_id, device_digest, expires_at, bindings }),
  )
  return granted.ok ? decide(awaiting, account.vault_id, ports) : granted
}

export async function denyDevice(
  { awaiting }: WaitingDevice,
  ports: DeviceApprovalPorts,
): Promise<Result<undefined, DeviceDecisionFailure>> {
  return decide(awaiting, null, ports)
}

async function decide(
  { digest, client_id }: AwaitingDevice,
  vault_id: string | null,
  ports: DeviceApprovalPorts,
): Promise<Result<undefined, DeviceDecisionFailure>> {
  const decided = await fromStorage('decide device', () =>
    ports.oneTime.decideDevice({ digest, client_id, vault_id }),
  )
  if (!decided.ok) return decided
  return decided.value ? ok(undefined) : fail({ reason: 'user_code_unknown' })
}
