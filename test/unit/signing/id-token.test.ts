import { createHash } from 'node:crypto'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'

import { idTokenTtlSeconds } from '../../../src/platform/bounds.ts'
import { issueIdToken } from '../../../src/signing/id-token.ts'
import type { RereadableKeyRing } from '../../../src/signing/key-ring.ts'
import { ringAt } from '../../support/signing/ring.ts'

const NOW = 1_800_000_000
const NOW_MS = NOW * 1000

const claims = {
  iss: 'https://gate.example',
  sub: 'alice',
  aud: 'app',
  exp: NOW + 3600,
  iat: NOW,
  auth_time: NOW - 60,
  acr: '1',
  amr: ['pwd'],
  sid: 'session-1',
  nonce: 'n-0S6_WzA2Mj',
}

let keyRing: RereadableKeyRing

beforeAll(async () => {
  keyRing = await ringAt(NOW_MS)
})

async function issue(alg: 'ES256' | 'RS256', changes: object = {}) {
  return issueIdToken(
    keyRing,
    { alg, claims: { ...claims, ...changes }, access_token: 'the.access.token' },
    NOW_MS,
  )
}

describe('an ID token', () => {
  test.each(['ES256', 'RS256'] as const)(
    'signed with %s verifies against the published keys',
    async (alg) => {
      const token = await issue(alg)
      const jwks = createLocalJWKSet(await keyRing.jwks(NOW_MS))
      const { payload, protectedHeader } = await jwtVerify(token, jwks, { currentDate: new Date(NOW_MS) })
      expect(protectedHeader).toMatchObject({ alg, typ: 'JWT' })
      expect(payload).toMatchObject(claims)
    },
  )

  /** OpenID Connect Core §3.1.3.6: a swapped access token shows. */
  test('names the left half of the hash of the access token that came with it', async () => {
    const half = createHash('sha256').update('the.access.token').digest().subarray(0, 16)
    const { payload } = await verified(await issue('ES256'))
    expect(payload['at_hash']).toBe(half.toString('base64url'))
  })

  test('says nothing that is not on its list, whatever it was given', async () => {
    const { payload } = await verified(await issue('ES256', { email: 'alice@example.com', vault_id: 'v' }))
    const names = ['iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'acr', 'amr', 'sid', 'at_hash', 'nonce']
    expect(Object.keys(payload).toSorted()).toEqual(names.toSorted())
  })

  test('has no nonce when none was sent', async () => {
    const { payload } = await verified(await issue('ES256', { nonce: undefined }))
    expect(payload).not.toHaveProperty('nonce')
  })

  test('is never issued for longer than its key is kept', async () => {
    const exp = NOW + idTokenTtlSeconds + 1
    await expect(issue('ES256', { exp })).rejects.toThrow('assertion failed')
  })

  test('is signed by the active key and not by the one published ahead', async () => {
    const first = decodeProtectedHeader(await issue('RS256'))
    const { keys } = await keyRing.jwks(NOW_MS)
    const ofAlg = keys.filter(({ alg }) => alg === 'RS256').map(({ kid }) => kid)
    expect(ofAlg).toHaveLength(2)
    expect(first.kid).toBe(ofAlg[0])
  })
})

async function verified(token: string) {
  const jwks = createLocalJWKSet(await keyRing.jwks(NOW_MS))
  return jwtVerify(token, jwks, { currentDate: new Date(NOW_MS) })
}
