import { expect } from 'vitest'

import type { Poll } from '../../../src/grants/device-authorization.ts'
import { GrantsLedger } from '../../../src/grants/grants-ledger.ts'
import { OneTimeLedger } from '../../../src/grants/one-time-ledger.ts'
import type { UseCommand } from '../../../src/grants/one-time-use.ts'
import type { Chance } from './chance.ts'
import { Killed, type NodeStorage } from './node-storage.ts'
import type { VirtualTime } from './virtual-time.ts'

export const OWNER = 'tv'
export const PUSHED = 'pushed request'
export const USER_CODE = 'user code'
export const DEVICE_CODE = 'device code'
export const DEVICE_GRANT = 'grant of the device'

/** Where the ledgers of one account, and of one-time values, write. */
export interface Storages {
  readonly oneTime: NodeStorage
  readonly grants: NodeStorage
}

/**
 * The objects of one-time values and of one account, which may die before, in, or after any decision.
 *
 * It also watches: what works once was won by one call at most, heard of or not.
 */
export class OneTimeServer {
  readonly #storages: Storages
  readonly #time: VirtualTime
  readonly #chance: Chance
  readonly #killProbability: number
  #oneTime: OneTimeLedger
  #grants: GrantsLedger
  readonly #winners = new Map<string, string>()

  constructor(storages: Storages, time: VirtualTime, chance: Chance, killProbability: number) {
    this.#storages = storages
    this.#time = time
    this.#chance = chance
    this.#killProbability = killProbability
    this.#oneTime = new OneTimeLedger(storages.oneTime)
    this.#grants = new GrantsLedger(storages.grants)
    storages.oneTime.clear()
    const { nowMs } = time
    this.#oneTime.pushRequest({ digest: PUSHED, client_id: OWNER, parameters: {}, dpop_jkt: null }, nowMs)
    const waiting = { digest: USER_CODE, device_digest: DEVICE_CODE, grant_id: DEVICE_GRANT, interval: 5 }
    const asked = { client_id: OWNER, dpop_jkt: null, scope: 'read', resource: [] }
    this.#oneTime.beginDevice({ ...waiting, ...asked, expires_at: this.#now + 600 }, nowMs)
  }

  winnerOf(value: string): string | undefined {
    return this.#winners.get(value)
  }

  /** Undefined when the process died on the way, which the caller takes for no answer. */
  useOnce(kind: UseCommand['kind'], call_id: string): 'first' | 'repeated' | undefined {
    const command = { kind, owner: OWNER, digest: `jti of ${kind}`, expires_at: this.#now + 60, call_id }
    return this.#survive(
      () => this.#oneTime.useOnce(command, this.#time.nowMs),
      (answer) => answer === 'first' && this.#win(command.digest, call_id),
    )
  }

  openRequest(client_id: string): boolean | undefined {
    return this.#survive(
      () => this.#oneTime.openRequest({ digest: PUSHED, client_id }, this.#time.nowMs) !== null,
    )
  }

  spendRequest(client_id: string, call_id: string): boolean | undefined {
    return this.#survive(
      () => this.#oneTime.spendRequest({ digest: PUSHED, client_id, call_id }, this.#time.nowMs),
      (isSpent) => isSpent && this.#win(PUSHED, `${client_id} ${call_id}`),
    )
  }

  /** Both steps of an approval; undefined when it is not known to have happened. */
  approve(vault_id: string): boolean | undefined {
    const bindings = {
      client_id: OWNER,
      account_id: vault_id,
      sub: vault_id,
      sid: 'sid of the phone',
      scope: 'read',
      nonce: null,
      auth_time: this.#now,
      amr: ['pwd'],
      resource: [],
      claims: null,
      dpop_jkt: null,
    }
    const awaiting = this.#oneTime.inspectDevice(USER_CODE, this.#time.nowMs)
    if (awaiting === null) return false
    const { grant_id, device_digest, expires_at } = awaiting
    // Only the first account has a ledger here; who else approves is of interest for what the device is told.
    const isHere = vault_id === 'alice'
    const granted = isHere
      ? this.#survive(() =>
          this.#grants.approveDevice({ grant_id, device_digest, expires_at, bindings }, this.#time.nowMs),
        )
      : null
    if (granted === undefined) return undefined
    return this.decide(vault_id)
  }

  decide(vault_id: string | null): boolean | undefined {
    const command = { digest: USER_CODE, client_id: OWNER, vault_id }
    return this.#survive(
      () => this.#oneTime.decideDevice(command, this.#time.nowMs),
      (isDecided) => isDecided && this.#win(USER_CODE, vault_id ?? 'denied'),
    )
  }

  /** A poll and, where it was approved, the redemption. */
  poll(client_id: string, poll_id: string): Poll['state'] | 'granted' | 'lost' | undefined {
    const presented = { device_digest: DEVICE_CODE, client_id, dpop_jkt: null }
    const polled = this.#survive(() => this.#oneTime.pollDevice(presented, this.#time.nowMs))
    if (polled?.state !== 'approved') return polled?.state
    expect(polled.vault_id).toBe(this.winnerOf(USER_CODE))
    if (polled.vault_id !== 'alice') return 'approved'
    const command = { ...presented, resource: null, refresh: null }
    const redeemed = this.#survive(
      () => this.#grants.redeemDeviceCode(command, this.#time.nowMs).ok,
      (isGranted) => isGranted && this.#win(DEVICE_CODE, `${client_id} ${poll_id}`),
    )
    if (redeemed === undefined) return undefined
    return redeemed ? 'granted' : 'lost'
  }

  get #now(): number {
    return Math.floor(this.#time.nowMs / 1000)
  }

  #win(value: string, winner: string): void {
    expect(this.#winners.get(value) ?? winner).toBe(winner)
    this.#winners.set(value, winner)
  }

  #survive<A>(decide: () => A, watch: (answer: A) => void = () => undefined): A | undefined {
    const isKilled = this.#chance.happens(this.#killProbability)
    const isKilledAfter = isKilled && this.#chance.happens(0.4)
    if (isKilled && !isKilledAfter) {
      const storage = this.#chance.happens(0.5) ? this.#storages.oneTime : this.#storages.grants
      storage.dieBeforeStatement(this.#chance.below(6))
    }
    try {
      const answer = decide()
      watch(answer)
      return isKilled ? undefined : answer
    } catch (error) {
      if (error instanceof Killed) return undefined
      throw error
    } finally {
      if (isKilled) this.#restart()
    }
  }

  #restart(): void {
    this.#storages.oneTime.revive()
    this.#storages.grants.revive()
    this.#oneTime = new OneTimeLedger(this.#storages.oneTime)
    this.#grants = new GrantsLedger(this.#storages.grants)
  }
}
