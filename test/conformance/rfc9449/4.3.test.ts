import { describe, expect, test } from 'vitest'

import {
  boundWorld,
  inMiddleOfMinute,
  nonceAt,
  TOKEN_URL,
  tokenProof,
  userinfoProof,
} from '../../support/oauth/bound-world.ts'
import { issuer, redemptionOf } from '../../support/oauth/world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

const REFUSED = { status: 400, body: { error: 'invalid_dpop_proof' } }

/** What makes a proof wrong, in the order of the clause's list. */
const FAULTS = [
  ['well-formed', async () => 'neither.a.jwt'],
  ['typ is dpop+jwt', (holder) => tokenProof(holder, {}, { typ: 'JWT' })],
  [
    'signed by the private key of its jwk',
    async (holder) => tokenProof(holder, {}, { jwk: (await newHolder()).jwk }),
  ],
  ['the jwk holds no private key', (holder) => tokenProof(holder, {}, { jwk: holder.privateJwk })],
  ['htm is the method of the request', (holder) => tokenProof(holder, { htm: 'GET' })],
  ['htu is the address of the request', (holder) => tokenProof(holder, { htu: `${issuer}/oauth/revoke` })],
  [
    'made within an acceptable window, when it is too old',
    (holder) => tokenProof(holder, { iat: Math.floor(Date.now() / 1000) - 301 }),
  ],
  [
    'made within an acceptable window, when it is from the future',
    (holder) => tokenProof(holder, { iat: Math.floor(Date.now() / 1000) + 75 }),
  ],
] satisfies readonly (readonly [string, (holder: Awaited<ReturnType<typeof newHolder>>) => Promise<string>])[]

describe('RFC 9449 §4.3, checking proofs', () => {
  test('there MUST NOT be more than one DPoP header', async () => {
    const { send, holder, codeIsUnspent, client, code } = await boundWorld()
    const headers = new Headers({ 'content-type': 'application/x-www-form-urlencoded' })
    headers.append('dpop', await tokenProof(holder))
    headers.append('dpop', await tokenProof(holder))
    const body = new URLSearchParams(redemptionOf(client, code)).toString()
    expect(await send('/oauth/token', { method: 'POST', body, headers })).toMatchObject(REFUSED)
    expect(await codeIsUnspent()).toBe(true)
  })

  test.each(FAULTS)('the receiver MUST ensure: %s', async (_name, make) => {
    const { holder, redeem, codeIsUnspent } = await boundWorld()
    expect(await redeem(await make(holder))).toMatchObject(REFUSED)
    expect(await codeIsUnspent()).toBe(true)
  })

  test.each(['jti', 'htm', 'htu', 'iat'])('a proof MUST have all required claims: %s', async (name) => {
    const { holder, redeem, codeIsUnspent } = await boundWorld()
    expect(await redeem(await tokenProof(holder, { [name]: undefined }))).toMatchObject(REFUSED)
    expect(await codeIsUnspent()).toBe(true)
  })

  test.each(['none', 'HS256', 'RS256', 'ES384'])(
    'alg MUST be asymmetric, supported and acceptable here, which %s is not',
    async (alg) => {
      const { holder, redeem, codeIsUnspent } = await boundWorld()
      const [, claims, signature] = (await tokenProof(holder)).split('.')
      const header = btoa(JSON.stringify({ alg, typ: 'dpop+jwt', jwk: holder.jwk }))
      const proof = `${header.replaceAll('=', '').replaceAll('+', '-').replaceAll('/', '_')}.${claims}.${signature}`
      expect(await redeem(proof)).toMatchObject(REFUSED)
      expect(await codeIsUnspent()).toBe(true)
    },
  )

  test.each(['ES256', 'PS256', 'EdDSA'])('a proof with the listed algorithm %s is taken', async (alg) => {
    const { redeem } = await boundWorld()
    const holder = await newHolder(alg)
    expect(await redeem(await tokenProof(holder))).toMatchObject({
      status: 200,
      body: { token_type: 'DPoP' },
    })
  })

  test.each([
    ['with a query', `${TOKEN_URL}?from=app`],
    ['with a fragment', `${TOKEN_URL}#here`],
    ['with scheme and host in capitals', TOKEN_URL.replace('http://localhost', 'HTTP://LOCALHOST')],
    ['with an escape for an unreserved character', TOKEN_URL.replace('/token', '/%74oken')],
  ])('htu SHOULD be compared after normalisation, without query and fragment: %s', async (_name, htu) => {
    const { holder, redeem } = await boundWorld()
    expect(await redeem(await tokenProof(holder, { htu }))).toMatchObject({ status: 200 })
  })

  test('where the server provided a nonce, the proof MUST carry it', async () => {
    const { holder, redeem, codeIsUnspent } = await boundWorld()
    expect(await redeem(await tokenProof(holder, { nonce: undefined }))).toMatchObject({
      status: 400,
      body: { error: 'use_dpop_nonce' },
    })
    expect(await codeIsUnspent()).toBe(true)
  })

  test('at a protected resource, ath MUST be the digest of the access token', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    for (const ath of [undefined, 'A'.repeat(43)]) {
      const proof = await userinfoProof(holder, access_token, { ath })
      expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject({
        status: 401,
        body: { error: 'invalid_dpop_proof' },
      })
    }
  })

  test('at a protected resource, the key MUST be the one that the token is bound to', async () => {
    const { tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(await newHolder(), access_token)
    expect(await userinfo(`DPoP ${access_token}`, proof)).toMatchObject({
      status: 401,
      body: { error: 'invalid_token' },
    })
  })

  test('the nonce of the minute before is still taken, and the answer brings the newer one', async () => {
    const { holder, redeem } = await boundWorld()
    const now = inMiddleOfMinute()
    const answer = await redeem(await tokenProof(holder, { nonce: nonceAt(now - 60_000) }))
    expect(answer.status).toBe(200)
    expect(answer.headers.get('dpop-nonce')).toBe(nonceAt(now))
  })
})
