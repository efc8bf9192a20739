import { epochSeconds } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import { broughtForward, dueKeys, keyState, type KeyState } from './key-schedule.ts'
import {
  generateSigningKey,
  openSigningKey,
  signingAlgs,
  type SealedSigningKey,
  type SigningAlg,
} from './signing-key.ts'

export interface KeyRotationPorts {
  readonly store: {
    list(): Promise<readonly SealedSigningKey[]>
    insert(keys: readonly SealedSigningKey[]): Promise<void>
    activateAt(kid: string, activates_at: number): Promise<void>
    remove(kids: readonly string[]): Promise<void>
  }
  readonly sealKey: Uint8Array
  readonly random: Random
}

/** A key as an operator may see it. */
export interface KeyStatus {
  readonly kid: string
  readonly alg: SigningAlg
  readonly state: KeyState
  readonly activates_at: number
}

/** Makes what is missing: for every algorithm an active key and a published next one. */
export async function ensureKeys(ports: KeyRotationPorts, nowMs: number): Promise<void> {
  const stored = await ports.store.list()
  for (const alg of signingAlgs) {
    const sameAlg = stored.filter((key) => key.alg === alg)
    await ports.store.insert(await makeDueKeys(alg, sameAlg, ports, epochSeconds(nowMs)))
  }
}

/** The schedule's work: publishes keys ahead, and removes those whose last token has expired. */
export async function rotateDueKeys(ports: KeyRotationPorts, nowMs: number): Promise<void> {
  await ensureKeys(ports, nowMs)
  const expired = (await listKeys(ports, nowMs)).filter(({ state }) => state === 'expired')
  await ports.store.remove(expired.map(({ kid }) => kid))
}

/**
 * Rotates on command, e.g. when a key may have leaked: the published next key takes over, and another is published.
 *
 * Tokens of the old key stay valid until they expire. A command that follows another too soon takes effect when the
 * next key has been published for long enough.
 */
export async function rotateKeys(ports: KeyRotationPorts, nowMs: number): Promise<readonly KeyStatus[]> {
  await ensureKeys(ports, nowMs)
  const keys = await readableKeys(await ports.store.list(), ports.sealKey)
  for (const alg of signingAlgs) {
    const chain = keys.filter((key) => key.alg === alg)
    const next = broughtForward(chain, epochSeconds(nowMs))
    if (next !== undefined) await ports.store.activateAt(next.kid, next.activates_at)
  }
  await ensureKeys(ports, nowMs)
  return listKeys(ports, nowMs)
}

/** Every key that this deployment can open, and what it is now. */
export async function listKeys(
  ports: Pick<KeyRotationPorts, 'store' | 'sealKey'>,
  nowMs: number,
): Promise<readonly KeyStatus[]> {
  const keys = await readableKeys(await ports.store.list(), ports.sealKey)
  return keys.map((key) => {
    const { kid, alg, activates_at } = key
    const chain = keys.filter((other) => other.alg === alg)
    return { kid, alg, state: keyState(key, chain, epochSeconds(nowMs)), activates_at }
  })
}

/**
 * Keys that cannot be opened count for their place in the chain only: after a change of the root secret there must be
 * new ones, which must not collide with the old, and the old ones stay in case that the secret was changed by mistake.
 */
async function makeDueKeys(
  alg: SigningAlg,
  stored: readonly SealedSigningKey[],
  ports: KeyRotationPorts,
  now: number,
): Promise<readonly SealedSigningKey[]> {
  const chain = await readableKeys(stored, ports.sealKey)
  const unreadable = lastGeneration(stored) - lastGeneration(chain)
  return Promise.all(
    dueKeys(chain, now).map(async ({ generation, activates_at }) => ({
      ...(await generateSigningKey(alg, ports.sealKey, ports.random)),
      generation: generation + unreadable,
      created_at: now,
      activates_at,
    })),
  )
}

function lastGeneration(keys: readonly SealedSigningKey[]): number {
  return Math.max(0, ...keys.map(({ generation }) => generation))
}

async function readableKeys(keys: readonly SealedSigningKey[], sealKey: Uint8Array) {
  const opened = await Promise.all(keys.map((key) => openSigningKey(key, sealKey)))
  return opened.filter((key) => key !== undefined)
}
