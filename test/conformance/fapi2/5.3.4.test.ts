import { describe, expect, test } from 'vitest'

import { userinfoProof } from '../../support/oauth/bound-world.ts'
import { fapiWorld } from '../../support/oauth/fapi-world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

/** @see FAPI 2.0 Security Profile §5.3.4 (resource servers), for the userinfo endpoint */
describe('FAPI 2.0 Security Profile §5.3.4', () => {
  test('a resource server shall accept access tokens in the Authorization header', async () => {
    const { tokens, userinfo } = await fapiWorld()
    expect(await userinfo((await tokens()).access_token)).toMatchObject({
      status: 200,
      body: { sub: 'alice' },
    })
  })

  test('a resource server shall not accept access tokens in the query, nor one that is bound in the body', async () => {
    const { tokens, send, post, holder } = await fapiWorld()
    const { access_token } = await tokens()
    const headers = { dpop: await userinfoProof(holder, access_token) }
    const query = new URLSearchParams({ access_token }).toString()
    expect((await send(`/oauth/userinfo?${query}`, { headers })).status).toBe(401)
    const dpop = await userinfoProof(holder, access_token, { htm: 'POST' })
    expect((await post('/oauth/userinfo', { access_token }, { dpop })).status).toBe(401)
  })

  test('a resource server shall verify that an access token is whole, unexpired and unrevoked', async () => {
    const { tokens, userinfo, post, proofOfClient } = await fapiWorld()
    const { access_token } = await tokens()
    const [header = '', claims = '', signature = ''] = access_token.split('.')
    const forged = `${header}.${claims}.${signature.split('').toReversed().join('')}`
    expect((await userinfo(forged)).status).toBe(401)
    await post('/oauth/revoke', { token: access_token, ...(await proofOfClient()) })
    expect((await userinfo(access_token)).status).toBe(401)
  })

  test('a resource server shall verify that the authorization of an access token is enough', async () => {
    const { client, code, redeem, userinfo } = await fapiWorld()
    const redemption = {
      grant_type: 'authorization_code',
      client_id: client.client_id,
      redirect_uri: client.metadata.redirect_uris[0] ?? '',
      code: await code({ scope: 'read' }),
      code_verifier: 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk',
    }
    const { body } = await redeem(redemption)
    const answer = await userinfo(String(body['access_token']))
    expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
  })

  test('a resource server shall verify that an access token is presented by the holder of its key', async () => {
    const { tokens, send } = await fapiWorld()
    const { access_token } = await tokens()
    const thief = await userinfoProof(await newHolder(), access_token)
    const headers = { authorization: `DPoP ${access_token}`, dpop: thief }
    expect((await send('/oauth/userinfo', { headers })).status).toBe(401)
    const asBearer = { authorization: `Bearer ${access_token}` }
    expect((await send('/oauth/userinfo', { headers: asBearer })).status).toBe(401)
  })
})
