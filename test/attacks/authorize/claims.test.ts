import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { publicClient } from '../../support/oauth/clients.ts'
import { newVisit } from '../../support/oauth/visit.ts'
import { amplePlan, newWorld, redemptionOf, requestOf } from '../../support/oauth/world.ts'

const claims = JSON.stringify({ id_token: { email: { essential: true } } })

/** An app that people are asked about, and Alice, who has allowed it to know that it is she, and nothing else. */
async function consentedWorld(scope: string) {
  const world = await newWorld()
  const client = await world.register({ ...publicClient({ scope }), plan: amplePlan })
  const visit = newVisit(world.send)
  const [, value = ''] = (await world.cookieOf(await world.person('alice'))).split('=')
  visit.keep('__Host-gatewright_session', value)
  const ask = (changes: Readonly<Record<string, string>>) =>
    visit.open(
      `/oauth/authorize?${new URLSearchParams({ ...requestOf(client), scope: 'openid', ...changes }).toString()}`,
    )
  await visit.submit(await ask({}), { decision: 'allow' })
  return { ...world, client, visit, ask }
}

describe('whoever asks for claims one by one', () => {
  test('does not get past the consent that their scope would need', async () => {
    const { ask } = await consentedWorld('openid email')
    expect((await ask({ prompt: 'none', claims })).location.searchParams.get('error')).toBe(
      'consent_required',
    )
    expect((await ask({ claims })).text).toContain('See your e-mail address')
  })

  test('gets nothing that the client is not registered for', async () => {
    const { ask, token, client } = await consentedWorld('openid')
    const { location } = await ask({ claims })
    const { body } = await token(redemptionOf(client, location.searchParams.get('code') ?? ''))
    expect(decodeJwt(String(body.id_token))).not.toHaveProperty('email')
  })
  test('asks for a level that the person did not reach, and the ID token does not say it', async () => {
    const { ask, token, client } = await consentedWorld('openid email')
    const acr = { values: ['urn:gatewright:acr:multi-factor'] }
    const { location } = await ask({ claims: JSON.stringify({ id_token: { acr } }) })
    const { body } = await token(redemptionOf(client, location.searchParams.get('code') ?? ''))
    expect(decodeJwt(String(body.id_token))['acr']).toBe('urn:gatewright:acr:single-factor')
  })
})
