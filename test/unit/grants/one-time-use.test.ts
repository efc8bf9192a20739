import { describe, expect, test } from 'vitest'

import { useOnce, type UseCommand } from '../../../src/grants/one-time-use.ts'
import { OneTimeLedger } from '../../../src/grants/one-time-ledger.ts'
import { nextOneTimeSweepDue, sweepOneTime } from '../../../src/grants/one-time-sweep.ts'
import { NodeStorage } from '../../support/grants/node-storage.ts'

const NOW = 1_800_000_000
const use: UseCommand = {
  kind: 'assertion',
  owner: 'service',
  digest: 'digest',
  expires_at: NOW + 60,
  call_id: 'one',
}

describe('an identifier that works once', () => {
  test('is first once, and repeated for every other call', () => {
    const ledger = new OneTimeLedger(new NodeStorage())
    expect(ledger.useOnce(use, NOW * 1000)).toBe('first')
    expect(ledger.useOnce({ ...use, call_id: 'two' }, NOW * 1000)).toBe('repeated')
  })

  /** A deployment may cut the answer off, and then the same call is made again. */
  test('is first again for the call that was', () => {
    const ledger = new OneTimeLedger(new NodeStorage())
    ledger.useOnce(use, NOW * 1000)
    ledger.useOnce({ ...use, call_id: 'two' }, NOW * 1000)
    expect(ledger.useOnce(use, NOW * 1000)).toBe('first')
  })

  /** It might have been used and swept; nobody can tell. */
  test('counts as repeated from its expiry on, and nothing is written', () => {
    expect(useOnce(undefined, use, NOW + 60)).toEqual({ answer: 'repeated', changes: [] })
  })

  test('is swept when it has expired, and not a second sooner', () => {
    const storage = new NodeStorage()
    const ledger = new OneTimeLedger(storage)
    ledger.useOnce(use, NOW * 1000)
    expect(nextOneTimeSweepDue(storage)).toBe(NOW + 60)
    sweepOneTime(storage, NOW + 59)
    expect(storage.all('SELECT digest FROM used_ids')).toHaveLength(1)
    sweepOneTime(storage, NOW + 60)
    expect(storage.all('SELECT digest FROM used_ids')).toEqual([])
    expect(nextOneTimeSweepDue(storage)).toBeNull()
  })
})
