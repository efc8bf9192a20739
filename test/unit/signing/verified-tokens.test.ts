import { beforeAll, describe, expect, test } from 'vitest'

import { sha256 } from '../../../src/platform/digest.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { issueAccessToken, verifyAccessToken } from '../../../src/signing/access-token.ts'
import type { RereadableKeyRing } from '../../../src/signing/key-ring.ts'
import { VerifiedTokens } from '../../../src/signing/verified-tokens.ts'
import { ringAt } from '../../support/signing/ring.ts'

const NOW = 1_800_000_000
const NOW_MS = NOW * 1000
const ISSUER = 'https://gate.example'

const claims = {
  iss: ISSUER,
  sub: 'alice',
  aud: ISSUER,
  exp: NOW + 600,
  iat: NOW,
  jti: 'token-1',
  client_id: 'app',
  scope: 'openid read',
  grant_id: 'grant-1',
}

let keyRing: RereadableKeyRing

beforeAll(async () => {
  keyRing = await ringAt(NOW_MS)
})

/** A token that has been verified so many times, and what may be revoked. */
async function seen(times: number) {
  const revoked = new Set<string>()
  const isRevoked = (kind: 'grant' | 'token' | 'client', id: string) => revoked.has(`${kind} ${id}`)
  const ports = { issuer: ISSUER, audience: ISSUER, keyRing, isRevoked, cache: new VerifiedTokens() }
  const token = new Secret(await issueAccessToken(keyRing, claims, NOW_MS))
  for (let sight = 0; sight < times; sight += 1) {
    expect(await verifyAccessToken(token, ports, NOW_MS)).toMatchObject({ ok: true })
  }
  return { ports, token, revoked, cached: ports.cache.find(sha256(token.reveal())) }
}

describe('the cache of verified tokens', () => {
  /** Keeping tokens that never return costs more than it saves. */
  test('keeps a token from its second sight on', async () => {
    expect(await seen(1)).toMatchObject({ cached: undefined })
    expect(await seen(2)).toMatchObject({ cached: { claims } })
  })

  test('keeps no token that was refused', async () => {
    const { ports } = await seen(0)
    const foreign = new Secret(
      await issueAccessToken(keyRing, { ...claims, aud: 'https://api.example' }, NOW_MS),
    )
    for (let sight = 0; sight < 3; sight += 1) await verifyAccessToken(foreign, ports, NOW_MS)
    expect(ports.cache.find(sha256(foreign.reveal()))).toBeUndefined()
  })
})

describe('what the cache of verified tokens may not hide', () => {
  test('a revoked grant', async () => {
    const { ports, token, revoked } = await seen(3)
    revoked.add('grant grant-1')
    expect(await verifyAccessToken(token, ports, NOW_MS)).toMatchObject({
      failure: { reason: 'token_revoked' },
    })
  })

  test('a revoked token', async () => {
    const { ports, token, revoked } = await seen(3)
    revoked.add('token token-1')
    expect(await verifyAccessToken(token, ports, NOW_MS)).toMatchObject({
      failure: { reason: 'token_revoked' },
    })
  })

  test('its end', async () => {
    const { ports, token } = await seen(3)
    const later = await verifyAccessToken(token, ports, claims.exp * 1000)
    expect(later).toMatchObject({ failure: { reason: 'token_expired' } })
  })

  test('an audience that it is not meant for', async () => {
    const { ports, token } = await seen(3)
    const elsewhere = await verifyAccessToken(token, { ...ports, audience: 'https://api.example' }, NOW_MS)
    expect(elsewhere).toMatchObject({ failure: { reason: 'audience_wrong' } })
  })

  test('another issuer that shares the cache', async () => {
    const { ports, token } = await seen(3)
    const elsewhere = await verifyAccessToken(token, { ...ports, issuer: 'https://other.example' }, NOW_MS)
    expect(elsewhere).toMatchObject({ failure: { reason: 'issuer_wrong' } })
  })

  test('a key that is no longer trusted', async () => {
    const { ports, token } = await seen(3)
    const keyless = { verificationKey: async () => undefined }
    const later = await verifyAccessToken(token, { ...ports, keyRing: keyless }, NOW_MS)
    expect(later).toMatchObject({ failure: { reason: 'key_unknown' } })
  })
})
