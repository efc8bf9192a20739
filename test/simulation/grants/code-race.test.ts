import { describe, expect, test } from 'vitest'

import { Chance } from '../../support/grants/chance.ts'
import { MortalServer } from '../../support/grants/mortal-server.ts'
import { NodeStorage } from '../../support/grants/node-storage.ts'
import { VirtualTime } from '../../support/grants/virtual-time.ts'

const RUNS = Number(process.env['GATEWRIGHT_RUNS'] ?? 2_000)
const SEED = Number(process.env['GATEWRIGHT_SEED'] ?? Date.now() % 2 ** 31)

describe('one code presented many times, with the right verifier and without, while the process dies', () => {
  /** RFC 6749 §4.1.2. A death between commit and answer makes a winner that nobody hears of; there is still no second. */
  test(`one presentation wins; the next with every binding right ends the grant, and no other does (seed ${SEED})`, () => {
    const storage = new NodeStorage()
    const tally = { won: 0, replayed: 0, wonByNobodyHeard: 0 }
    for (let run = 0; run < RUNS; run += 1) {
      const chance = new Chance(SEED + run)
      const time = new VirtualTime()
      const server = new MortalServer(storage, time, chance, chance.happens(0.5) ? 0.3 : 0)
      let grantedCount = 0
      let spentCount = 0
      const presentations = 1 + chance.below(6)
      for (let presentation = 0; presentation < presentations; presentation += 1) {
        const verifier = chance.happens(0.5) ? 'right' : 'wrong'
        time.after(chance.below(70_000), () => {
          const reply = server.redeemCode(verifier, `token of ${presentation}`)
          if (reply?.ok === true) grantedCount += 1
          if (reply?.ok === false && reply.failure.reason === 'code_spent') spentCount += 1
          const isMismatch = reply?.ok === false && reply.failure.reason === 'verifier_mismatch'
          expect(isMismatch).toBe(reply !== undefined && verifier === 'wrong')
          expect(storage.all('SELECT digest FROM refresh_tokens').length).toBeLessThanOrEqual(1)
        })
      }
      time.runAll()
      expect(grantedCount, `seed ${SEED + run}`).toBeLessThanOrEqual(1)
      expect(spentCount === 0 || server.isEnded, `seed ${SEED + run}`).toBe(true)
      if (grantedCount === 1) tally.won += 1
      if (spentCount > 0) tally.replayed += 1
      if (spentCount > 0 && grantedCount === 0) tally.wonByNobodyHeard += 1
    }
    console.info('codes', tally)
    expect(Math.min(tally.won, tally.replayed, tally.wonByNobodyHeard)).toBeGreaterThan(0)
  }, 600_000)
})
