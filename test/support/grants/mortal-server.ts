import { expect } from 'vitest'

import type { Grant } from '../../../src/grants/grant.ts'
import { GrantsLedger } from '../../../src/grants/grants-ledger.ts'
import type { RedeemFailure, RefreshFailure } from '../../../src/grants/grants-vault.ts'
import type { Result } from '../../../src/platform/result.ts'
import type { Chance } from './chance.ts'
import { Killed, type NodeStorage } from './node-storage.ts'
import type { VirtualTime } from './virtual-time.ts'

export const CLIENT_ID = 'spa'
export const REDIRECT_URI = 'https://app.example/callback'
export const CODE = 'code'
export const GRANT_ID = 'grant'
const RETRY_MS = 30_000

export type RefreshReply =
  | { readonly ok: true; readonly token: string }
  | { readonly ok: false; readonly reason: RefreshFailure['reason'] }

/**
 * The token endpoint of one account with its ledger, which may die before, in, or after any decision.
 *
 * It also watches. The checks here hold for every schedule, with thieves or without: no token has two successors, no two
 * tokens are live, a grant ends by a refresh exactly when its token was spent longer ago than the retry window, and
 * nothing works after that.
 */
export class MortalServer {
  readonly #storage: NodeStorage
  readonly #time: VirtualTime
  readonly #chance: Chance
  readonly #killProbability: number
  #ledger: GrantsLedger
  #minted = 0
  readonly #successors = new Map<string, string>()
  readonly #spentAtMs = new Map<string, number>()
  readonly reasons = new Map<string, number>()

  constructor(storage: NodeStorage, time: VirtualTime, chance: Chance, killProbability: number) {
    this.#storage = storage
    this.#time = time
    this.#chance = chance
    this.#killProbability = killProbability
    this.#ledger = new GrantsLedger(storage)
    storage.clear()
    this.#ledger.authorize(
      {
        grant_id: GRANT_ID,
        code_digest: CODE,
        consent: 'given',
        bindings: {
          client_id: CLIENT_ID,
          redirect_uri: REDIRECT_URI,
          code_challenge: 'challenge',
          account_id: 'alice',
          sub: 'alice',
          sid: 'sid',
          scope: 'openid read',
          nonce: null,
          auth_time: 1_800_000_000,
          amr: ['pwd'],
          resource: [],
          claims: null,
          dpop_jkt: null,
        },
      },
      time.nowMs,
    )
  }

  get isEnded(): boolean {
    return this.#storage.all('SELECT ended_at FROM grants WHERE ended_at IS NOT NULL').length > 0
  }

  /** Answers undefined when the process died on the way, which the client sees as no answer at all. */
  redeemCode(verifier: 'right' | 'wrong', refresh_digest: string): Result<Grant, RedeemFailure> | undefined {
    const command = {
      code_digest: CODE,
      client_id: CLIENT_ID,
      redirect_uri: REDIRECT_URI,
      code_challenge: verifier === 'right' ? 'challenge' : 'challenge of another',
      dpop_jkt: null,
      resource: null,
      refresh: { digest: refresh_digest, dpop_jkt: null },
    }
    return this.#survive(() => this.#ledger.redeemCode(command, this.#time.nowMs)).answer
  }

  refresh(presented: string): RefreshReply | undefined {
    this.#minted += 1
    const candidate = `token ${this.#minted}`
    const successor = { digest: candidate, sealed: `${candidate} under ${presented}` }
    const command = {
      token_digest: presented,
      client_id: CLIENT_ID,
      dpop_jkt: null,
      scope: null,
      resource: null,
      successor,
    }
    const wasEnded = this.isEnded
    const { decided, answer } = this.#survive(() => this.#ledger.refresh(command, this.#time.nowMs))
    this.#watch(presented, wasEnded)
    if (decided === undefined) return undefined
    this.#watchReplay(presented)
    expect(wasEnded && decided.ok).toBe(false)
    if (!decided.ok) {
      this.#count(decided.failure.reason)
      return answer === undefined ? undefined : { ok: false, reason: decided.failure.reason }
    }
    expect(decided.value.successor).not.toBe('kept')
    const token =
      typeof decided.value.successor === 'string'
        ? candidate
        : unseal(decided.value.successor.sealed, presented)
    this.#count(typeof decided.value.successor === 'string' ? 'taken' : 'sealed')
    expect(this.#successors.get(presented) ?? token).toBe(token)
    this.#successors.set(presented, token)
    return answer === undefined ? undefined : { ok: true, token }
  }

  #survive<A>(decide: () => A): { readonly decided?: A; readonly answer?: A } {
    if (!this.#chance.happens(this.#killProbability)) {
      const answer = decide()
      return { decided: answer, answer }
    }
    const isKilledAfter = this.#chance.happens(0.3)
    if (!isKilledAfter) this.#storage.dieBeforeStatement(this.#chance.below(8))
    try {
      return { decided: decide() }
    } catch (error) {
      if (error instanceof Killed) return {}
      throw error
    } finally {
      this.#storage.revive()
      this.#ledger = new GrantsLedger(this.#storage)
    }
  }

  #watch(presented: string, wasEnded: boolean): void {
    const spentAtMs = this.#spentAtMs.get(presented)
    const elapsedMs = spentAtMs === undefined ? 0 : this.#time.nowMs - spentAtMs
    if (!wasEnded && this.isEnded) expect(elapsedMs).toBeGreaterThan(RETRY_MS)
    for (const row of this.#storage.all('SELECT digest FROM refresh_tokens WHERE spent_at IS NOT NULL')) {
      const digest = String(row['digest'])
      if (!this.#spentAtMs.has(digest)) this.#spentAtMs.set(digest, this.#time.nowMs)
    }
    const live = this.#storage.all('SELECT digest FROM refresh_tokens WHERE spent_at IS NULL')
    expect(live.length).toBeLessThanOrEqual(1)
  }

  /** A decision was made: if the token was spent before the window, in whole seconds, the grant is over now. */
  #watchReplay(presented: string): void {
    const spentAtMs = this.#spentAtMs.get(presented) ?? Infinity
    if (Math.floor(this.#time.nowMs / 1000) - Math.floor(spentAtMs / 1000) > RETRY_MS / 1000)
      expect(this.isEnded).toBe(true)
  }

  #count(reason: string): void {
    this.reasons.set(reason, (this.reasons.get(reason) ?? 0) + 1)
  }
}

function unseal(sealed: string, presented: string): string {
  const [token = '', under] = sealed.split(' under ')
  expect(under).toBe(presented)
  return token
}
