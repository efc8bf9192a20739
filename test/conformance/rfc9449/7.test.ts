import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'

import { boundWorld, userinfoProof } from '../../support/oauth/bound-world.ts'
import { client_secret } from '../../support/oauth/code-world.ts'
import { confidentialClient } from '../../support/oauth/clients.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { amplePlan, basic } from '../../support/oauth/world.ts'

const ALGS = 'algs="ES256 PS256 EdDSA"'

describe('RFC 9449 §6.2, introspection', () => {
  test('the answer about a bound token MUST hold its cnf, and token_type is DPoP', async () => {
    const { holder, tokens, register, post } = await boundWorld()
    await register({ ...confidentialClient(sha256(client_secret)), plan: amplePlan })
    const { access_token } = await tokens()
    const { body } = await post('/oauth/introspect', { token: access_token }, basic('service', client_secret))
    expect(body).toMatchObject({ active: true, token_type: 'DPoP', cnf: { jkt: holder.jkt } })
  })
})

describe('RFC 9449 §7.1, the DPoP authentication scheme', () => {
  test('a bound token with a proof of its key opens the resource', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(holder, access_token)
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject({
      status: 200,
      body: { sub: 'alice' },
    })
    const again = await userinfoProof(holder, access_token)
    expect(await userinfo(`dpop ${access_token}`, again)).toMatchObject({ status: 200 })
  })

  test('a request without a valid proof MUST be refused, with a challenge that names scheme, algs and error', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const answer = await userinfo(
      `DPoP ${access_token}`,
      await userinfoProof(holder, access_token, { htm: 'PUT' }),
    )
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_dpop_proof' } })
    const header = answer.headers.get('www-authenticate') ?? ''
    expect(header).toMatch(/^DPoP /)
    expect(header).toContain('error="invalid_dpop_proof"')
    expect(header).toContain(ALGS)
    expect(await userinfo(`DPoP ${access_token}`)).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
  })

  test('a page of another origin may read the challenge and the nonce', async () => {
    const { send } = await boundWorld()
    const { headers } = await send('/oauth/userinfo', { headers: { origin: 'https://app.example' } })
    const exposed = headers.get('access-control-expose-headers') ?? ''
    expect(exposed).toContain('dpop-nonce')
    expect(exposed).toContain('www-authenticate')
  })
})

describe('RFC 9449 §7.2, compatibility with the Bearer scheme', () => {
  test('a bound token that is presented as a bearer token MUST be refused', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    for (const proof of [undefined, await userinfoProof(holder, access_token)]) {
      const answer = await userinfo(`Bearer ${access_token}`, proof)
      expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
      expect(answer.headers.get('www-authenticate')).toContain(ALGS)
    }
  })

  test('a token that is bound to no key is refused with the scheme DPoP, whatever proof comes with it', async () => {
    const { holder, redeem, userinfo } = await boundWorld()
    const token = String((await redeem()).body['access_token'])
    expect(decodeJwt(token)).not.toHaveProperty('cnf')
    const proof = await userinfoProof(holder, token)
    expect(await userinfo(`DPoP ${token}`, proof)).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
  })

  test('a request with both schemes MUST be refused', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(holder, access_token)
    const answer = await userinfo(`Bearer ${access_token}, DPoP ${access_token}`, proof)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  test('somebody without credentials is told both schemes', async () => {
    const { send } = await boundWorld()
    const { status, headers } = await send('/oauth/userinfo')
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toBe(
      `Bearer realm="gatewright", DPoP realm="gatewright", ${ALGS}`,
    )
  })
})
