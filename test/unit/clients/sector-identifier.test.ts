import { describe, expect, test } from 'vitest'

import { RequestedMetadataSchema } from '../../../src/clients/metadata.contract.ts'
import { toClientMetadata } from '../../../src/clients/registration.ts'
import { createSectorReader, sectorFault } from '../../../src/clients/sector-identifier.ts'
import { sectorFailureAgeMs } from '../../../src/platform/bounds.ts'

const NOW_MS = 1_800_000_000_000
const SECTOR = 'https://sector.example.com/uris.json'
const A = 'https://a.example.com/cb'
const B = 'https://b.example.com/cb'

/** What keeps metadata from its sector, over a network that answers so. */
async function fault(requested: object, answer: () => Response = notFound, loopbackIsAllowed = false) {
  const body = RequestedMetadataSchema.parse({ redirect_uris: [A], application_type: 'native', ...requested })
  const metadata = toClientMetadata(body, { isAnonymous: true, loopbackIsAllowed })
  if (!metadata.ok) throw new Error(metadata.failure.message)
  const asked: string[] = []
  const readSector = createSectorReader(async (url) => {
    asked.push(url)
    return answer()
  }, loopbackIsAllowed)
  return { fault: await sectorFault(metadata.value, readSector, { nowMs: NOW_MS, loopbackIsAllowed }), asked }
}

function notFound(): Response {
  return new Response('nothing here', { status: 404 })
}

describe('a pairwise client', () => {
  test('is taken when its redirect URIs are on one host', async () => {
    const requested = {
      subject_type: 'pairwise',
      redirect_uris: [A, `${A}/2`, 'https://a.example.com:8443/cb'],
    }
    expect(await fault(requested)).toEqual({ fault: undefined, asked: [] })
  })

  test.each<[string, readonly string[]]>([
    ['two hosts', [A, B]],
    ['a private-use scheme', ['com.example.app:/cb']],
    ['a loopback address, which is everybody’s', ['http://127.0.0.1/cb']],
    ['a loopback address of IPv6', ['http://[::1]/cb']],
  ])('needs a sector document for %s', async (_name, redirect_uris) => {
    expect((await fault({ subject_type: 'pairwise', redirect_uris })).fault).toMatch(/sector_identifier_uri/)
  })

  test('may be on this machine while developing', async () => {
    const requested = { subject_type: 'pairwise', redirect_uris: ['http://localhost:1/cb'] }
    expect(await fault(requested, notFound, true)).toMatchObject({ fault: undefined })
  })
})

describe('a sector document', () => {
  const requested = { subject_type: 'pairwise', redirect_uris: [A, B], sector_identifier_uri: SECTOR }

  test('lets in a client all of whose redirect URIs it lists', async () => {
    expect(await fault(requested, () => Response.json([B, A, 'https://c.example.com/cb']))).toEqual({
      fault: undefined,
      asked: [SECTOR],
    })
  })

  test.each<[string, () => Response]>([
    ['lists one of two', () => Response.json([A])],
    ['lists a prefix', () => Response.json([A, 'https://b.example.com/'])],
    ['lists none', () => Response.json([])],
    ['is an object', () => Response.json({ redirect_uris: [A, B] })],
    ['is no JSON', () => new Response('[', { headers: { 'content-type': 'application/json' } })],
    ['is a page', () => new Response('[]', { headers: { 'content-type': 'text/html' } })],
    ['is elsewhere', () => Response.redirect('https://10.0.0.1/', 302)],
    ['is not there', notFound],
    ['is endless', () => Response.json(['x'.repeat(65 * 1024)])],
  ])('keeps a client out when it %s', async (_name, answer) => {
    expect((await fault(requested, answer)).fault).toMatch(/sector_identifier_uri/)
  })

  /** OpenID Connect Registration 1.0 §5 has it checked whenever it is there, so that it can be relied on later. */
  test('is read for a client with public subjects, too', async () => {
    const changes = { subject_type: 'public', redirect_uris: [A], sector_identifier_uri: SECTOR }
    expect((await fault(changes, () => Response.json([B]))).fault).toMatch(/does not list/)
  })

  test('that could not be had is not asked for again at once', async () => {
    let asked = 0
    const read = createSectorReader(async () => {
      asked += 1
      return notFound()
    }, false)
    await read(SECTOR, NOW_MS)
    await read(SECTOR, NOW_MS + sectorFailureAgeMs - 1)
    expect(asked).toBe(1)
    await read(SECTOR, NOW_MS + sectorFailureAgeMs)
    expect(asked).toBe(2)
  })
})
