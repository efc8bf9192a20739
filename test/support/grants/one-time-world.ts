import { expect } from 'vitest'

import type { BeginDeviceCommand } from '../../../src/grants/device-authorization.ts'
import { GrantsLedger } from '../../../src/grants/grants-ledger.ts'
import { OneTimeLedger } from '../../../src/grants/one-time-ledger.ts'
import { sweepOneTime } from '../../../src/grants/one-time-sweep.ts'
import { Killed, type NodeStorage } from './node-storage.ts'
import { OneTimeOracle } from './one-time-oracle.ts'

interface Picked {
  readonly pick: number
  readonly client: string
}

export type OneTimeStep =
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'push'; readonly client: string }
  | ({ readonly do: 'open' } & Picked)
  | ({ readonly do: 'spend'; readonly call: string } & Picked)
  | { readonly do: 'use'; readonly jti: string; readonly call: string; readonly seconds: number }
  | {
      readonly do: 'begin'
      readonly client: string
      readonly code: number
      readonly dpop_jkt: string | null
    }
  | ({ readonly do: 'decide'; readonly vault_id: string | null } & Picked)
  | ({ readonly do: 'poll' | 'redeem'; readonly dpop_jkt: string | null; readonly resource: Asked } & Picked)
  | { readonly do: 'sweep' | 'restart' }

type Asked = readonly string[] | null

/** The ledger of one-time values, that of an account, and the oracle: each step is taken by all, who must say the same. */
export class OneTimeWorld {
  readonly #storage: NodeStorage
  readonly #oracle = new OneTimeOracle()
  readonly #grants: GrantsLedger
  #ledger: OneTimeLedger
  #now = 1_800_000_000
  #minted = 0
  readonly #requests: string[] = []
  readonly #devices: BeginDeviceCommand[] = []

  constructor(storages: { readonly oneTime: NodeStorage; readonly grants: NodeStorage }) {
    this.#storage = storages.oneTime
    this.#ledger = new OneTimeLedger(storages.oneTime)
    this.#grants = new GrantsLedger(storages.grants)
    storages.oneTime.clear()
    storages.grants.clear()
  }

  /** With `dieBefore`, the process dies before that statement: nothing of the step may have happened then. */
  take(step: OneTimeStep, dieBefore: number | undefined): void {
    if (dieBefore !== undefined) this.#storage.dieBeforeStatement(dieBefore)
    try {
      this.#take(step)
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      this.#storage.revive()
      this.#ledger = new OneTimeLedger(this.#storage)
    } finally {
      this.#storage.revive()
    }
  }

  #take(step: OneTimeStep): void {
    switch (step.do) {
      case 'wait':
        this.#now += step.seconds
        return
      case 'push':
      case 'open':
      case 'spend':
        return this.#takeRequest(step)
      case 'use': {
        const { jti, call, seconds } = step
        const expires_at = this.#now + seconds
        const command = { kind: 'assertion', owner: 'first', digest: jti, expires_at, call_id: call } as const
        expect(this.#ledger.useOnce(command, this.#nowMs)).toBe(this.#oracle.use(command, this.#now))
        return
      }
      case 'begin':
        return this.#begin(step)
      case 'decide':
      case 'poll':
      case 'redeem':
        return this.#takeDevice(step)
      case 'sweep':
        sweepOneTime(this.#storage, this.#now)
        return this.#oracle.sweep(this.#now)
      case 'restart':
        this.#ledger = new OneTimeLedger(this.#storage)
    }
  }

  #takeRequest(step: Extract<OneTimeStep, { do: 'push' | 'open' | 'spend' }>): void {
    const client_id = step.client
    if (step.do === 'push') {
      const command = { digest: this.#mint('request'), client_id, parameters: {}, dpop_jkt: null }
      this.#ledger.pushRequest(command, this.#nowMs)
      this.#requests.push(command.digest)
      return this.#oracle.push(command, this.#now)
    }
    const digest = newest(this.#requests, step.pick)
    if (digest === undefined) return
    if (step.do === 'open') {
      const opened = this.#ledger.openRequest({ digest, client_id }, this.#nowMs) !== null
      expect(opened).toBe(this.#oracle.open({ digest, client_id }, this.#now))
      return
    }
    const command = { digest, client_id, call_id: step.call }
    expect(this.#ledger.spendRequest(command, this.#nowMs)).toBe(this.#oracle.spend(command, this.#now))
  }

  /** There are three user codes, so that two devices may meet under one. */
  #begin({ client, code, dpop_jkt }: Extract<OneTimeStep, { do: 'begin' }>): void {
    const command = {
      digest: `user code ${code}`,
      device_digest: this.#mint('device code'),
      grant_id: this.#mint('grant'),
      client_id: client,
      dpop_jkt,
      scope: 'read',
      resource: ['https://a.example', 'https://b.example'],
      expires_at: this.#now + 600,
      interval: 5,
    }
    const begun = this.#ledger.beginDevice(command, this.#nowMs)
    expect(begun).toBe(this.#oracle.begin(command))
    if (begun) this.#devices.push(command)
  }

  #takeDevice(step: Extract<OneTimeStep, { do: 'decide' | 'poll' | 'redeem' }>): void {
    const device = newest(this.#devices, step.pick)
    if (device === undefined) return
    if (step.do === 'decide') return this.#decide(device, step)
    const { device_digest } = device
    const presented = { device_digest, client_id: step.client, dpop_jkt: step.dpop_jkt }
    if (step.do === 'poll') {
      const poll = this.#ledger.pollDevice(presented, this.#nowMs)
      const word = poll.state === 'approved' ? `approved by ${poll.vault_id}` : poll.state
      expect(word).toBe(this.#oracle.poll(presented, this.#now))
      return
    }
    const command = { ...presented, resource: step.resource, refresh: null }
    const redeemed = this.#grants.redeemDeviceCode(command, this.#nowMs)
    const word = redeemed.ok ? 'granted' : redeemed.failure.reason
    expect(word).toBe(this.#oracle.redeem(command, this.#now))
  }

  /** As the pages do it: the grant first, and only for what is seen to wait; the device is told afterwards. */
  #decide(device: BeginDeviceCommand, { client, vault_id }: Extract<OneTimeStep, { do: 'decide' }>): void {
    const { digest } = device
    const seen = this.#ledger.inspectDevice(digest, this.#nowMs)
    expect(seen !== null).toBe(this.#oracle.isWaiting(digest, this.#now))
    if (seen !== null && vault_id !== null && client === device.client_id) this.#approve(device)
    const command = { digest, client_id: client, vault_id }
    expect(this.#ledger.decideDevice(command, this.#nowMs)).toBe(this.#oracle.decide(command, this.#now))
  }

  #approve(device: BeginDeviceCommand): void {
    const { grant_id, device_digest, expires_at, client_id, scope, resource, dpop_jkt } = device
    const person = { account_id: 'alice', sub: 'alice', sid: 'sid', auth_time: this.#now, amr: ['pwd'] }
    const bindings = { ...person, client_id, scope, resource, dpop_jkt, nonce: null, claims: null }
    this.#grants.approveDevice({ grant_id, device_digest, expires_at, bindings }, this.#nowMs)
    this.#oracle.approve(device)
  }

  get #nowMs(): number {
    return this.#now * 1000
  }

  #mint(what: string): string {
    this.#minted += 1
    return `${what} ${this.#minted}`
  }
}

/** Counts from the newest, where the races are. */
function newest<T>(made: readonly T[], pick: number): T | undefined {
  return made[made.length - 1 - (pick % made.length)]
}
