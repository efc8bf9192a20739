import {
  abortAllDurableObjects,
  evictDurableObject,
  runDurableObjectAlarm,
  runInDurableObject,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { createOneTimeVault, placeOf } from '../../../src/grants/one-time-vault.ts'
import { epochSeconds } from '../../../src/platform/clock.ts'
import { oneTimeSweepPauseSeconds } from '../../../src/platform/one-time-bounds.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'

const TIMES = 200

const vault = createOneTimeVault(env.ONE_TIME, systemRandom)
const useOf = (owner: string) => ({
  kind: 'proof' as const,
  owner,
  jti: 'jti of a proof',
  expires_at: epochSeconds(Date.now()) + 60,
})

afterEach(() => {
  vi.useRealTimers()
})

describe('the object of one-time values, asked many times at once', () => {
  test('of 200 parallel uses of one jti one is first', async () => {
    const use = useOf(randomId(systemRandom))
    const answers = await Promise.all(Array.from({ length: TIMES }, () => vault.spendOnce(use)))
    expect(answers.filter((answer) => answer === 'first')).toHaveLength(1)
    expect(answers.filter((answer) => answer === 'repeated')).toHaveLength(TIMES - 1)
  })

  test('the same jti of another owner, and of another kind, is another one', async () => {
    const use = useOf(randomId(systemRandom))
    expect(await vault.spendOnce(use)).toBe('first')
    expect(await vault.spendOnce({ ...use, owner: randomId(systemRandom) })).toBe('first')
    expect(await vault.spendOnce({ ...use, kind: 'assertion' })).toBe('first')
    expect(await vault.spendOnce(use)).toBe('repeated')
  })
})

describe('the object of one-time values, evicted or killed', () => {
  test('what was used stays used', async () => {
    const owner = randomId(systemRandom)
    await vault.spendOnce(useOf(owner))
    await evictDurableObject(env.ONE_TIME.getByName(placeOf(owner)))
    expect(await vault.spendOnce(useOf(owner))).toBe('repeated')
    await abortAllDurableObjects()
    expect(await vault.spendOnce(useOf(owner))).toBe('repeated')
  })

  test('forgets by its alarm what has expired, which does not throw and leaves no alarm behind', async () => {
    const owner = randomId(systemRandom)
    await vault.spendOnce(useOf(owner))
    const stub = env.ONE_TIME.getByName(placeOf(owner))
    const alarmOf = () => runInDurableObject(stub, (_object, state) => state.storage.getAlarm())
    const alarm = (await alarmOf()) ?? 0
    expect(Math.abs(alarm - Date.now() - oneTimeSweepPauseSeconds * 1000)).toBeLessThan(10_000)
    vi.useFakeTimers({ now: alarm, toFake: ['Date'] })
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    const rows = await runInDurableObject(stub, (_object, { storage }) =>
      storage.sql.exec('SELECT digest FROM used_ids').toArray(),
    )
    expect(rows).toEqual([])
    expect(await alarmOf()).toBeNull()
  })

  /** The platform drops an alarm that has thrown six times. */
  test('does not throw from its alarm when the sweep fails, and tries again later', async () => {
    const owner = randomId(systemRandom)
    await vault.spendOnce(useOf(owner))
    const stub = env.ONE_TIME.getByName(placeOf(owner))
    await runInDurableObject(stub, (_object, { storage }) =>
      storage.sql.exec('DROP TABLE pushed_requests').toArray(),
    )
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    const alarm = await runInDurableObject(stub, (_object, { storage }) => storage.getAlarm())
    expect(alarm).toBeGreaterThan(Date.now())
    await runInDurableObject(stub, (_object, { storage }) => storage.deleteAll())
    await abortAllDurableObjects()
  })
})
