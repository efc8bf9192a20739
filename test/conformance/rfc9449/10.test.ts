import { describe, expect, test } from 'vitest'

import { boundWorld, tokenProof } from '../../support/oauth/bound-world.ts'
import { redemptionOf } from '../../support/oauth/world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

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
