import {
  accessTokenTtlSeconds,
  idTokenTtlSeconds,
  jwksMaxAgeSeconds,
  keyRingAgeMaxMs,
  nextKeyLeadSeconds,
  signingKeyActiveSeconds,
} from '../platform/bounds.ts'

/** When a key takes over. Everything else that time does to a key follows from the keys before and after it. */
export interface ScheduledKey {
  readonly kid: string
  /** Place in the chain of its algorithm; unique there, so that of two simultaneous rotations one does nothing. */
  readonly generation: number
  readonly created_at: number
  readonly activates_at: number
}

export type KeyState = 'next' | 'active' | 'retired' | 'expired'

/** A key that ought to exist and does not yet. */
export type DueKey = Pick<ScheduledKey, 'generation' | 'activates_at'>

/** A verifier may hold a JWKS that an isolate served from a ring just before the key appeared. */
const publishedAheadSeconds = jwksMaxAgeSeconds + Math.ceil(keyRingAgeMaxMs / 1000)

/**
 * An isolate goes on signing with the old key until it looks at the ring again, and its last token then lives its full
 * time. The age of a JWKS is more than either isolates or their clocks differ by.
 */
const keptAfterSeconds = Math.max(accessTokenTtlSeconds, idTokenTtlSeconds) + jwksMaxAgeSeconds

/** The one key that signs now: the newest whose time has come. `chain` holds the keys of one algorithm. */
export function activeKey<K extends ScheduledKey>(chain: readonly K[], now: number): K | undefined {
  return byGeneration(chain).findLast((key) => key.activates_at <= now)
}

export function keyState(key: ScheduledKey, chain: readonly ScheduledKey[], now: number): KeyState {
  const active = activeKey(chain, now)
  if (active === undefined || key.generation > active.generation) return 'next'
  if (key.generation === active.generation) return 'active'
  const successor = byGeneration(chain).find(({ generation }) => generation > key.generation)
  return successor !== undefined && now >= successor.activates_at + keptAfterSeconds ? 'expired' : 'retired'
}

/**
 * The keys to add so that one is active and a next one is published.
 *
 * The key after the next is added before the next takes over, so that there is no moment without a next one.
 */
export function dueKeys(chain: readonly ScheduledKey[], now: number): readonly DueKey[] {
  const due: DueKey[] = []
  let last: DueKey | undefined = byGeneration(chain).at(-1)
  if (last === undefined || activeKey(chain, now) === undefined) {
    last = { generation: (last?.generation ?? 0) + 1, activates_at: now }
    due.push(last)
  }
  if (last.activates_at <= now + nextKeyLeadSeconds) {
    const earliest = now + publishedAheadSeconds
    const activates_at = Math.max(last.activates_at + signingKeyActiveSeconds, earliest)
    due.push({ generation: last.generation + 1, activates_at })
  }
  return due
}

/**
 * The next key with the instant to which a command brings it forward: now, or when it has been published long enough.
 *
 * A key that is as old as the chain was in every JWKS that anyone ever read. A younger one may be missing from a
 * cached JWKS, and tokens signed with it would be refused there.
 */
export function broughtForward<K extends ScheduledKey>(chain: readonly K[], now: number): K | undefined {
  const next = byGeneration(chain).find((key) => key.activates_at > now)
  if (next === undefined) return undefined
  const isAsOldAsChain = chain.every((key) => key.created_at >= next.created_at)
  const earliest = isAsOldAsChain ? now : Math.max(now, next.created_at + publishedAheadSeconds)
  return { ...next, activates_at: Math.min(next.activates_at, earliest) }
}

function byGeneration<K extends ScheduledKey>(chain: readonly K[]): readonly K[] {
  return chain.toSorted((a, b) => a.generation - b.generation)
}
