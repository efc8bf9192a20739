import * as fc from 'fast-check'
import { describe, test } from 'vitest'

import { NodeStorage } from '../../support/grants/node-storage.ts'
import { World, type CodeFlaw, type Step } from '../../support/grants/world.ts'

const RUNS = Number(process.env['GATEWRIGHT_RUNS'] ?? 2_000)
const SEED = Number(process.env['GATEWRIGHT_SEED'] ?? Date.now() % 2 ** 31)
const DAY = 86_400

/** Either side of every bound that the rules know: retry window, code, access token, idle and absolute expiry. */
const seconds = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 3 }) },
  { weight: 4, arbitrary: fc.integer({ min: 28, max: 32 }) },
  { weight: 2, arbitrary: fc.constantFrom(59, 60, 3_599, 3_600, 3_630) },
  { weight: 1, arbitrary: fc.constantFrom(30 * DAY - 1, 30 * DAY, 29 * DAY, 90 * DAY) },
)
const pick = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: 2 }) },
  { weight: 1, arbitrary: fc.nat({ max: 20 }) },
)
const client = fc.constantFrom('first', 'second')
const scope = fc.constantFrom('openid', 'openid read', 'openid read write')
const requested = fc.constantFrom(null, null, null, ['openid'], ['openid', 'read'], ['write'])
const consent = fc.constantFrom('given', 'given', 'remembered', 'waived')
const flaw = fc.oneof(
  { weight: 6, arbitrary: fc.constant<CodeFlaw>('none') },
  {
    weight: 1,
    arbitrary: fc.constantFrom<CodeFlaw>('client', 'redirect_uri', 'verifier'),
  },
)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('wait' as const), seconds }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('authorize' as const), client, scope, consent }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('redeem' as const),
      pick: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: pick }),
      flaw,
      refreshable: fc.oneof(
        { weight: 5, arbitrary: fc.constant(true) },
        { weight: 1, arbitrary: fc.constant(false) },
      ),
    }),
  },
  {
    weight: 24,
    arbitrary: fc.record({
      do: fc.constant('refresh' as const),
      pick,
      flaw: fc.oneof(
        { weight: 9, arbitrary: fc.constant('none' as const) },
        { weight: 1, arbitrary: fc.constant('client' as const) },
      ),
      scope: requested,
      rotates: fc.constantFrom(true, true, true, false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'inspect' as const,
        'inspect' as const,
        'inspect' as const,
        'revoke' as const,
        'revokeOfAnother' as const,
      ),
      pick,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const), client }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('sweep' as const, 'restart' as const) }) },
)
const dieBefore = fc.oneof(
  { weight: 8, arbitrary: fc.constant(undefined) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 8 }) },
)

describe('the grants of one account', () => {
  /**
   * RFC 6749 §4.1.2, RFC 9700 §4.14.2. The oracle is written from the specifications; after every step, no grant
   * has two live refresh tokens and every grant that ended has its revocation.
   */
  test(`answer what the specifications say, whatever happens and whenever the process dies (seed ${SEED})`, () => {
    const storage = new NodeStorage()
    fc.assert(
      fc.property(
        fc.array(fc.tuple(step, dieBefore), { minLength: 5, maxLength: 80, size: 'max' }),
        (steps) => {
          const world = new World(storage)
          for (const [next, death] of steps) world.take(next, death)
        },
      ),
      { numRuns: RUNS, seed: SEED },
    )
  }, 600_000)
})
