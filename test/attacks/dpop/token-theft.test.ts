import { describe, expect, test } from 'vitest'

import { boundWorld, tokenProof, userinfoProof } from '../../support/oauth/bound-world.ts'
import { redemptionOf } from '../../support/oauth/world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

const INVALID_TOKEN = { status: 401, body: { error: 'invalid_token' } }
const INVALID_PROOF = { status: 401, body: { error: 'invalid_dpop_proof' } }
const INVALID_GRANT = { status: 400, body: { error: 'invalid_grant' } }

describe('somebody who has stolen a bound access token', () => {
  test('presents it as a bearer token: it opens nothing', async () => {
    const { tokens, userinfo } = await boundWorld()
    expect(await userinfo(`Bearer ${(await tokens()).access_token}`)).toMatchObject(INVALID_TOKEN)
  })

  test('presents it in the body of a form, where no proof is asked for elsewhere: it opens nothing', async () => {
    const { tokens, post } = await boundWorld()
    const { access_token } = await tokens()
    expect(await post('/oauth/userinfo', { access_token })).toMatchObject(INVALID_TOKEN)
  })

  test('presents it with the scheme DPoP and no proof: it opens nothing', async () => {
    const { tokens, userinfo } = await boundWorld()
    expect(await userinfo(`DPoP ${(await tokens()).access_token}`)).toMatchObject(INVALID_TOKEN)
  })

  test('presents it with a proof of a key of theirs: it opens nothing', async () => {
    const { tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(await newHolder(), access_token)
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject({ status: 401 })
  })

  test('names the key of its owner by kid, in a proof of a key of theirs: it opens nothing', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(await newHolder(), access_token, {}, { kid: holder.jkt })
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject({ status: 401 })
  })

  test('presents it with a proof that its owner made for another token: it opens nothing', async () => {
    const { holder, client, cookie, codeFor, token, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const other = await token(redemptionOf(client, await codeFor(client, cookie)), {
      dpop: await tokenProof(holder),
    })
    const proof = await userinfoProof(holder, String(other.body['access_token']))
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject(INVALID_PROOF)
  })

  test('presents it with a proof that its owner sent to the token endpoint, without ath: it opens nothing', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(holder, access_token, { ath: undefined })
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject(INVALID_PROOF)
  })

  test('presents it with the proof that its owner has used: it opens nothing a second time', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(holder, access_token)
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject({ status: 200 })
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject(INVALID_PROOF)
  })

  test('presents it by both schemes at once: it opens nothing', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(holder, access_token)
    expect(await userinfo(`DPoP ${access_token}, Bearer ${access_token}`, proof)).toMatchObject(INVALID_TOKEN)
  })
})

describe('somebody who has stolen a bearer token', () => {
  test('dresses it up with the scheme DPoP and a proof of their own: it opens nothing', async () => {
    const { redeem, userinfo } = await boundWorld()
    const token = String((await redeem()).body['access_token'])
    const proof = await userinfoProof(await newHolder(), token)
    expect(await userinfo(`DPoP ${token}`, proof)).toMatchObject(INVALID_TOKEN)
  })
})

describe('somebody who has stolen a refresh token or a code', () => {
  test('refreshes for a public client with a key of theirs: nothing is issued, and the owner goes on', async () => {
    const { holder, tokens, refresh } = await boundWorld()
    const { refresh_token } = await tokens()
    expect(await refresh(refresh_token, await tokenProof(await newHolder()))).toMatchObject(INVALID_GRANT)
    expect(await refresh(refresh_token, await tokenProof(holder))).toMatchObject({ status: 200 })
  })

  test('refreshes without a proof to get a bearer token: nothing is issued, and the owner goes on', async () => {
    const { holder, tokens, refresh } = await boundWorld()
    const { refresh_token } = await tokens()
    expect(await refresh(refresh_token)).toMatchObject(INVALID_GRANT)
    expect(await refresh(refresh_token, await tokenProof(holder))).toMatchObject({ status: 200 })
  })

  test('retries a refresh with a key of theirs within the time for retries: the successor is not given away', async () => {
    const { holder, tokens, refresh } = await boundWorld()
    const { refresh_token } = await tokens()
    const owner = await refresh(refresh_token, await tokenProof(holder))
    expect(owner).toMatchObject({ status: 200 })
    expect(await refresh(refresh_token, await tokenProof(await newHolder()))).toMatchObject(INVALID_GRANT)
    expect(await refresh(owner.body['refresh_token'], await tokenProof(holder))).toMatchObject({
      status: 200,
    })
  })

  test('redeems a code that is bound by dpop_jkt with a key of theirs: the owner’s redemption still works', async () => {
    const { holder, client, cookie, codeFor, token } = await boundWorld()
    const fields = redemptionOf(client, await codeFor(client, cookie, { dpop_jkt: holder.jkt }))
    expect(await token(fields, { dpop: await tokenProof(await newHolder()) })).toMatchObject(INVALID_GRANT)
    expect(await token(fields, { dpop: await tokenProof(holder) })).toMatchObject({ status: 200 })
  })

  test('redeems the code of a client that wants bound tokens without a proof: no bearer token comes of it', async () => {
    const { redeem, codeIsUnspent } = await boundWorld({ dpop_bound_access_tokens: true })
    expect(await redeem()).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
    expect(await codeIsUnspent()).toBe(true)
  })
})
