import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { GrantsObject } from '../../../src/grants/grants.object.ts'
import { grantTtlSeconds, revocationsSentMax, sweepPauseSeconds } from '../../../src/platform/bounds.ts'
import { assert } from '../../../src/platform/assert.ts'
import { newAccount, revocationRows } from './vault.ts'

type Stub = ReturnType<typeof newAccount>['stub']

const hide = () => env.DB.exec('ALTER TABLE revocations RENAME TO revocations_hidden')
const unhide = () => env.DB.exec('ALTER TABLE revocations_hidden RENAME TO revocations')

const rowsOf = (stub: Stub, table: string) =>
  runInDurableObject(stub, (_object, state) => state.storage.sql.exec(`SELECT * FROM ${table}`).toArray())
const alarmOf = (stub: Stub) => runInDurableObject(stub, (_object, state) => state.storage.getAlarm())

/** Revocations that were tried before and are due again. */
function insertOverdue({ sql }: DurableObjectStorage, times: number): void {
  for (let id = 0; id < times; id += 1)
    sql.exec(
      'INSERT INTO unsent_revocations VALUES (?, ?, 1, ?)',
      `grant ${id}`,
      9_999_999_999,
      1_700_000_000 + id,
    )
}

function count({ sql }: DurableObjectStorage): unknown {
  return sql.exec('SELECT count(*) AS count FROM unsent_revocations').one()['count']
}

/** D1 that does what it is asked, but only once it is told to answer. */
function slowDatabase() {
  const { promise, resolve } = Promise.withResolvers<void>()
  let batches = 0
  const database = new Proxy(env.DB, {
    get(target, name) {
      if (name === 'prepare') return (query: string) => target.prepare(query)
      assert(name === 'batch', `only batches are sent, not ${String(name)}`)
      return async (statements: D1PreparedStatement[]) => {
        batches += 1
        await promise
        return target.batch(statements)
      }
    },
  })
  return { database, answer: resolve, batches: () => batches }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('a revocation that D1 does not take', () => {
  test('is kept, and the alarm sends it when D1 is back', async () => {
    const { revoke, grant_id, signIn, refresh, stub } = newAccount()
    const first = await signIn()
    await hide()
    await revoke(first)
    expect(await refresh(first)).toEqual({ reason: 'grant_ended' })
    expect(await rowsOf(stub, 'unsent_revocations')).toMatchObject([{ grant_id, tries: 1 }])

    await unhide()
    vi.useFakeTimers({ now: Date.now() + 2_000, toFake: ['Date'] })
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await revocationRows()).toMatchObject([{ kind: 'grant', id: grant_id }])
    expect(await rowsOf(stub, 'unsent_revocations')).toEqual([])
  })

  /** The platform drops an alarm that has thrown six times. */
  test('does not make the alarm throw, and the next one is set', async () => {
    const { revoke, grant_id, signIn, stub } = newAccount()
    const first = await signIn()
    await hide()
    await revoke(first)
    vi.useFakeTimers({ now: Date.now() + 2_000, toFake: ['Date'] })
    const before = Date.now()
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await rowsOf(stub, 'unsent_revocations')).toMatchObject([{ grant_id, tries: 2 }])
    const next = await alarmOf(stub)
    expect(next).toBeGreaterThan(before)
    expect(next).toBeLessThanOrEqual(before + 2_000)
  })

  /** RFC 7009 §2.2.1: whoever revokes must learn that others do not know yet, and tells them by asking again. */
  test('is answered as such, and a repeat sends it without waiting for the alarm', async () => {
    const { revoke, grant_id, signIn } = newAccount()
    const first = await signIn()
    await hide()
    expect(await revoke(first)).toEqual({ grant_id, isAnnounced: false })
    expect(await revoke(first)).toEqual({ grant_id, isAnnounced: false })
    await unhide()
    expect(await revoke(first)).toEqual({ grant_id, isAnnounced: true })
    expect(await revocationRows()).toMatchObject([{ kind: 'grant', id: grant_id }])
    expect(await revoke(first)).toEqual({ grant_id, isAnnounced: true })
  })

  /** The outage of D1 is of no concern to a client that refreshes while it lasts. */
  test('keeps no other call waiting, and is sent with its like in one batch', async () => {
    const { stub, signIn } = newAccount()
    await signIn()
    await runInDurableObject(stub, async (_object, { storage }) => insertOverdue(storage, 3))
    const batches = await runInDurableObject(stub, async (_object, state) => {
      const slow = slowDatabase()
      const object = new GrantsObject(state, { DB: slow.database })
      const command = {
        token_digest: 'unknown',
        client_id: 'spa',
        dpop_jkt: null,
        scope: null,
        resource: null,
        successor: null,
      }
      expect(await object.refresh(command)).toMatchObject({ failure: { reason: 'token_unknown' } })
      slow.answer()
      await vi.waitFor(() => expect(count(state.storage)).toBe(0))
      return slow.batches()
    })
    expect(batches).toBe(1)
    expect((await revocationRows()).map(({ id }) => id)).toEqual(['grant 0', 'grant 1', 'grant 2'])
  })

  test('leaves though the sweep fails, and the alarm does not come back at once', async () => {
    const { stub, signIn } = newAccount()
    await signIn()
    await runInDurableObject(stub, async (_object, { storage }) => {
      insertOverdue(storage, revocationsSentMax + 1)
      storage.sql.exec('DROP TABLE codes')
      await storage.setAlarm(Date.now() + 60_000)
    })
    const before = Date.now()
    expect(await runDurableObjectAlarm(stub)).toBe(true)
    expect(await revocationRows()).toHaveLength(revocationsSentMax)
    expect(await alarmOf(stub)).toBeGreaterThanOrEqual(before + 1_000)
  })

  test('survives an eviction, and the alarm is set again if it was lost', async () => {
    const { vault, vault_id, revoke, grant_id, signIn, stub } = newAccount()
    const first = await signIn()
    await hide()
    await revoke(first)
    await runInDurableObject(stub, (_object, state) => state.storage.deleteAlarm())
    await evictDurableObject(stub)
    await vault.inspectRefreshToken(vault_id, 'wakes the object')
    expect(await alarmOf(stub)).not.toBeNull()
    await unhide()
    vi.useFakeTimers({ now: Date.now() + 2_000, toFake: ['Date'] })
    await runDurableObjectAlarm(stub)
    expect(await revocationRows()).toMatchObject([{ id: grant_id }])
  })
})

describe('the sweep', () => {
  test('an expired code goes at the next alarm, an hour later, and then only its session is waited for', async () => {
    const { authorize, stub } = newAccount()
    await authorize()
    const now = Date.now()
    const alarm = (await alarmOf(stub)) ?? 0
    expect(Math.abs(alarm - now - sweepPauseSeconds * 1000)).toBeLessThan(10_000)
    await runAlarmAt(stub, alarm)
    expect([await rowsOf(stub, 'codes'), await rowsOf(stub, 'grants')]).toEqual([[], []])
    const [participant] = await rowsOf(stub, 'participants')
    const over = Number(participant?.['expires_at']) * 1000
    expect(await alarmOf(stub)).toBe(over)
    await runAlarmAt(stub, over)
    expect(await alarmOf(stub)).toBeNull()
  })

  test('an object whose grant lives sleeps until its session is over, and then until the grant expires', async () => {
    const { signIn, stub } = newAccount()
    await signIn()
    await runAlarmAt(stub, (await alarmOf(stub)) ?? 0)
    const [grant] = await rowsOf(stub, 'grants')
    expect(grant).toMatchObject({ expires_at: Number(grant?.['created_at']) + grantTtlSeconds })
    await runAlarmAt(stub, (await alarmOf(stub)) ?? 0)
    expect(await rowsOf(stub, 'participants')).toEqual([])
    expect(await alarmOf(stub)).toBe(Number(grant?.['expires_at']) * 1000)
  })
})

async function runAlarmAt(stub: Stub, atMs: number): Promise<void> {
  vi.useFakeTimers({ now: atMs, toFake: ['Date'] })
  await runDurableObjectAlarm(stub)
}
