import { decodeJwt } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { claimsIn, logoutTokenIn, outsideNetwork } from '../../support/oauth/logout-world.ts'
import { publicClient } from '../../support/oauth/clients.ts'
import { amplePlan, code_verifier, newWorld, requestOf } from '../../support/oauth/world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const hosts = ['bank.acme.com', 'clinic.acme.org'] as const

/** What two apps of two sectors, and one that is no secret-keeper, hold of one person in one session. */
async function threeAppsOfOneSession() {
  const world = await newWorld()
  const cookie = await world.cookieOf(await world.person('alice'))
  const tokensOf = async (client_id: string, subject_type: 'pairwise' | 'public', host: string) => {
    const redirect_uri = `https://${host}/callback`
    const metadata = {
      redirect_uris: [redirect_uri],
      subject_type,
      backchannel_logout_uri: `https://${host}/out`,
    }
    const client = await world.register({
      ...publicClient(metadata),
      client_id,
      first_party: true,
      plan: amplePlan,
    })
    const code = await world.codeFor(client, cookie, { ...requestOf(client), redirect_uri })
    const redemption = { grant_type: 'authorization_code', client_id, redirect_uri, code, code_verifier }
    const { body } = await world.token(redemption)
    return { id_token: String(body.id_token), access_token: String(body.access_token) }
  }
  const tokens = [
    await tokensOf('bank', 'pairwise', hosts[0]),
    await tokensOf('clinic', 'pairwise', hosts[1]),
    await tokensOf('shop', 'public', 'shop.acme.com'),
  ]
  return { ...world, cookie, tokens }
}

describe('clients that put together what they know of a person whom pairwise subjects keep apart', () => {
  test('have no name of the session in common', async () => {
    const { tokens } = await threeAppsOfOneSession()
    const named = tokens.map(({ id_token, access_token }) => [
      decodeJwt(id_token)['sid'],
      decodeJwt(access_token)['sid'],
    ])
    expect(new Set(named.map(([ofPerson]) => ofPerson)).size).toBe(3)
    for (const [ofIdToken, ofAccessToken] of named) expect(ofIdToken).toBe(ofAccessToken)
  })

  test('are told of its end by the name that each of them knows', async () => {
    const sent = outsideNetwork(() => new Response(null, { status: 200 }))
    const { tokens, send, cookie } = await threeAppsOfOneSession()
    const [bank] = tokens
    const query = new URLSearchParams({ id_token_hint: bank?.id_token ?? '' })
    await send(`/oauth/logout?${query.toString()}`, { headers: { cookie } })
    const told = sent.map((delivery) => claimsIn(logoutTokenIn(delivery)))
    for (const { id_token } of tokens) {
      const { aud, sub, sid } = decodeJwt(id_token)
      expect(told).toContainEqual(expect.objectContaining({ aud, sub, sid }))
    }
  })
})
