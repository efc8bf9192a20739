import * as z from 'zod'

import { fetchDocument, type FetchDocument } from '../http/outbound.ts'
import { isLoopbackHost } from '../http/public-host.ts'
import {
  sectorDocumentBytesMax,
  sectorDocumentTimeoutMs,
  sectorFailureAgeMs,
  sectorFailuresMax,
} from '../platform/bounds.ts'
import { log } from '../platform/log.ts'
import { Lru } from '../platform/lru.ts'
import type { ClientMetadata } from './metadata.contract.ts'
import { sectorOf } from './subject.ts'

/** Reads the redirect URIs that a sector identifier document lists, or answers undefined when there is none to be had. */
export type ReadSector = (url: string, nowMs: number) => Promise<readonly string[] | undefined>

/**
 * Says what keeps a client out of the sector that it names, or undefined.
 *
 * Clients of one sector see the same name for a person, so that a client that could choose its sector freely could
 * find out who its users are elsewhere. The document on the sector's own host says who belongs to it; without one the
 * host of the redirect URIs is the sector, and that only works if they all have the same. A loopback address is
 * everybody's, and no sector.
 *
 * @see OpenID Connect Core 1.0 §8.1
 * @see OpenID Connect Dynamic Client Registration 1.0 §5
 */
export async function sectorFault(
  metadata: ClientMetadata,
  readSector: ReadSector,
  { nowMs, loopbackIsAllowed }: { readonly nowMs: number; readonly loopbackIsAllowed: boolean },
): Promise<string | undefined> {
  const { sector_identifier_uri, redirect_uris, subject_type } = metadata
  if (sector_identifier_uri !== undefined) {
    const listed = await readSector(sector_identifier_uri, nowMs)
    if (listed === undefined) return 'sector_identifier_uri does not lead to a JSON list of redirect URIs'
    const missing = redirect_uris.find((uri) => !listed.includes(uri))
    return missing === undefined
      ? undefined
      : 'sector_identifier_uri does not list every one of redirect_uris'
  }
  if (subject_type === 'public') return undefined
  const hosts = new Set(redirect_uris.map((uri) => sectorOf({ redirect_uris: [uri] })))
  const [host = '', ...others] = hosts
  if (host === '' || others.length > 0) {
    return 'subject_type pairwise needs redirect_uris on one host, or sector_identifier_uri'
  }
  return isLoopbackHost(host) && !loopbackIsAllowed
    ? 'subject_type pairwise needs sector_identifier_uri where redirect_uris are on a loopback address'
    : undefined
}

const Sector = z.array(z.string())

/** Reads sector documents over the network, and remembers for a short time which could not be had. */
export function createSectorReader(fetchOver: FetchDocument, loopbackIsAllowed: boolean): ReadSector {
  const failedAtMs = new Lru<number>(sectorFailuresMax)
  return async (url, nowMs) => {
    if (nowMs - (failedAtMs.get(url) ?? Number.NEGATIVE_INFINITY) < sectorFailureAgeMs) return undefined
    const document = await fetchDocument(fetchOver, url, {
      mediaTypes: ['application/json'],
      bytesMax: sectorDocumentBytesMax,
      timeoutMs: sectorDocumentTimeoutMs,
      loopbackIsAllowed,
    })
    const listed = document.ok ? readList(document.value.text) : undefined
    if (listed !== undefined) return listed
    const reason = document.ok ? 'document_malformed' : document.failure.reason
    log('info', 'sector_document_unavailable', { url, reason })
    failedAtMs.set(url, nowMs)
    return undefined
  }
}

function readList(text: string): readonly string[] | undefined {
  try {
    const listed = Sector.safeParse(JSON.parse(text))
    return listed.success ? listed.data : undefined
  } catch {
    return undefined
  }
}
