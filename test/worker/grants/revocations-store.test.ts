import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { openDb } from '../../../src/db/client.ts'
import { revocationStore } from '../../../src/grants/revocations.store.ts'
import { revocationsPageMax } from '../../../src/platform/bounds.ts'

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

  test('come a page at a time', async () => {
    await env.DB.exec(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i <= ${revocationsPageMax}) ` +
        `INSERT INTO revocations (kind, id, expires_at) SELECT 'grant', i, ${NOW} FROM n`,
    )
    const store = revocationStore(openDb(env.DB))
    const page = await store.since(0)
    expect(page).toHaveLength(revocationsPageMax)
    expect(await store.since(page.at(-1)?.seq ?? 0)).toHaveLength(1)
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
