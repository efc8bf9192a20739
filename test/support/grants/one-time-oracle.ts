import type {
  BeginDeviceCommand,
  DecideDeviceCommand,
  PollCommand,
} from '../../../src/grants/device-authorization.ts'
import type { RedeemDeviceCommand } from '../../../src/grants/device-code.ts'
import type { UseCommand } from '../../../src/grants/one-time-use.ts'
import type { OpenCommand, PushCommand, SpendCommand } from '../../../src/grants/pushed-request.ts'

interface KnownRequest {
  readonly client_id: string
  ends: number
  isOpen: boolean
  spentBy: string | undefined
}

interface KnownDevice extends BeginDeviceCommand {
  pace: number
  asked: number | undefined
  decided: string | undefined
}

interface KnownCode {
  readonly client_id: string
  readonly dpop_jkt: string | null
  readonly ends: number
  readonly resource: readonly string[]
  isSpent: boolean
}

const DENIED = 'denied'

/**
 * What values that work once must answer, written from RFC 9126, RFC 8628 and RFC 7523 as one plain story that shares no line
 * with the code. It forgets only where a sweep may.
 */
export class OneTimeOracle {
  readonly #requests = new Map<string, KnownRequest>()
  readonly #devices = new Map<string, KnownDevice>()
  readonly #codes = new Map<string, KnownCode>()
  readonly #used = new Map<string, { readonly call: string; readonly ends: number }>()

  push({ digest, client_id }: PushCommand, now: number): void {
    this.#requests.set(digest, { client_id, ends: now + 60, isOpen: false, spentBy: undefined })
  }

  open({ digest, client_id }: OpenCommand, now: number): boolean {
    const request = this.#requests.get(digest)
    if (request === undefined || request.client_id !== client_id) return false
    if (request.spentBy !== undefined || now >= request.ends) return false
    if (!request.isOpen) request.ends = now + 600
    request.isOpen = true
    return true
  }

  spend({ digest, client_id, call_id }: SpendCommand, now: number): boolean {
    const request = this.#requests.get(digest)
    if (request === undefined || request.client_id !== client_id) return false
    if (request.spentBy !== undefined) return request.spentBy === call_id
    if (now >= request.ends) return false
    request.spentBy = call_id
    return true
  }

  use({ digest, call_id, expires_at }: UseCommand, now: number): 'first' | 'repeated' {
    const used = this.#used.get(digest)
    if (used !== undefined) return used.call === call_id ? 'first' : 'repeated'
    if (now >= expires_at) return 'repeated'
    this.#used.set(digest, { call: call_id, ends: expires_at })
    return 'first'
  }

  begin(command: BeginDeviceCommand): boolean {
    if (this.#devices.has(command.digest)) return false
    const fresh = { pace: command.interval, asked: undefined, decided: undefined }
    this.#devices.set(command.digest, { ...command, ...fresh })
    return true
  }

  isWaiting(digest: string, now: number): boolean {
    const device = this.#devices.get(digest)
    return device !== undefined && device.decided === undefined && now < device.expires_at
  }

  decide({ digest, client_id, vault_id }: DecideDeviceCommand, now: number): boolean {
    const device = this.#devices.get(digest)
    if (device === undefined || device.client_id !== client_id) return false
    const decision = vault_id ?? DENIED
    if (device.decided !== undefined) return device.decided === decision
    if (now >= device.expires_at) return false
    device.decided = decision
    return true
  }

  poll({ device_digest, client_id, dpop_jkt }: PollCommand, now: number): string {
    const device = [...this.#devices.values()].find((each) => each.device_digest === device_digest)
    if (device === undefined) return 'unknown'
    if (device.client_id !== client_id) return 'client_mismatch'
    if (device.dpop_jkt !== null && device.dpop_jkt !== dpop_jkt) return 'proof_key_mismatch'
    const rest = device.asked === undefined ? Infinity : now - device.asked
    device.asked = now
    // A second less than the pace is let pass, since both ends count whole seconds.
    if (rest < device.pace - 1) {
      device.pace = Math.min(device.pace + 5, 75)
      return 'slow_down'
    }
    if (now >= device.expires_at) return 'expired'
    if (device.decided === undefined) return 'pending'
    return device.decided === DENIED ? DENIED : `approved by ${device.decided}`
  }

  approve({ device_digest, client_id, dpop_jkt, expires_at, resource }: BeginDeviceCommand): void {
    if (this.#codes.has(device_digest)) return
    this.#codes.set(device_digest, { client_id, dpop_jkt, ends: expires_at, resource, isSpent: false })
  }

  redeem({ device_digest, client_id, dpop_jkt, resource }: RedeemDeviceCommand, now: number): string {
    const code = this.#codes.get(device_digest)
    if (code === undefined) return 'device_code_unknown'
    if (code.client_id !== client_id) return 'client_mismatch'
    if (code.dpop_jkt !== null && code.dpop_jkt !== dpop_jkt) return 'proof_key_mismatch'
    if (code.isSpent) return 'device_code_spent'
    if (now >= code.ends) return 'device_code_expired'
    if (resource?.some((each) => !code.resource.includes(each)) === true) return 'resource_exceeded'
    code.isSpent = true
    return 'granted'
  }

  sweep(now: number): void {
    for (const [digest, { ends }] of this.#requests) if (ends <= now) this.#requests.delete(digest)
    for (const [digest, { ends }] of this.#used) if (ends <= now) this.#used.delete(digest)
    for (const [digest, { expires_at }] of this.#devices) if (expires_at <= now) this.#devices.delete(digest)
  }
}
