import { describe, expect, test } from 'vitest'

import { boundWorld, nonceAt, TOKEN_URL, tokenProof, userinfoProof } from '../../support/oauth/bound-world.ts'
import { issuer, redemptionOf } from '../../support/oauth/world.ts'
import { newHolder, type Holder } from '../../support/signing/proof-holder.ts'

/** A large RSA key takes seconds to make, and more on a busy machine. */
const KEY_MAKING_MS = 60_000
const REFUSED = { status: 400, body: { error: 'invalid_dpop_proof' } }

describe('somebody who forges proofs for the token endpoint', () => {
  /** The proof must be refused, and the code must be good for its owner afterwards. */
  async function expectRefused(make: (holder: Holder) => Promise<string>, error = 'invalid_dpop_proof') {
    const { holder, redeem, codeIsUnspent } = await boundWorld()
    expect(await redeem(await make(holder))).toMatchObject({ status: 400, body: { error } })
    expect(await codeIsUnspent()).toBe(true)
  }

  test('leaves the signature away: no token comes of it', () =>
    expectRefused(async (holder) => {
      const proof = await tokenProof(holder)
      return proof.slice(0, proof.lastIndexOf('.') + 1)
    }))

  test('uses RS256, which this server does not take in proofs: no token comes of it', () =>
    expectRefused(async () => tokenProof(await newHolder('RS256'))))

  test('puts the key of somebody else into the header: the signature is not that key’s', () =>
    expectRefused(async (holder) => tokenProof(await newHolder(), {}, { jwk: holder.jwk })))

  test('sends the private key along: a key that is no secret any more proves nothing', () =>
    expectRefused((holder) => tokenProof(holder, {}, { jwk: holder.privateJwk })))

  test('presents another JWT that the client signed, of the type JWT: it is no proof', () =>
    expectRefused((holder) => tokenProof(holder, {}, { typ: 'JWT' })))

  test('presents one without a type at all: it is no proof', () =>
    expectRefused((holder) => tokenProof(holder, {}, { typ: undefined })))

  test('asks by crit for an extension that nobody knows: it is not ignored', () =>
    expectRefused((holder) => tokenProof(holder, {}, { crit: ['b64'], b64: true })))

  test(
    'signs with an RSA key of 4,608 bits, which takes longer to verify than is allowed: it is refused',
    () => expectRefused(async () => tokenProof(await newHolder('PS256', 4608))),
    KEY_MAKING_MS,
  )

  test('sends a proof of a megabyte: it is not parsed', () =>
    expectRefused((holder) => tokenProof(holder, { filler: 'x'.repeat(1_000_000) })))

  test('sends a jti of a thousand characters in a proof that is short enough: it is not stored', () =>
    expectRefused((holder) => tokenProof(holder, { jti: 'x'.repeat(1_000) })))

  test('uses a proof for another method: it is refused', () =>
    expectRefused((holder) => tokenProof(holder, { htm: 'GET' })))

  test('writes the method in small letters, which is another method: it is refused', () =>
    expectRefused((holder) => tokenProof(holder, { htm: 'post' })))

  test('uses a proof for another endpoint: it is refused', () =>
    expectRefused((holder) => tokenProof(holder, { htu: `${issuer}/oauth/userinfo` })))

  test('uses a proof that was made for another server: it is refused', () =>
    expectRefused((holder) => tokenProof(holder, { htu: 'https://evil.example/oauth/token' })))

  test('uses a proof for the same path with a slash at its end: it is another resource', () =>
    expectRefused((holder) => tokenProof(holder, { htu: `${TOKEN_URL}/` })))

  test('uses a proof for the same path in capitals: it is another resource', () =>
    expectRefused((holder) => tokenProof(holder, { htu: TOKEN_URL.replace('token', 'TOKEN') })))

  test('hides the server behind a user name in the address: it is refused', () =>
    expectRefused((holder) => tokenProof(holder, { htu: TOKEN_URL.replace('//', '//app@') })))

  test('lets the parser mend an address with backslashes: it is refused', () =>
    expectRefused((holder) => tokenProof(holder, { htu: TOKEN_URL.replaceAll('/', '\\') })))

  test('puts the address that counts into the query of another: it is refused', () =>
    expectRefused((holder) =>
      tokenProof(holder, { htu: `https://evil.example/?u=${encodeURIComponent(TOKEN_URL)}` }),
    ))

  test('makes up a nonce: it is refused', () =>
    expectRefused((holder) => tokenProof(holder, { nonce: 'A'.repeat(22) }), 'use_dpop_nonce'))

  test('uses a proof with the nonce of three minutes ago, made while the key could be reached: it is refused', () =>
    expectRefused((holder) => tokenProof(holder, { nonce: nonceAt(Date.now() - 180_000) }), 'use_dpop_nonce'))

  test('puts proofs aside for later, without a nonce that is not known yet: they are refused', () =>
    expectRefused((holder) => tokenProof(holder, { nonce: undefined }), 'use_dpop_nonce'))

  test('dates a proof an hour ahead: it is refused', () =>
    expectRefused((holder) => tokenProof(holder, { iat: Math.floor(Date.now() / 1000) + 3600 })))

  test('sends two proofs, of which readers may pick different ones: both are refused', async () => {
    const { send, holder, client, code, codeIsUnspent } = await boundWorld()
    const headers = new Headers({ 'content-type': 'application/x-www-form-urlencoded' })
    headers.append('dpop', await tokenProof(await newHolder()))
    headers.append('dpop', await tokenProof(holder))
    const body = new URLSearchParams(redemptionOf(client, code)).toString()
    expect(await send('/oauth/token', { method: 'POST', body, headers })).toMatchObject(REFUSED)
    expect(await codeIsUnspent()).toBe(true)
  })

  test('sends the request with the Host of a server of theirs, for which the victim made a proof: it is refused', async () => {
    const { send, holder, client, code, codeIsUnspent } = await boundWorld()
    const dpop = await tokenProof(holder, { htu: 'http://evil.example/oauth/token' })
    const body = new URLSearchParams(redemptionOf(client, code)).toString()
    const headers = { 'content-type': 'application/x-www-form-urlencoded', host: 'evil.example', dpop }
    const answer = await send('http://evil.example/oauth/token', { method: 'POST', body, headers })
    expect(answer).toMatchObject(REFUSED)
    expect(await codeIsUnspent()).toBe(true)
  })

  test('uses the proof of a token request once more: it is refused, and no second token is issued', async () => {
    const { holder, client, cookie, codeFor, token, redeem } = await boundWorld()
    const dpop = await tokenProof(holder)
    expect(await redeem(dpop)).toMatchObject({ status: 200 })
    const next = redemptionOf(client, await codeFor(client, cookie))
    expect(await token(next, { dpop })).toMatchObject(REFUSED)
    expect(await token(next, { dpop: await tokenProof(holder) })).toMatchObject({ status: 200 })
  })

  test('sends the same proof eight times at once: one of them is taken', async () => {
    const { holder, tokens, userinfo } = await boundWorld()
    const { access_token } = await tokens()
    const proof = await userinfoProof(holder, access_token)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => userinfo(`DPoP ${access_token}`, proof)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })
})
