import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { openDb } from '../../../src/db/client.ts'
import { revocationStore } from '../../../src/grants/revocations.store.ts'

const NOW = 1_800_000_000

describe('the revocations in D1', () => {
  test('are followed by their sequence, oldest first', async () => {
    const store = revocationStore(openDb(env.DB))
    await store.insert('grant', 'a', NOW + 1)
    await store.insert('token', 'a', NOW + 2)
    await store.insert('grant', 'b', NOW + 3)
    const [first, ...rest] = await store.since(0)
    expect(first).toMatchObject({ kind: 'grant', id: 'a', expires_at: NOW + 1 })
    expect(rest.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['token a', 'grant b'])
    expect(await store.since(first?.seq ?? 0)).toEqual(rest)
  })

  /** An object that dies between D1's answer and its own note of it sends the row again. */
  test('are the same when one is sent twice', async () => {
    const store = revocationStore(openDb(env.DB))
    await store.insert('grant', 'a', NOW)
    await store.insert('grant', 'a', NOW + 50)
    expect(await store.since(0)).toMatchObject([{ id: 'a', expires_at: NOW }])
  })

  test('go when they have expired, and their numbers are not given again', async () => {
    const store = revocationStore(openDb(env.DB))
    await store.insert('grant', 'a', NOW)
    await store.insert('grant', 'b', NOW + 1)
    const last = (await store.since(0)).at(-1)
    await store.sweep((NOW + 1) * 1000)
    expect(await store.since(0)).toEqual([])
    await store.insert('grant', 'c', NOW + 9)
    expect((await store.since(last?.seq ?? 0)).map(({ id }) => id)).toEqual(['c'])
  })
})
