import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { createSnapshotFeed } from '../../../src/catalog/snapshot-feed.ts'
import { Revocations, type Revocation } from '../../../src/grants/revocations.ts'
import { revocationsMax, revocationsPageMax } from '../../../src/platform/bounds.ts'

const START_MS = 1_800_000_000_000
const EMPTY = { upstreams: [], routes: [], trusted_issuers: [], plans: [], resources: [] }

interface Database {
  version: number
  revocations: readonly Revocation[]
  state: 'up' | 'down' | 'hanging'
  /** Reads that succeed before D1 goes down. */
  failsAfter: number
  /** Answers are on their way until then. */
  arrival: Promise<void>
  readonly reads: { readonly version: number; readonly seq: number }[]
}

/** A D1 that a test can change, stop and slow down, and a feed over it at a time of the test's choosing. */
function world() {
  const database: Database = {
    version: 1,
    revocations: [],
    state: 'up',
    failsAfter: Number.POSITIVE_INFINITY,
    arrival: Promise.resolve(),
    reads: [],
  }
  const background: Promise<unknown>[] = []
  const feed = createSnapshotFeed({
    issuer: 'https://gate.example.com',
    clock: Date.now,
    revocations: new Revocations(),
    async changesSince(version, seq) {
      database.reads.push({ version, seq })
      if (database.state === 'down' || database.reads.length > database.failsAfter)
        throw new Error('D1 is down')
      if (database.state === 'hanging') await new Promise(() => undefined)
      const { arrival } = database
      const changes = {
        catalog: database.version > version ? { version: database.version, document: EMPTY } : undefined,
        revocations: database.revocations.filter((row) => row.seq > seq).slice(0, revocationsPageMax),
      }
      await arrival
      return changes
    },
  })
  return {
    database,
    async versionAt(sinceStartMs: number): Promise<number | string> {
      await vi.advanceTimersByTimeAsync(START_MS + sinceStartMs - Date.now())
      const view = await feed.current(Date.now(), (work) => background.push(work))
      return view.ok ? view.value.snapshot.version : view.failure.reason
    },
    /** Begins a request without waiting for it. */
    begin: () => feed.current(Date.now(), (work) => background.push(work)),
    settled: () => Promise.all(background),
    expire: () => feed.expire(),
    isRevoked: async (id: string) => {
      const view = await feed.current(Date.now(), (work) => background.push(work))
      return view.ok && view.value.revocations.has('grant', id)
    },
  }
}

/** Revocations of so many grants, as D1 keeps them. */
function revokedGrants(count: number): readonly Revocation[] {
  return Array.from({ length: count }, (_, at) => ({
    seq: at + 1,
    kind: 'grant' as const,
    id: `grant ${at + 1}`,
    expires_at: START_MS / 1000 + 3600,
  }))
}

describe('the snapshot feed', () => {
  beforeEach(() => void vi.useFakeTimers({ now: START_MS }))
  afterEach(() => void vi.useRealTimers())

  test('a new isolate waits once, and is then served from memory', async () => {
    const { database, versionAt } = world()
    expect([await versionAt(0), await versionAt(500), await versionAt(1_000)]).toEqual([1, 1, 1])
    expect(database.reads).toEqual([{ version: 0, seq: 0 }])
  })

  test('an empty catalogue is served as such', async () => {
    const { database, versionAt } = world()
    database.version = 0
    expect(await versionAt(0)).toBe(0)
  })

  test('after a second it is read again behind the answer, once, and asks only for what is new', async () => {
    const { database, versionAt, settled } = world()
    await versionAt(0)
    database.version = 2
    expect([await versionAt(1_001), await versionAt(1_001)]).toEqual([1, 2])
    await settled()
    expect(database.reads).toEqual([
      { version: 0, seq: 0 },
      { version: 1, seq: 0 },
    ])
  })

  test('where something was published the next request sees it, and D1 down then does no harm', async () => {
    const { database, versionAt, expire } = world()
    await versionAt(0)
    database.version = 2
    expire()
    expect(await versionAt(10)).toBe(2)
    database.state = 'down'
    expire()
    expect(await versionAt(20)).toBe(2)
  })

  /** The promise of two seconds holds for a request that comes after an hour of silence, too. */
  test('after idling, nobody is served what is older than two seconds', async () => {
    const { database, versionAt } = world()
    await versionAt(0)
    database.version = 2
    expect(await versionAt(3_600_000)).toBe(2)
  })

  test('a revocation is seen within two seconds', async () => {
    const { database, versionAt, isRevoked } = world()
    await versionAt(0)
    database.revocations = [{ seq: 7, kind: 'grant', id: 'g', expires_at: START_MS / 1000 + 3600 }]
    await versionAt(2_001)
    expect(await isRevoked('g')).toBe(true)
    await versionAt(5_000)
    expect(database.reads.at(-1)).toEqual({ version: 1, seq: 7 })
  })

  /** An isolate that served after the first page would let in what the second says is revoked. */
  test('a new isolate has read all that is revoked before it serves', async () => {
    const { database, versionAt, isRevoked } = world()
    const count = 2 * revocationsPageMax + 1
    database.revocations = revokedGrants(count)
    expect(await versionAt(0)).toBe(1)
    expect([await isRevoked('grant 1'), await isRevoked(`grant ${count}`)]).toEqual([true, true])
    expect(database.reads.map(({ seq }) => seq)).toEqual([0, revocationsPageMax, 2 * revocationsPageMax])
  })

  test('an isolate that read only the first page of what is revoked serves nothing', async () => {
    const { database, versionAt } = world()
    database.revocations = revokedGrants(revocationsPageMax + 1)
    database.failsAfter = 1
    expect(await versionAt(0)).toBe('snapshot_unavailable')
  })

  test('more than can be remembered is read no further, and logged once a read', async () => {
    const { database, versionAt } = world()
    const logged = vi.spyOn(console, 'error').mockImplementation(() => undefined)
    database.revocations = revokedGrants(revocationsMax + revocationsPageMax)
    await versionAt(0)
    expect(database.reads).toHaveLength(revocationsMax / revocationsPageMax)
    expect(logged.mock.calls.filter(([line]) => String(line).includes('revocations_full'))).toHaveLength(1)
    logged.mockRestore()
  })

  test('while D1 is down the last view goes on being served, and D1 is not asked by every request', async () => {
    const { database, versionAt } = world()
    await versionAt(0)
    database.state = 'down'
    for (let at = 10_000; at < 12_000; at += 100) expect(await versionAt(at)).toBe(1)
    expect(database.reads).toHaveLength(1 + 2)
    database.state = 'up'
    database.version = 2
    expect(await versionAt(13_000)).toBe(2)
  })

  test('while D1 hangs, a request waits a second at most, and those after it not at all', async () => {
    const { database, versionAt, begin } = world()
    await versionAt(0)
    database.state = 'hanging'
    await vi.advanceTimersByTimeAsync(10_000)
    const waiting = begin()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await waiting).toMatchObject({ ok: true, value: { snapshot: { version: 1 } } })
    expect(await versionAt(11_100)).toBe(1)
    expect(database.reads).toHaveLength(2)
  })

  test('an isolate that has never read anything says so rather than serving nothing', async () => {
    const { database, versionAt } = world()
    database.state = 'down'
    expect([await versionAt(0), await versionAt(500)]).toEqual([
      'snapshot_unavailable',
      'snapshot_unavailable',
    ])
    expect(database.reads).toHaveLength(1)
    database.state = 'up'
    expect(await versionAt(1_500)).toBe(1)
  })

  test('an isolate that is new waits longer for a slow D1, having nothing else to serve', async () => {
    const { database, begin } = world()
    const { promise, resolve } = Promise.withResolvers<void>()
    database.arrival = promise
    const waiting = begin()
    await vi.advanceTimersByTimeAsync(9_000)
    resolve()
    expect(await waiting).toMatchObject({ ok: true, value: { snapshot: { version: 1 } } })
  })

  test('a read that was given up still brings what it reads', async () => {
    const { database, versionAt, begin, settled } = world()
    await versionAt(0)
    const { promise, resolve } = Promise.withResolvers<void>()
    Object.assign(database, { version: 2, arrival: promise })
    await vi.advanceTimersByTimeAsync(10_000)
    const waiting = begin()
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await waiting).toMatchObject({ value: { snapshot: { version: 1 } } })
    resolve()
    await settled()
    expect(await versionAt(11_100)).toBe(2)
  })

  /** Its request was cancelled, so it will never come back; another must take its place. */
  test('a background read that is lost is made up for', async () => {
    const { database, versionAt } = world()
    await versionAt(0)
    database.state = 'hanging'
    await versionAt(1_500)
    database.state = 'up'
    database.version = 2
    expect(await versionAt(2_600)).toBe(2)
  })

  test('an answer that arrives late does not bring an older version back', async () => {
    const { database, versionAt, settled } = world()
    await versionAt(0)
    const { promise, resolve } = Promise.withResolvers<void>()
    Object.assign(database, { version: 2, arrival: promise })
    await versionAt(1_500)
    Object.assign(database, { version: 3, arrival: Promise.resolve() })
    expect(await versionAt(5_000)).toBe(3)
    resolve()
    await settled()
    expect(await versionAt(5_100)).toBe(3)
  })
})
