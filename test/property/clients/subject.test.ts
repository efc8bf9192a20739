import { createHmac } from 'node:crypto'

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { subjectFor } from '../../../src/clients/subject.ts'
import { clientWith } from '../../support/oauth/clients.ts'

const host = fc.domain()
const account = fc.string({ minLength: 1, maxLength: 40 })
const key = fc.uint8Array({ minLength: 32, maxLength: 32 })

function pairwise(sector: string, path = '/cb') {
  return clientWith({}, { subject_type: 'pairwise', redirect_uris: [`https://${sector}${path}`] })
}

/** OpenID Connect Core 1.0 §8.1. */
describe('the pairwise subject', () => {
  test('is the same each time, and for all clients of one sector', () => {
    fc.assert(
      fc.property(host, account, key, (sector, account_id, mac) => {
        const first = subjectFor(pairwise(sector), account_id, mac)
        expect(subjectFor(pairwise(sector, '/other'), account_id, mac)).toBe(first)
        const named = clientWith(
          {},
          {
            subject_type: 'pairwise',
            redirect_uris: ['https://elsewhere.example.com/'],
            sector_identifier_uri: `https://${sector}/uris.json`,
          },
        )
        expect(subjectFor(named, account_id, mac)).toBe(first)
      }),
    )
  })

  test('is never the same in two sectors, for two accounts, or under two keys', () => {
    fc.assert(
      fc.property(host, host, account, account, (sector, otherSector, account_id, otherAccount) => {
        fc.pre(sector !== otherSector && account_id !== otherAccount)
        const mac = new Uint8Array(32)
        const subjects = [
          subjectFor(pairwise(sector), account_id, mac),
          subjectFor(pairwise(otherSector), account_id, mac),
          subjectFor(pairwise(sector), otherAccount, mac),
          subjectFor(pairwise(sector), account_id, new Uint8Array(32).fill(1)),
        ]
        expect(new Set(subjects).size).toBe(4)
      }),
    )
  })

  /** Where the two parts were only put together, one could be chosen so that the whole is that of another pair. */
  test('does not confuse where the sector ends and the account begins', () => {
    fc.assert(
      fc.property(host, account, fc.nat({ max: 10 }), (sector, account_id, cut) => {
        const shifted = pairwise(sector.slice(0, Math.max(1, sector.length - 1)))
        const moved = sector.slice(-1) + account_id.slice(0, cut)
        const mac = new Uint8Array(32)
        expect(subjectFor(shifted, moved, mac)).not.toBe(subjectFor(pairwise(sector), account_id, mac))
      }),
    )
  })

  /** Somebody who knows every account and sector must not be able to tell whose it is by trying them. */
  test('holds nothing of the account, and is no digest that can be made without the key', () => {
    fc.assert(
      fc.property(host, account, key, (sector, account_id, mac) => {
        const subject = subjectFor(pairwise(sector), account_id, mac)
        expect(subject).toMatch(/^[\w-]{43}$/)
        const unkeyed = createHmac('sha256', new Uint8Array(0)).update(JSON.stringify([sector, account_id]))
        expect(subject).not.toBe(unkeyed.digest('base64url'))
      }),
    )
  })

  test('is left out for a client with public subjects, which sees the account', () => {
    expect(subjectFor(clientWith({}, {}), 'alice', new Uint8Array(32))).toBe('alice')
  })
})
