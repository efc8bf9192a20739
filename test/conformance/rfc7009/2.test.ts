import { describe, expect, test } from 'vitest'

import { asService, tokenWorld } from '../../support/oauth/token-world.ts'

/** RFC 7009 §2, token revocation. */
describe('RFC 7009 §2', () => {
  async function revocationWorld() {
    const world = await tokenWorld()
    const tokens = await world.tokensOf({ client_id: 'service' })
    const revoke = (fields: Readonly<Record<string, string>>, client_id = 'service') =>
      world.post('/oauth/revoke', fields, asService(client_id))
    const isActive = async (token: string) => (await world.introspect('service', token)).body['active']
    return { ...world, ...tokens, revoke, isActive }
  }

  test('2.1: token is REQUIRED', async () => {
    const { revoke } = await revocationWorld()
    expect(await revoke({})).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })

  test('2.1: the server MUST verify that the token was issued to the client, and refuse otherwise', async () => {
    const { revoke, refresh_token, isActive } = await revocationWorld()
    expect((await revoke({ token: refresh_token }, 'other')).status).toBe(400)
    expect(await isActive(refresh_token)).toBe(true)
  })

  test('2.1: revoking a refresh token SHOULD invalidate the access tokens of its grant', async () => {
    const { revoke, refresh_token, access_token, isActive } = await revocationWorld()
    expect(await revoke({ token: refresh_token })).toMatchObject({ status: 200 })
    expect([await isActive(refresh_token), await isActive(access_token)]).toEqual([false, false])
  })

  test('2.1: revoking an access token leaves the refresh token as it is', async () => {
    const { revoke, refresh_token, access_token, isActive } = await revocationWorld()
    expect(await revoke({ token: access_token })).toMatchObject({ status: 200 })
    expect([await isActive(refresh_token), await isActive(access_token)]).toEqual([true, false])
  })

  test('2.1: a wrong token_type_hint MUST NOT keep the token from being found', async () => {
    const { revoke, refresh_token, isActive } = await revocationWorld()
    await revoke({ token: refresh_token, token_type_hint: 'access_token' })
    expect(await isActive(refresh_token)).toBe(false)
  })

  test('2.2: an invalid token is answered with 200, because there is nothing left to revoke', async () => {
    const { revoke } = await revocationWorld()
    expect(await revoke({ token: 'unknown' })).toMatchObject({ status: 200 })
  })

  test('2.1: a client that fails to authenticate is refused as RFC 6749 §5.2 says', async () => {
    const { post, refresh_token, isActive } = await revocationWorld()
    expect(await post('/oauth/revoke', { token: refresh_token, client_id: 'service' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
    expect(await isActive(refresh_token)).toBe(true)
  })

  test('2.3: pages of other origins MAY revoke (CORS)', async () => {
    const { send } = await revocationWorld()
    const { headers } = await send('/oauth/revoke', { method: 'OPTIONS' })
    expect(headers.get('access-control-allow-origin')).toBe('*')
  })
})
