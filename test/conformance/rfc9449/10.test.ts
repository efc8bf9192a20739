import { describe, expect, test } from 'vitest'

import { boundWorld, nonceAt, tokenProof } from '../../support/oauth/bound-world.ts'
import { issuer, redemptionOf, requestOf } from '../../support/oauth/world.ts'
import { newHolder, type Holder } from '../../support/signing/proof-holder.ts'

describe('RFC 9449 §10, authorization code binding', () => {
  test('a code of a request with dpop_jkt MUST NOT be redeemed with another key, or with none', async () => {
    const { holder, client, cookie, codeFor, token } = await boundWorld()
    const code = await codeFor(client, cookie, { dpop_jkt: holder.jkt })
    const fields = redemptionOf(client, code)
    const refused = { status: 400, body: { error: 'invalid_grant' } }
    expect(await token(fields)).toMatchObject(refused)
    expect(await token(fields, { dpop: await tokenProof(await newHolder()) })).toMatchObject(refused)
    expect(await token(fields, { dpop: await tokenProof(holder) })).toMatchObject({
      status: 200,
      body: { token_type: 'DPoP' },
    })
  })
})

describe('RFC 9449 §10.1, with pushed authorization requests', () => {
  const pushProof = (holder: Holder) =>
    holder.prove({ htm: 'POST', htu: `${issuer}/oauth/par`, nonce: nonceAt(Date.now()) })

  test('a proof at the pushed request MUST bind the code as dpop_jkt does', async () => {
    const { holder, client, cookie, post, authorize, token } = await boundWorld()
    const pushed = await post('/oauth/par', requestOf(client), { dpop: await pushProof(holder) })
    const request_uri = String(pushed.body['request_uri'])
    const { location } = await authorize({ client_id: client.client_id, request_uri }, cookie)
    const fields = redemptionOf(client, location.searchParams.get('code') ?? '')
    expect(await token(fields, { dpop: await tokenProof(await newHolder()) })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await token(fields, { dpop: await tokenProof(holder) })).toMatchObject({ status: 200 })
  })

  test('a pushed request with dpop_jkt and a proof of another key MUST be rejected', async () => {
    const { holder, client, post } = await boundWorld()
    const fields = { ...requestOf(client), dpop_jkt: (await newHolder()).jkt }
    expect(await post('/oauth/par', fields, { dpop: await pushProof(holder) })).toMatchObject({
      status: 400,
      body: { error: 'invalid_dpop_proof' },
    })
  })
})
