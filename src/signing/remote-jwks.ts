import {
  remoteJwksAgeMaxMs,
  remoteJwksAgeMinMs,
  remoteJwksBytesMax,
  remoteJwksFetchesMax,
  remoteJwksStaleMaxMs,
  remoteJwksTimeoutMs,
  unknownKidCooldownMs,
} from '../platform/bounds.ts'
import { fetchDocument, type FetchDocument, type OutboundFailure } from '../http/outbound.ts'
import { log } from '../platform/log.ts'
import { Lru } from '../platform/lru.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { keyIn, readKeySet, type RemoteKey, type RemoteKeySet } from './remote-key-set.ts'

/** An issuer other than ourselves, as far as its keys are concerned. */
export interface RemoteIssuer {
  readonly jwks_uri: string
  readonly algorithms: readonly string[]
}

export type RemoteKeyFailure = { readonly reason: 'key_unknown' } | { readonly reason: 'keys_unreachable' }

export interface RemoteJwksRules {
  /** Key sets that are held; the one that was used longest ago gives way. */
  readonly setsMax: number
  readonly loopbackIsAllowed: boolean
}

/** What is held of one key set. It is replaced as a whole, and holds no promise: those belong to requests. */
interface HeldSet {
  readonly keys: RemoteKeySet
  readonly fetchedAtMs: number
  readonly freshUntilMs: number
}

/** When an issuer was asked, so that it is not asked too often. */
interface Attempts {
  /** The newest that has ended, by its beginning. */
  endedAtMs: number
  startedAtMs: number
  windowStartMs: number
  startedInWindow: number
}

/**
 * Keys of foreign issuers, held in this isolate.
 *
 * A set is fetched when it is first needed, when it is no longer fresh, and when a token names a key that it does
 * not hold, because keys are rotated. The last of these is in the hands of whoever sends tokens, so it happens
 * once in a cooldown. Keys that are no longer fresh go on verifying while their issuer does not answer: its outage
 * must not become ours.
 */
export class RemoteJwks {
  readonly #fetch: FetchDocument
  readonly #loopbackIsAllowed: boolean
  readonly #sets: Lru<HeldSet>
  readonly #attempts: Lru<Attempts>

  constructor(fetch: FetchDocument, { setsMax, loopbackIsAllowed }: RemoteJwksRules) {
    this.#fetch = fetch
    this.#loopbackIsAllowed = loopbackIsAllowed
    this.#sets = new Lru(setsMax)
    this.#attempts = new Lru(setsMax)
  }

  /** Finds a key by its name, or without one the only key that there is. */
  async find(
    issuer: RemoteIssuer,
    kid: string | undefined,
    nowMs: number,
  ): Promise<Result<RemoteKey, RemoteKeyFailure>> {
    const name = JSON.stringify([issuer.jwks_uri, issuer.algorithms])
    const held = this.#sets.get(name)
    const isKeyHeld = held !== undefined && keyIn(held.keys, kid) !== undefined
    const isSettled = isKeyHeld && held.freshUntilMs > nowMs
    if (!isSettled && this.#mayFetch(name, isKeyHeld, nowMs)) {
      await this.#refresh(name, issuer, nowMs)
    }
    const set = this.#sets.get(name)
    if (set === undefined || nowMs - set.fetchedAtMs > remoteJwksStaleMaxMs) {
      return fail({ reason: 'keys_unreachable' })
    }
    const key = keyIn(set.keys, kid)
    return key === undefined ? fail({ reason: 'key_unknown' }) : ok(key)
  }

  /**
   * Whether the issuer may be asked. One request renews a set that is merely old while the others use it; those
   * that cannot go on without an answer ask for themselves, up to a bound.
   */
  #mayFetch(name: string, isKeyHeld: boolean, nowMs: number): boolean {
    const { endedAtMs, startedAtMs, windowStartMs, startedInWindow } = this.#attemptsOf(name)
    if (nowMs - endedAtMs < unknownKidCooldownMs) return false
    const isUnderWay = startedAtMs > endedAtMs && nowMs - startedAtMs < remoteJwksTimeoutMs
    if (isKeyHeld && isUnderWay) return false
    return nowMs - windowStartMs >= unknownKidCooldownMs || startedInWindow < remoteJwksFetchesMax
  }

  async #refresh(name: string, issuer: RemoteIssuer, nowMs: number): Promise<void> {
    const attempts = this.#attemptsOf(name)
    const isNewWindow = nowMs - attempts.windowStartMs >= unknownKidCooldownMs
    attempts.windowStartMs = isNewWindow ? nowMs : attempts.windowStartMs
    attempts.startedInWindow = isNewWindow ? 1 : attempts.startedInWindow + 1
    attempts.startedAtMs = nowMs
    const fetched = await this.#fetchSet(issuer, nowMs)
    attempts.endedAtMs = Math.max(attempts.endedAtMs, nowMs)
    if (fetched.ok) {
      this.#sets.set(name, fetched.value)
      return
    }
    const { reason } = fetched.failure
    log('warn', 'remote_jwks_unavailable', { jwks_uri: issuer.jwks_uri, reason })
  }

  #attemptsOf(name: string): Attempts {
    const known = this.#attempts.get(name)
    if (known !== undefined) return known
    const never = Number.NEGATIVE_INFINITY
    const none = { endedAtMs: never, startedAtMs: never, windowStartMs: never, startedInWindow: 0 }
    this.#attempts.set(name, none)
    return none
  }

  async #fetchSet(issuer: RemoteIssuer, nowMs: number): Promise<Result<HeldSet, FetchFailure>> {
    const answer = await fetchDocument(this.#fetch, issuer.jwks_uri, {
      mediaTypes: ['application/jwk-set+json', 'application/json'],
      bytesMax: remoteJwksBytesMax,
      timeoutMs: remoteJwksTimeoutMs,
      loopbackIsAllowed: this.#loopbackIsAllowed,
    })
    if (!answer.ok) return answer
    const keys = await readKeySet(answer.value.text, issuer.algorithms)
    if (keys === undefined) return fail({ reason: 'jwks_malformed' })
    return ok({ keys, fetchedAtMs: nowMs, freshUntilMs: nowMs + ageOf(answer.value.headers) })
  }
}

type FetchFailure = OutboundFailure | { readonly reason: 'jwks_malformed' }

/** As long as the issuer allows (RFC 9111 §5.2.2.1), within what we allow ourselves. */
function ageOf(headers: Headers): number {
  const [, seconds] =
    /(?:^|[,\s])max-age=(\d{1,9})(?:$|[,\s])/i.exec(headers.get('cache-control') ?? '') ?? []
  if (seconds === undefined) return remoteJwksAgeMaxMs
  return Math.min(Math.max(Number(seconds) * 1000, remoteJwksAgeMinMs), remoteJwksAgeMaxMs)
}
