import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'

import { sha256 } from '../../../src/platform/digest.ts'
import { gatewayWorld } from '../../support/gateway/world.ts'
import { ISSUER, NOW } from '../../support/signing/door.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

const THEIRS = 'https://id.example.com'
const AUDIENCE = 'https://api.example.com'

/** A gateway with a route that takes tokens, and somebody who holds one that is bound to their key. */
async function boundCaller() {
  const gateway = await gatewayWorld()
  const holder = await newHolder()
  const token = await gateway.token({ cnf: { jkt: holder.jkt } })
  const prove = (changes: object = {}, path = '/me') =>
    holder.prove({
      htm: 'GET',
      htu: ISSUER + path,
      iat: NOW,
      nonce: gateway.nonce,
      ath: sha256(token),
      ...changes,
    })
  const call = (authorization: string, dpop?: string, path = '/me') =>
    gateway.call('GET', path, { headers: { authorization, ...(dpop !== undefined && { dpop }) } })
  return { ...gateway, holder, bound: token, prove, present: call }
}

/** The same with a token of another issuer that the operator trusts. */
async function foreignCaller(cnf: object) {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'theirs', alg: 'ES256' }]
  const gateway = await gatewayWorld({
    routes: [{ path: '/theirs', authentication: { api_key: false, tokens: [THEIRS] } }],
    trusted_issuers: [
      { issuer: THEIRS, jwks_uri: `${THEIRS}/jwks`, audience: AUDIENCE, algorithms: ['ES256'] },
    ],
    keySets: async () => Response.json({ keys }),
  })
  const token = await new SignJWT({ iss: THEIRS, aud: AUDIENCE, sub: 'user', exp: NOW + 60, iat: NOW, cnf })
    .setProtectedHeader({ alg: 'ES256', kid: 'theirs' })
    .sign(privateKey)
  return { ...gateway, foreign: token }
}

describe('somebody at a published route with a token that is not theirs', () => {
  test('has the upstream keep token and proof of a request, to use them elsewhere: neither reaches it', async () => {
    const { present, bound, prove, seen } = await boundCaller()
    expect(await present(`DPoP ${bound}`, await prove())).toMatchObject({ status: 200 })
    expect(seen).toHaveLength(1)
    expect(seen[0]?.headers.get('authorization')).toBeNull()
    expect(seen[0]?.headers.get('dpop')).toBeNull()
  })

  test('presents a bound token as a bearer token: nothing is forwarded', async () => {
    const { present, bound, prove, seen } = await boundCaller()
    for (const proof of [undefined, await prove()]) {
      expect(await present(`Bearer ${bound}`, proof)).toMatchObject({
        status: 401,
        body: { error: { code: 'proof_missing' } },
      })
    }
    expect(seen).toEqual([])
  })

  test('repeats a request with its proof: nothing is forwarded a second time', async () => {
    const { present, bound, prove, seen } = await boundCaller()
    const proof = await prove()
    expect(await present(`DPoP ${bound}`, proof)).toMatchObject({ status: 200 })
    expect(await present(`DPoP ${bound}`, proof)).toMatchObject({
      status: 401,
      body: { error: { code: 'proof_invalid' } },
    })
    expect(seen).toHaveLength(1)
  })

  test('uses the proof for one route at another: nothing is forwarded', async () => {
    const { present, bound, prove, seen } = await boundCaller()
    expect(await present(`DPoP ${bound}`, await prove(), '/api/users')).toMatchObject({
      status: 401,
      body: { error: { code: 'proof_invalid' } },
    })
    expect(seen).toEqual([])
  })

  test('keeps a proof until its nonce has ended: nothing is forwarded, and the nonce of now is told', async () => {
    const { present, bound, prove, seen, nonce } = await boundCaller()
    const answer = await present(`DPoP ${bound}`, await prove({ nonce: 'A'.repeat(22) }))
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'proof_nonce_needed' } } })
    expect(answer.headers.get('dpop-nonce')).toBe(nonce)
    expect(answer.headers.get('www-authenticate')).toContain('error="use_dpop_nonce"')
    expect(seen).toEqual([])
  })

  test('presents a token that is bound to nothing with a proof of their own: nothing is forwarded', async () => {
    const { present, token, prove, seen } = await boundCaller()
    const unbound = await token()
    expect(await present(`DPoP ${unbound}`, await prove({ ath: sha256(unbound) }))).toMatchObject({
      status: 401,
      body: { error: { code: 'token_invalid' } },
    })
    expect(seen).toEqual([])
  })

  test('presents a bound token of another issuer as a bearer token: nothing is forwarded', async () => {
    const { jkt } = await newHolder()
    const { call, foreign, seen } = await foreignCaller({ jkt })
    expect(await call('GET', '/theirs', { headers: { authorization: `Bearer ${foreign}` } })).toMatchObject({
      status: 401,
      body: { error: { code: 'proof_missing' } },
    })
    expect(seen).toEqual([])
  })

  test('presents a token that is bound to a certificate, which nobody can check here: nothing is forwarded', async () => {
    const { call, foreign, seen } = await foreignCaller({ 'x5t#S256': 'A'.repeat(43) })
    expect(await call('GET', '/theirs', { headers: { authorization: `Bearer ${foreign}` } })).toMatchObject({
      status: 401,
      body: { error: { code: 'token_invalid' } },
    })
    expect(seen).toEqual([])
  })

  test('has an upstream of an open route collect tokens and proofs: neither reaches it', async () => {
    const { present, bound, prove, seen } = await boundCaller()
    await present(`DPoP ${bound}`, await prove({}, '/open'), '/open')
    expect(seen).toHaveLength(1)
    expect(seen[0]?.headers.get('authorization')).toBeNull()
    expect(seen[0]?.headers.get('dpop')).toBeNull()
  })
})
