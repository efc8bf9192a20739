import { describe, expect, test } from 'vitest'

import { Chance } from '../../support/grants/chance.ts'
import { MortalServer } from '../../support/grants/mortal-server.ts'
import { NodeStorage } from '../../support/grants/node-storage.ts'
import { VirtualTime } from '../../support/grants/virtual-time.ts'

const RUNS = Number(process.env['GATEWRIGHT_RUNS'] ?? 2_000)
const SEED = Number(process.env['GATEWRIGHT_SEED'] ?? Date.now() % 2 ** 31)

const NETWORK_MS = 10_000
const TIMEOUT_MS = 5_000
/** With the network's delay, every presentation of a token arrives within 30 s of the first. */
const GIVE_UP_MS = 18_000

/** An app whose tabs share a storage, as browsers do. It replaces the token it presented, and never a newer one. */
class HonestApp {
  held = 'first token'
  isStuck = false
  readonly #firstSentMs = new Map<string, number>()
  readonly #server: MortalServer
  readonly #time: VirtualTime
  readonly #chance: Chance

  constructor(server: MortalServer, time: VirtualTime, chance: Chance) {
    this.#server = server
    this.#time = time
    this.#chance = chance
  }

  /** One tab refreshes: sends, and sends again when no answer came in time. */
  refresh(): void {
    const presented = this.held
    const firstSentMs = this.#firstSentMs.get(presented) ?? this.#time.nowMs
    this.#firstSentMs.set(presented, firstSentMs)
    if (this.#time.nowMs - firstSentMs > GIVE_UP_MS) {
      this.isStuck = true
      return
    }
    let isAnswered = false
    const copies = this.#chance.happens(0.1) ? 2 : 1
    for (let copy = 0; copy < copies; copy += 1) {
      if (this.#chance.happens(0.2)) continue
      this.#time.after(this.#delayMs(), () => {
        const reply = this.#server.refresh(presented)
        if (reply === undefined || this.#chance.happens(0.2)) return
        this.#time.after(this.#delayMs(), () => {
          isAnswered = true
          this.#learn(presented, reply)
        })
      })
    }
    this.#time.after(TIMEOUT_MS, () => {
      if (!isAnswered && this.held === presented) this.refresh()
    })
  }

  /** Refreshes over a network that loses nothing: what is of interest is then the thief. */
  refreshAtOnce(): void {
    const reply = this.#server.refresh(this.held)
    if (reply?.ok === true) this.held = reply.token
  }

  #learn(presented: string, reply: NonNullable<ReturnType<MortalServer['refresh']>>): void {
    if (reply.ok) {
      if (this.held === presented) this.held = reply.token
      return
    }
    expect(reply.reason).toBe('token_superseded')
    expect(this.held).not.toBe(presented)
  }

  #delayMs(): number {
    return this.#chance.happens(0.5) ? this.#chance.below(200) : this.#chance.below(NETWORK_MS)
  }
}

/** Copies what the app holds at some moment, and from then on refreshes on its own, whenever it likes. */
class Thief {
  held: string | undefined
  readonly #server: MortalServer

  constructor(server: MortalServer) {
    this.#server = server
  }

  steal(app: HonestApp): void {
    this.held = app.held
  }

  refresh(): void {
    const reply = this.held === undefined ? undefined : this.#server.refresh(this.held)
    if (reply?.ok === true) this.held = reply.token
  }
}

/** Presents a token until the server lives long enough to answer. */
function persist(server: MortalServer, token: string): { readonly ok: boolean } {
  for (;;) {
    const reply = server.refresh(token)
    if (reply !== undefined) return reply
  }
}

function schedule(storage: NodeStorage, chance: Chance) {
  const time = new VirtualTime()
  const server = new MortalServer(storage, time, chance, chance.happens(0.5) ? 0.2 : 0)
  while (server.redeemCode('right', 'first token') === undefined && !server.isEnded) {
    // The process died in the middle: nothing was spent, or the replay ends the grant.
  }
  return { time, server, app: new HonestApp(server, time, chance) }
}

describe('rotation over a network that delays, loses and repeats, while the process dies', () => {
  test(`an honest app never loses its grant and never needs more than one answer (seed ${SEED})`, () => {
    const storage = new NodeStorage()
    const tally = new Map<string, number>()
    for (let run = 0; run < RUNS; run += 1) {
      const chance = new Chance(SEED + run)
      const { time, server, app } = schedule(storage, chance)
      if (server.isEnded) continue
      const refreshes = 1 + chance.below(8)
      for (let refresh = 0; refresh < refreshes; refresh += 1)
        time.after(chance.below(60_000), () => app.refresh())
      time.runAll()
      expect(server.isEnded, `seed ${SEED + run}`).toBe(false)
      expect(app.isStuck || persist(server, app.held).ok, `seed ${SEED + run}`).toBe(true)
      for (const [reason, count] of server.reasons) tally.set(reason, (tally.get(reason) ?? 0) + count)
    }
    console.info('rotation, honest app', Object.fromEntries(tally))
    expect([...tally.keys()].toSorted()).toEqual(['sealed', 'taken', 'token_superseded'])
  }, 600_000)

  /** RFC 9700 §4.14.2. With whom the chain ends up cannot be known, so whoever comes second ends it. */
  test(`a thief and the owner never both keep a working token (seed ${SEED})`, () => {
    const storage = new NodeStorage()
    const tally = { undetectedYet: 0, ended: 0, sameToken: 0 }
    for (let run = 0; run < RUNS; run += 1) {
      const chance = new Chance(SEED + run)
      const { time, server, app } = schedule(storage, chance)
      const thief = new Thief(server)
      for (let turn = 0; turn < 8; turn += 1) {
        time.after(chance.below(120_000), () => app.refreshAtOnce())
        time.after(chance.below(120_000), () => thief.refresh())
      }
      time.after(chance.below(60_000), () => thief.steal(app))
      time.runAll()
      const isKeptByOne = thief.held === undefined || thief.held === app.held
      if (server.isEnded) tally.ended += 1
      else if (isKeptByOne) tally.sameToken += 1
      else tally.undetectedYet += 1
      time.after(31_000, () => persist(server, thief.held ?? app.held))
      time.after(62_000, () => persist(server, app.held))
      time.runAll()
      expect(server.isEnded || isKeptByOne, `seed ${SEED + run}`).toBe(true)
    }
    console.info('rotation, with a thief', tally)
    expect(tally.ended).toBeGreaterThan(0)
  }, 600_000)
})
