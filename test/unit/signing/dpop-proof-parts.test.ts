import { describe, expect, test } from 'vitest'

import { importProofKey, takeProofApart } from '../../../src/signing/dpop-proof-parts.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

const CLAIMS = { htm: 'POST', htu: 'https://gate.example/oauth/token' }

describe('the key in a proof', () => {
  test('is reduced to the members that make it, so that its thumbprint is the same however it is written', async () => {
    const { jwk, prove } = await newHolder()
    const parts = takeProofApart(
      await prove(CLAIMS, { jwk: { ...jwk, kid: 'mine', use: 'sig', alg: 'ES256' } }),
    )
    expect(parts).toMatchObject({ ok: true, value: { jwk } })
    expect(Object.keys(parts.ok ? parts.value.jwk : {}).toSorted()).toEqual(['crv', 'kty', 'x', 'y'])
  })

  test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])('holds no private member %s', async (name) => {
    const { jwk, prove } = await newHolder()
    expect(takeProofApart(await prove(CLAIMS, { jwk: { ...jwk, [name]: 'AAAA' } }))).toMatchObject({
      failure: { reason: 'proof_key_wrong' },
    })
  })

  test('of RSA has the exponent that everybody uses: a long one takes long', async () => {
    const { jwk, prove } = await newHolder('PS256')
    expect(takeProofApart(await prove(CLAIMS, { jwk: { ...jwk, e: String(jwk.n) } }))).toMatchObject({
      failure: { reason: 'proof_key_wrong' },
    })
  })

  test.each([
    ['RSA with fewer than 2,048 bits', { kty: 'RSA', n: 'v'.repeat(171), e: 'AQAB' }, 'PS256'],
    ['a curve that no listed algorithm uses', { kty: 'EC', crv: 'P-384', x: 'AAAA', y: 'AAAA' }, 'ES256'],
    ['a point that is not on its curve', { kty: 'EC', crv: 'P-256', x: 'AAAA', y: 'AAAA' }, 'ES256'],
    ['a key of another kind than its algorithm', { kty: 'OKP', crv: 'Ed25519', x: 'A'.repeat(43) }, 'ES256'],
  ] as const)('that is %s is refused', async (_name, jwk, alg) => {
    expect(await importProofKey(alg, jwk)).toMatchObject({ failure: { reason: 'proof_key_wrong' } })
  })
})
