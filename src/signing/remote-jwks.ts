import {
  remoteJwksAgeMaxMs,
  remoteJwksAgeMinMs,
  remoteJwksBytesMax,
  remoteJwksFetchesMax,
  remoteJwksStaleMaxMs,
  remoteJwksTimeoutMs,
  trustedIssuersMax,
  unknownKidCooldownMs,
} from '../platform/bounds.ts'
import { readText, type BodyFailure } from '../http/body.ts'
import { log } from '../platform/log.ts'
import { Lru } from '../platform/lru.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { readKeySet, type RemoteKey } from './remote-key-set.ts'

/** An issuer other than ourselves, as far as its keys are concerned. */
export interface RemoteIssuer {
  readonly jwks_uri: string
  readonly algorithms: readonly string[]
}

export type RemoteKeyFailure = { readonly reason: 'key_unknown' } | { readonly reason: 'keys_unreachable' }

/** The network, as far as it is used to fetch keys. */
export type FetchKeys = (url: string, init: RequestInit) => Promise<Response>

/** What is held of one key set. It is replaced as a whole, and holds no promise: those belong to requests. */
interface HeldSet {
  readonly keys: ReadonlyMap<string, RemoteKey>
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
  readonly #fetch: FetchKeys
  readonly #sets = new Lru<HeldSet>(trustedIssuersMax)
  readonly #attempts = new Lru<Attempts>(trustedIssuersMax)

  constructor(fetch: FetchKeys) {
    this.#fetch = fetch
  }

  async find(issuer: RemoteIssuer, kid: string, nowMs: number): Promise<Result<RemoteKey, RemoteKeyFailure>> {
    const name = JSON.stringify([issuer.jwks_uri, issuer.algorithms])
    const held = this.#sets.get(name)
    const isSettled = held !== undefined && held.freshUntilMs > nowMs && held.keys.has(kid)
    if (!isSettled && this.#mayFetch(name, held?.keys.has(kid) === true, nowMs)) {
      await this.#refresh(name, issuer, nowMs)
    }
    const set = this.#sets.get(name)
    if (set === undefined || nowMs - set.fetchedAtMs > remoteJwksStaleMaxMs) {
      return fail({ reason: 'keys_unreachable' })
    }
    const key = set.keys.get(kid)
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
    const answer = await fetchDocument(this.#fetch, issuer.jwks_uri)
    if (!answer.ok) return answer
    const keys = await readKeySet(answer.value.text, issuer.algorithms)
    if (keys === undefined) return fail({ reason: 'jwks_malformed' })
    return ok({ keys, fetchedAtMs: nowMs, freshUntilMs: nowMs + answer.value.ageMaxMs })
  }
}

interface FetchFailure {
  readonly reason:
    | 'jwks_unreachable'
    | 'jwks_status_wrong'
    | 'jwks_type_wrong'
    | 'jwks_too_large'
    | 'jwks_malformed'
}

const MEDIA_TYPES: ReadonlySet<string> = new Set(['application/jwk-set+json', 'application/json'])

/**
 * Fetches a key set within its bounds of time and size.
 *
 * A redirect is not followed: it could lead from the address that the operator wrote down to one that only the
 * gateway can reach, or to another's keys.
 */
async function fetchDocument(
  fetchKeys: FetchKeys,
  url: string,
): Promise<Result<{ readonly text: string; readonly ageMaxMs: number }, FetchFailure>> {
  try {
    const response = await fetchKeys(url, {
      headers: { accept: 'application/jwk-set+json, application/json' },
      redirect: 'manual',
      signal: AbortSignal.timeout(remoteJwksTimeoutMs),
    })
    const type = (response.headers.get('content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
    if (response.status !== 200 || !MEDIA_TYPES.has(type)) {
      await response.body?.cancel()
      return fail({ reason: response.status === 200 ? 'jwks_type_wrong' : 'jwks_status_wrong' })
    }
    const text = await readText(response, remoteJwksBytesMax)
    if (!response.bodyUsed) await response.body?.cancel()
    if (text.ok) return ok({ text: text.value, ageMaxMs: ageOf(response.headers) })
    return fail({ reason: unreadableReason(text.failure) })
  } catch {
    return fail({ reason: 'jwks_unreachable' })
  }
}

function unreadableReason(failure: BodyFailure): FetchFailure['reason'] {
  switch (failure.reason) {
    case 'body_too_large':
      return 'jwks_too_large'
    case 'body_incomplete':
      return 'jwks_unreachable'
    case 'body_malformed':
    case 'media_type_unsupported':
      return 'jwks_malformed'
  }
}

/** As long as the issuer allows (RFC 9111 §5.2.2.1), within what we allow ourselves. */
function ageOf(headers: Headers): number {
  const [, seconds] =
    /(?:^|[,\s])max-age=(\d{1,9})(?:$|[,\s])/i.exec(headers.get('cache-control') ?? '') ?? []
  if (seconds === undefined) return remoteJwksAgeMaxMs
  return Math.min(Math.max(Number(seconds) * 1000, remoteJwksAgeMinMs), remoteJwksAgeMaxMs)
}
