import { describe, expect, test } from 'vitest'

import { asService, claimsNow, service, signed, tokenWorld } from '../../support/oauth/token-world.ts'
import { newIsolate } from '../../support/oauth/world.ts'

/** An app with tokens of alice's, which an operator then removes, and a gateway elsewhere that asks about tokens. */
async function removedApp() {
  const world = await tokenWorld()
  const tokens = await world.tokensOf(world.app)
  await world.register(service('watcher', { scope: 'introspect' }))
  expect((await world.introspect('watcher', tokens.access_token)).body).toMatchObject({ active: true })
  const manage = await signed(claimsNow({ sub: 'operator', client_id: 'operator', scope: 'manage' }))
  const { client_id } = world.app
  const removed = await world.send(`/oauth/register/${client_id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${manage}` },
  })
  expect(removed.status).toBe(204)
  return { ...world, ...tokens }
}

/** RFC 7592 §2.3: what was issued to the client is invalidated with it. */
describe('somebody with the tokens of a client that was removed', () => {
  test('reads on with its access token: where it was removed, that is over at once', async () => {
    const { userinfo, access_token, introspect } = await removedApp()
    expect((await introspect('watcher', access_token)).body).toEqual({ active: false })
    expect((await userinfo(access_token)).status).toBe(401)
  })

  test('reads on elsewhere: another isolate, which was told by the database, refuses it too', async () => {
    const { access_token } = await removedApp()
    const body = new URLSearchParams({ token: access_token })
    const asked = { method: 'POST', body, headers: asService('watcher') }
    expect(await newIsolate().send('/oauth/introspect', asked)).toMatchObject({
      status: 200,
      body: { active: false },
    })
  })

  test('refreshes: there is no client that could, and nothing is issued', async () => {
    const { token, refresh_token } = await removedApp()
    const answer = await token({ grant_type: 'refresh_token', client_id: 'app', refresh_token })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })
})
