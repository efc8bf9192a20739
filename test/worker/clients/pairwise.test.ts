import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import type { Client } from '../../../src/clients/client.ts'
import { publicClient, type ClientChanges } from '../../support/oauth/clients.ts'
import { amplePlan, newWorld, redemptionOf } from '../../support/oauth/world.ts'

/** Somebody who signs in to several clients, and what each of them gets to know of her. */
async function pairwiseWorld() {
  const world = await newWorld()
  const cookie = await world.cookieOf(await world.person('alice', { name: 'Alice' }))
  const client = (client_id: string, changes: ClientChanges) =>
    world.register({
      ...publicClient(changes),
      client_id,
      first_party: true,
      plan: amplePlan,
    })
  /** The names for her in the ID token, the access token and userinfo. */
  const subjects = async (of: Client) => {
    const code = await world.codeFor(of, cookie)
    const { body } = await world.token(redemptionOf(of, code))
    const authorization = `Bearer ${String(body['access_token'])}`
    const userinfo = await world.send('/oauth/userinfo', { headers: { authorization } })
    return [
      decodeJwt(String(body['id_token'])).sub,
      decodeJwt(String(body['access_token'])).sub,
      userinfo.body['sub'],
    ]
  }
  return { client, subjects }
}

/** OpenID Connect Core 1.0 §8. */
describe('a client with pairwise subjects', () => {
  const pairwise = { subject_type: 'pairwise' } as const

  test('knows a person by one name, in every token and in userinfo, and it is not hers elsewhere', async () => {
    const { client, subjects } = await pairwiseWorld()
    const [sub, ...others] = await subjects(await client('app', pairwise))
    expect(sub).toMatch(/^[\w-]{43}$/)
    expect(others).toEqual([sub, sub])
  })

  test('of another sector knows her by another name, and one of the same sector by the same', async () => {
    const { client, subjects } = await pairwiseWorld()
    const [first] = await subjects(await client('first', pairwise))
    const [same] = await subjects(await client('same', pairwise))
    const elsewhere = { ...pairwise, sector_identifier_uri: 'https://elsewhere.example.com/sector' }
    const [other] = await subjects(await client('other', elsewhere))
    const [open] = await subjects(await client('open', {}))
    expect(same).toBe(first)
    expect(new Set([first, other, open]).size).toBe(3)
    expect(open).toBe('alice')
  })
})
