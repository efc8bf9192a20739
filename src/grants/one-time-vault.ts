import { sha256, sha256Bytes } from '../platform/digest.ts'
import { utf8 } from '../platform/encoding.ts'
import { callObject } from '../platform/object-call.ts'
import { randomId, type Random } from '../platform/random.ts'
import type {
  AwaitingDevice,
  BeginDeviceCommand,
  DecideDeviceCommand,
  Poll,
  PollCommand,
} from './device-authorization.ts'
import type { UseCommand } from './one-time-use.ts'
import type { OpenCommand, OpenedRequest, PushCommand, SpendCommand } from './pushed-request.ts'

/** Something with a `jti` that works once. */
export interface OneTimeUse {
  readonly kind: 'assertion' | 'proof'
  /** The client of an assertion, the key thumbprint of a proof. */
  readonly owner: string
  readonly jti: string
  /** Epoch seconds until which it would be taken again, skew included. From then on it counts as repeated. */
  readonly expires_at: number
}

/** One-time values that belong to no account yet. `place` names the object that keeps them, as a handle carries it. */
export interface OneTimeVault {
  spendOnce(use: OneTimeUse): Promise<'first' | 'repeated'>
  pushRequest(place: string, command: PushCommand): Promise<void>
  openRequest(place: string, command: OpenCommand): Promise<OpenedRequest | undefined>
  /** True for one caller, who may then issue a code. */
  spendRequest(place: string, command: OpenCommand): Promise<boolean>
  beginDevice(command: BeginDeviceCommand): Promise<boolean>
  inspectDevice(digest: string): Promise<AwaitingDevice | undefined>
  decideDevice(command: DecideDeviceCommand): Promise<boolean>
  pollDevice(place: string, command: PollCommand): Promise<Poll>
}

/** What the vault needs of the object's namespace. */
export interface OneTimeNamespace {
  getByName(place: string): {
    useOnce(command: UseCommand): Promise<'first' | 'repeated'>
    pushRequest(command: PushCommand): Promise<null>
    openRequest(command: OpenCommand): Promise<OpenedRequest | null>
    spendRequest(command: SpendCommand): Promise<boolean>
    beginDevice(command: BeginDeviceCommand): Promise<boolean>
    inspectDevice(digest: string): Promise<AwaitingDevice | null>
    decideDevice(command: DecideDeviceCommand): Promise<boolean>
    pollDevice(command: PollCommand): Promise<Poll>
  }
}

/**
 * The vault over 256 objects, shared by owners: one for each owner would mostly be asleep, and to wake an object costs
 * thirty times what a call to a live one does.
 *
 * Every call carries what makes it the same call when a deployment has cut it off and it is made again: a name of its own
 * where only the first may succeed, its whole content elsewhere. A poll is left alone, because the device
 * asks again by itself and twice at once would be too fast.
 */
export function createOneTimeVault(namespace: OneTimeNamespace, random: Random): OneTimeVault {
  return {
    spendOnce({ kind, owner, jti, expires_at }) {
      const digest = sha256(JSON.stringify([kind, owner, jti]))
      const command = { kind, owner, digest, expires_at, call_id: randomId(random) }
      return callObject(() => namespace.getByName(placeOf(owner)).useOnce(command))
    },
    async pushRequest(place, command) {
      await callObject(() => namespace.getByName(place).pushRequest(command))
    },
    async openRequest(place, command) {
      return (await callObject(() => namespace.getByName(place).openRequest(command))) ?? undefined
    },
    spendRequest(place, command) {
      const named = { ...command, call_id: randomId(random) }
      return callObject(() => namespace.getByName(place).spendRequest(named))
    },
    beginDevice: (command) =>
      callObject(() => namespace.getByName(placeOf(command.digest)).beginDevice(command)),
    async inspectDevice(digest) {
      return (await callObject(() => namespace.getByName(placeOf(digest)).inspectDevice(digest))) ?? undefined
    },
    decideDevice: (command) =>
      callObject(() => namespace.getByName(placeOf(command.digest)).decideDevice(command)),
    pollDevice: (place, command) => namespace.getByName(place).pollDevice(command),
  }
}

/** The object of an owner: one byte of a digest, so that they are spread evenly and nobody chooses whom they share with. */
export function placeOf(owner: string): string {
  return sha256Bytes(utf8(owner)).toString('hex', 0, 1)
}
