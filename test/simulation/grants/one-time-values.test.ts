import { describe, expect, test } from 'vitest'

import { Chance } from '../../support/grants/chance.ts'
import { MortalServer } from '../../support/grants/mortal-server.ts'
import { NodeStorage } from '../../support/grants/node-storage.ts'
import { DEVICE_CODE, OneTimeServer, OWNER, PUSHED, USER_CODE } from '../../support/grants/one-time-server.ts'
import { VirtualTime } from '../../support/grants/virtual-time.ts'

const RUNS = Number(process.env['GATEWRIGHT_RUNS'] ?? 2_000)
const SEED = Number(process.env['GATEWRIGHT_SEED'] ?? Date.now() % 2 ** 31)

/** One schedule: everybody who takes part, and the times at which they do. */
class Schedule {
  readonly time = new VirtualTime()
  readonly chance: Chance
  readonly oneTime: OneTimeServer
  readonly account: MortalServer
  readonly isMortal: boolean
  /** Who heard that they were the first, by what they asked for. */
  readonly heard = new Map<string, number>()
  #token = 'first token'

  constructor(storages: { readonly oneTime: NodeStorage; readonly grants: NodeStorage }, seed: number) {
    this.chance = new Chance(seed)
    this.isMortal = this.chance.happens(0.7)
    const killProbability = this.isMortal ? 0.25 : 0
    this.account = new MortalServer(storages.grants, this.time, this.chance, killProbability)
    this.oneTime = new OneTimeServer(storages, this.time, this.chance, killProbability)
  }

  /** A caller in an isolate: the same call again, at most three times, until it is answered. */
  call<A>(ask: () => A | undefined, use: (answer: A) => void, tries = 1): void {
    const answer = ask()
    if (answer !== undefined) return use(answer)
    if (tries < 3) this.time.after(this.chance.below(50), () => this.call(ask, use, tries + 1))
  }

  hear(what: string): void {
    this.heard.set(what, (this.heard.get(what) ?? 0) + 1)
  }

  /** The same assertion and the same proof, brought several times. */
  replays(): void {
    for (const kind of ['assertion', 'proof'] as const) {
      for (let caller = 0; caller < 1 + this.chance.below(4); caller += 1) {
        this.time.after(this.chance.below(2_000), () =>
          this.call(
            () => this.oneTime.useOnce(kind, `call ${caller}`),
            (answer) => answer === 'first' && this.hear(kind),
          ),
        )
      }
    }
  }

  /** Browsers complete one pushed request, and somebody tries it in the name of another client. */
  browsers(): void {
    for (let browser = 0; browser < 1 + this.chance.below(3); browser += 1) {
      const visitMs = this.chance.below(70_000)
      const client_id = browser === 2 ? 'thief' : OWNER
      this.time.after(visitMs, () => this.oneTime.openRequest(client_id))
      this.time.after(visitMs + this.chance.below(900_000), () =>
        this.call(
          () => this.oneTime.spendRequest(client_id, `browser ${browser}`),
          (isSpent) => isSpent && this.hear(PUSHED),
        ),
      )
    }
  }

  /** One or two people decide, with retries of their own, while the device polls and a thief polls as well. */
  devices(): void {
    const deciders = [['alice'], ['alice', 'mallory'], ['alice', null]][this.chance.below(3)] ?? []
    for (const vault_id of deciders) {
      const attempt = () => (vault_id === null ? this.oneTime.decide(null) : this.oneTime.approve(vault_id))
      for (let click = 0; click < 1 + this.chance.below(2); click += 1)
        this.time.after(this.chance.below(60_000), () => this.call(attempt, () => undefined))
    }
    const pollers = [
      { client_id: OWNER, everyMs: 5_000 },
      { client_id: OWNER, everyMs: 500 + this.chance.below(9_000) },
      { client_id: 'thief', everyMs: 3_000 },
    ]
    for (const [poller, { client_id, everyMs }] of pollers.entries()) {
      if (poller > 0 && this.chance.happens(0.5)) continue
      for (let turn = 0; turn < 14; turn += 1) {
        this.time.after(turn * everyMs + this.chance.below(300), () => {
          const state = this.oneTime.poll(client_id, `poll ${poller}.${turn}`)
          if (state === 'granted') this.hear(DEVICE_CODE)
          if (client_id === 'thief') expect([undefined, 'client_mismatch']).toContain(state)
        })
      }
    }
  }

  /** An honest app of the same account: it redeems its code and refreshes, and asks again when nothing comes back. */
  app(): void {
    if (this.account.redeemCode('right', this.#token) === undefined) return
    for (let refresh = 0; refresh < 1 + this.chance.below(5); refresh += 1) {
      this.time.after(this.chance.below(120_000), () => this.#refresh(this.#token))
    }
  }

  /** It does not give up: after half a minute without an answer it could not tell itself from a thief. */
  #refresh(presented: string): void {
    const reply = this.account.refresh(presented)
    if (reply === undefined) return this.time.after(this.chance.below(2_000), () => this.#refresh(presented))
    if (reply.ok && this.#token === presented) this.#token = reply.token
  }
}

describe('codes, refresh tokens, pushed requests, device codes, assertions and proofs, while processes die', () => {
  test(`nothing that works once has two winners, and no honest retry ends a grant (seed ${SEED})`, () => {
    const storages = { oneTime: new NodeStorage(), grants: new NodeStorage() }
    const tally = new Map<string, number>()
    for (let run = 0; run < RUNS; run += 1) {
      const seed = SEED + run
      const schedule = new Schedule(storages, seed)
      schedule.app()
      schedule.replays()
      schedule.browsers()
      schedule.devices()
      schedule.time.runAll()
      for (const [what, count] of schedule.heard) {
        expect(count, `${what}, seed ${seed}`).toBe(1)
        tally.set(what, (tally.get(what) ?? 0) + 1)
      }
      expect(schedule.account.isEnded, `seed ${seed}`).toBe(false)
      expect(schedule.oneTime.winnerOf(PUSHED)?.startsWith('thief') ?? false, `seed ${seed}`).toBe(false)
      for (const value of ['jti of assertion', 'jti of proof', PUSHED, USER_CODE, DEVICE_CODE]) {
        const isWon = schedule.oneTime.winnerOf(value) !== undefined
        if (isWon) tally.set(`won: ${value}`, (tally.get(`won: ${value}`) ?? 0) + 1)
      }
      const firsts = ['assertion', 'proof'].map((kind) => schedule.heard.get(kind))
      expect(schedule.isMortal || firsts.every((count) => count === 1), `seed ${seed}`).toBe(true)
    }
    console.info('one-time values', Object.fromEntries(tally))
    expect(Math.min(...tally.values())).toBeGreaterThan(0)
    expect(tally.size).toBe(9)
  }, 600_000)
})
