import { describe, expect, test } from 'vitest'

import {
  boundWorld,
  inMiddleOfMinute,
  nonceAt,
  tokenProof,
  userinfoProof,
} from '../../support/oauth/bound-world.ts'

describe('RFC 9449 §8, nonces of the authorization server', () => {
  test('a proof without a nonce is answered with 400 use_dpop_nonce and the DPoP-Nonce to use', async () => {
    const { holder, redeem } = await boundWorld()
    const refused = await redeem(await tokenProof(holder, { nonce: undefined }))
    expect(refused).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } })
    const nonce = refused.headers.get('dpop-nonce') ?? ''
    expect(await redeem(await tokenProof(holder, { nonce }))).toMatchObject({ status: 200 })
  })

  test('a nonce consists of NQCHAR only and is not predictable', async () => {
    const nonces = [0, 1, 2].map((minutes) => nonceAt(1_800_000_000_000 + minutes * 60_000))
    for (const nonce of nonces) expect(nonce).toMatch(/^[A-Za-z0-9_-]{22}$/)
    expect(new Set(nonces).size).toBe(3)
  })

  test('answers with a nonce are not to be cached', async () => {
    const { holder, redeem } = await boundWorld()
    const { headers } = await redeem(await tokenProof(holder, { nonce: 'old' }))
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('a page of another origin may read the nonce', async () => {
    const { holder, redeem } = await boundWorld()
    const { headers } = await redeem(await tokenProof(holder, { nonce: 'old' }))
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('access-control-expose-headers')).toContain('dpop-nonce')
  })

  test('§8.2: a new nonce comes with a successful answer, once there is one', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const now = inMiddleOfMinute()
    const { access_token } = await tokens()
    const current = await userinfo(`DPoP ${access_token}`, await userinfoProof(holder, access_token))
    expect([current.status, current.headers.get('dpop-nonce')]).toEqual([200, null])
    const before = await userinfoProof(holder, access_token, { nonce: nonceAt(now - 60_000) })
    const older = await userinfo(`DPoP ${access_token}`, before)
    expect([older.status, older.headers.get('dpop-nonce')]).toEqual([200, nonceAt(now)])
  })
})

describe('RFC 9449 §9, nonces of protected resources', () => {
  test('a proof without a nonce is answered with 401, use_dpop_nonce in the challenge and the DPoP-Nonce to use', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const without = await userinfoProof(holder, access_token, { nonce: undefined })
    const refused = await userinfo(`DPoP ${access_token}`, without)
    expect(refused).toMatchObject({ status: 401, body: { error: 'use_dpop_nonce' } })
    expect(refused.headers.get('www-authenticate')).toMatch(/^DPoP .*error="use_dpop_nonce"/)
    const nonce = refused.headers.get('dpop-nonce') ?? ''
    const proof = await userinfoProof(holder, access_token, { nonce })
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject({ status: 200 })
  })
})

describe('RFC 9449 §11.1, replay', () => {
  test('a jti is accepted once for its key while its proof could be accepted', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(holder, access_token)
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject({ status: 200 })
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject({
      status: 401,
      body: { error: 'invalid_dpop_proof' },
    })
  })
})
