import * as fc from 'fast-check'
import { describe, test } from 'vitest'

import { NodeStorage } from '../../support/grants/node-storage.ts'
import { OneTimeWorld, type OneTimeStep } from '../../support/grants/one-time-world.ts'

const RUNS = Number(process.env['GATEWRIGHT_RUNS'] ?? 2_000)
const SEED = Number(process.env['GATEWRIGHT_SEED'] ?? Date.now() % 2 ** 31)

/** Either side of every bound that the rules know: the pace of polls, a pushed request's life, and a device code's. */
const seconds = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 11 }) },
  { weight: 2, arbitrary: fc.constantFrom(59, 60, 74, 75) },
  { weight: 1, arbitrary: fc.constantFrom(599, 600) },
)
const pick = fc.nat({ max: 3 })
const client = fc.constantFrom('first', 'first', 'first', 'second')
const call = fc.constantFrom('one call', 'another call')
const dpop_jkt = fc.constantFrom(null, 'key', 'key', 'another key')
const resource = fc.constantFrom(null, null, ['https://a.example'], ['https://c.example'])

const step: fc.Arbitrary<OneTimeStep> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('push' as const), client }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('open' as const), pick, client }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('spend' as const), pick, client, call }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('use' as const),
      jti: fc.constantFrom('a', 'b'),
      call,
      seconds: fc.constantFrom(0, 1, 60),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('begin' as const),
      client,
      code: fc.nat({ max: 2 }),
      dpop_jkt: fc.constantFrom(null, 'key'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      pick,
      client,
      vault_id: fc.constantFrom('vault', 'vault', 'another vault', null),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constantFrom('poll' as const, 'poll' as const, 'redeem' as const),
      pick,
      client,
      dpop_jkt,
      resource,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'restart' as const) }) },
)
const dieBefore = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 }) },
)

describe('values that work once and belong to no account yet', () => {
  /** RFC 9126 §4, RFC 8628 §3.5, RFC 7523 §3, RFC 9449 §11.1. The oracle is written from the specifications. */
  test(`answer what the specifications say, whatever happens and whenever the process dies (seed ${SEED})`, () => {
    const storages = { oneTime: new NodeStorage(), grants: new NodeStorage() }
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, dieBefore), { minLength: 5, maxLength: 60, size: 'max' }),
        (steps) => {
          const world = new OneTimeWorld(storages)
          for (const [next, death] of steps) world.take(next, death)
        },
      ),
      { numRuns: RUNS, seed: SEED },
    )
  }, 600_000)
})
