import { generateKeyPair, SignJWT } from 'jose'
import { expect, test } from 'vitest'

import { unverifiedIssuer, verifyForeignToken } from '../../../src/gateway/foreign-token.ts'
import { ok } from '../../../src/platform/result.ts'
import { Secret } from '../../../src/platform/secret.ts'

const NOW_MS = 1_800_000_000_000
const TENANT = 'https://id.example.com/tenant-a'
const TRUSTED = {
  issuer: TENANT,
  jwks_uri: 'https://id.example.com/jwks',
  audience: 'https://api.example.com',
  algorithms: ['ES256' as const],
}

/** Many issuers of one provider publish one key set; a key of theirs speaks for the issuer that the token names only. */
test('a token of one tenant is none of another, though the same key signed it', async () => {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const keys = { find: async () => ok({ alg: 'ES256', key: publicKey }) }
  const token = new Secret(
    await new SignJWT({})
      .setProtectedHeader({ alg: 'ES256', kid: 'shared' })
      .setIssuer(TENANT)
      .setAudience(TRUSTED.audience)
      .setSubject('user-7')
      .setIssuedAt(NOW_MS / 1000)
      .setExpirationTime(NOW_MS / 1000 + 60)
      .sign(privateKey),
  )
  expect(await verifyForeignToken(token, TRUSTED, keys, NOW_MS)).toMatchObject({
    ok: true,
    value: { sub: 'user-7' },
  })
  const other = { ...TRUSTED, issuer: 'https://id.example.com/tenant-b' }
  expect(await verifyForeignToken(token, other, keys, NOW_MS)).toEqual({
    ok: false,
    failure: { reason: 'issuer_wrong' },
  })
})

test.each(['', 'a', 'a.b.c', 'a.e30.c', 'a.eyJpc3MiOjd9.c', `a.${'-'.repeat(9_000)}.c`])(
  'what names no issuer has none, and nothing breaks: %#',
  (text) => {
    expect(unverifiedIssuer(new Secret(text))).toBeUndefined()
  },
)
