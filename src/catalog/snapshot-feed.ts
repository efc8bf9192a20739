import type { Revocation, Revocations } from '../grants/revocations.ts'
import {
  revocationsPageMax,
  snapshotAgeMaxMs,
  snapshotFirstWaitMs,
  snapshotRefreshMs,
  snapshotRetryMs,
  snapshotWaitMs,
} from '../platform/bounds.ts'
import type { Clock } from '../platform/clock.ts'
import { errorText, log } from '../platform/log.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import type { CatalogDocument } from './catalog.contract.ts'
import { Snapshot } from './snapshot.ts'

export interface SnapshotFeedPorts {
  /** Our own issuer. */
  readonly issuer: string
  readonly revocations: Revocations
  readonly clock: Clock
  /** Answers a page of revocations, which is the last one if it is not full. */
  readonly changesSince: (version: number, seq: number) => Promise<SnapshotChanges>
}

interface SnapshotChanges {
  readonly catalog: { readonly version: number; readonly document: CatalogDocument } | undefined
  readonly revocations: readonly Revocation[]
}

/** What the gateway knows, at most as old as `snapshotAgeMaxMs` while D1 answers. */
export interface SnapshotView {
  readonly snapshot: Snapshot
  readonly revocations: Revocations
}

/** Nothing has ever been read, and D1 does not answer. */
export interface SnapshotFailure {
  readonly reason: 'snapshot_unavailable'
}

type WaitUntil = (work: Promise<unknown>) => void

export interface SnapshotFeed {
  current(nowMs: number, waitUntil: WaitUntil): Promise<Result<SnapshotView, SnapshotFailure>>
  /** Makes the next request ask D1: somebody has just published here, and looks for it. */
  expire(): void
}

/**
 * Follows what is published and what is revoked, so that requests are served from memory.
 *
 * A view older than `snapshotRefreshMs` is read again behind the answer; one older than `snapshotAgeMaxMs` is not
 * served until D1 has been asked, which happens to the first requests of an isolate and to those that wake an
 * idle one. When D1 fails, the last view goes on being served: an outage of the database must not become one of
 * everything behind the gateway. Each request that waits, waits for a read of its own, because a promise of
 * another request may be cancelled with it.
 */
export function createSnapshotFeed(ports: SnapshotFeedPorts): SnapshotFeed {
  const { issuer, revocations, clock } = ports
  let snapshot: Snapshot | undefined
  /** When the newest read that succeeded began: what it saw is at least that fresh. */
  let readAtMs = Number.NEGATIVE_INFINITY
  let refreshedAtMs = Number.NEGATIVE_INFINITY
  let failedAtMs = Number.NEGATIVE_INFINITY

  /** Reads page by page until nothing is left. One that served before would let in what a later page revokes. */
  async function read(nowMs: number): Promise<void> {
    let catalog: SnapshotChanges['catalog']
    let isDrained = false
    while (!isDrained) {
      const changes = await readChanges(ports, catalog?.version ?? snapshot?.version ?? 0)
      if (changes === undefined) {
        failedAtMs = clock()
        return
      }
      revocations.apply(changes.revocations, nowMs)
      catalog = changes.catalog ?? catalog
      isDrained = changes.revocations.length < revocationsPageMax || revocations.isFull
    }
    if (revocations.isFull) log('error', 'revocations_full', { size: revocations.size })
    const newest = catalog ?? NOTHING_PUBLISHED
    if (snapshot === undefined || newest.version > snapshot.version) {
      snapshot = new Snapshot(newest.version, newest.document, issuer)
    }
    readAtMs = Math.max(readAtMs, nowMs)
  }

  /** A read that is given up goes on behind the answer, since the next request needs what it brings. */
  async function readOrGiveUp(nowMs: number, waitUntil: WaitUntil): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(resolve, snapshot === undefined ? snapshotFirstWaitMs : snapshotWaitMs)
    const reading = read(nowMs)
    waitUntil(reading)
    await Promise.race([reading, late])
    clearTimeout(timer)
    if (readAtMs < nowMs) failedAtMs = clock()
  }

  return {
    async current(nowMs, waitUntil) {
      const ageMs = nowMs - readAtMs
      const mayRead = nowMs - failedAtMs >= snapshotRetryMs
      if (ageMs > snapshotAgeMaxMs) {
        if (mayRead) await readOrGiveUp(nowMs, waitUntil)
      } else if (ageMs > snapshotRefreshMs && mayRead && nowMs - refreshedAtMs > snapshotRefreshMs) {
        refreshedAtMs = nowMs
        waitUntil(read(nowMs))
      }
      return snapshot === undefined ? fail({ reason: 'snapshot_unavailable' }) : ok({ snapshot, revocations })
    },
    expire() {
      readAtMs = Number.NEGATIVE_INFINITY
    },
  }
}

const NOTHING_PUBLISHED: SnapshotChanges['catalog'] & object = {
  version: 0,
  document: { upstreams: [], routes: [], trusted_issuers: [], plans: [], resources: [] },
}

/** What D1 answers, or undefined where it does not. */
async function readChanges(ports: SnapshotFeedPorts, version: number): Promise<SnapshotChanges | undefined> {
  try {
    return await ports.changesSince(version, ports.revocations.seq)
  } catch (error) {
    log('error', 'snapshot_read_failed', { message: errorText(error) })
    return undefined
  }
}
