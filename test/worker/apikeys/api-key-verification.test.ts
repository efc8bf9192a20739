import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

import { verifyApiKey } from '../../../src/apikeys/api-key-verification.ts'
import { apiKeyStore } from '../../../src/apikeys/api-key.store.ts'
import { mintApiKey } from '../../../src/apikeys/api-key.ts'
import { openDb } from '../../../src/db/client.ts'
import { createLimiter } from '../../../src/limits/limiter.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { addClient, addKey, MAC_KEY } from '../../support/limits/rows.ts'

const NOW = 1_800_000_000
const START_MS = NOW * 1000
const ports = { macKey: MAC_KEY, limiter: createLimiter(env.LIMITER) }

async function verify(key: Secret) {
  const result = await verifyApiKey(key, ports, Date.now())
  return result.ok ? 'ok' : result.failure.reason
}

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
  await addClient('service')
})

afterEach(() => {
  vi.useRealTimers()
})

describe('a presented API key', () => {
  test('that is alive gives its record and where it stands', async () => {
    const { key, key_id } = await addKey('service')
    expect(await verifyApiKey(key, ports, START_MS)).toMatchObject({
      ok: true,
      value: {
        key: { key_id, client_id: 'service', scope: 'read' },
        rate: { limit: 60, remaining: 59, resetSeconds: 1, windowSeconds: 1 },
      },
    })
  })

  test('with a wrong MAC, or without form, never reaches an object', async () => {
    const { key, key_id } = await addKey('service')
    const forged = new Secret(key.reveal().replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')))
    expect(await verify(forged)).toBe('key_mac_wrong')
    expect(await verify(new Secret('gwk_live_'))).toBe('key_malformed')
    expect(await ports.limiter.take({ kind: 'key', key_id })).toMatchObject({ rate: { remaining: 59 } })
  })

  test('that this deployment never stored is unknown', async () => {
    expect(await verify(mintApiKey('live', MAC_KEY, systemRandom).key)).toBe('key_unknown')
  })

  test('works until the second it expires', async () => {
    const { key } = await addKey('service', { expires_at: NOW + 10 })
    vi.setSystemTime(START_MS + 9_999)
    expect(await verify(key)).toBe('ok')
    vi.setSystemTime(START_MS + 10_000)
    expect(await verify(key)).toBe('key_expired')
  })

  test('stops within two seconds of being revoked', async () => {
    const { key, key_id } = await addKey('service')
    expect(await verify(key)).toBe('ok')
    await apiKeyStore(openDb(env.DB)).revoke(key_id, NOW, NOW + 3600)
    vi.setSystemTime(START_MS + 2_000)
    expect(await verify(key)).toBe('key_revoked')
  })

  /** The MAC already covers the secret; the digest is what remains if the root secret becomes known. */
  test('with the right MAC and a secret that was not given out is refused', async () => {
    const { key, key_id } = await addKey('service')
    await env.DB.prepare('UPDATE api_keys SET secret_digest = ? WHERE key_id = ?').bind('other', key_id).run()
    expect(await verify(key)).toBe('secret_wrong')
  })

  test('is refused exactly from the request on that is above its limit', async () => {
    const { key } = await addKey('service')
    const outcomes = await Promise.all(Array.from({ length: 200 }, async () => verify(key)))
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(60)
    expect(await verifyApiKey(key, ports, START_MS)).toEqual({
      ok: false,
      failure: {
        reason: 'limit_reached',
        retryAfterSeconds: 1,
        rate: { limit: 60, remaining: 0, resetSeconds: 1, windowSeconds: 1 },
      },
    })
  })

  /** Whoever holds a dead key learns that it is dead, not how busy it was. */
  test('that is dead stays dead above its limit', async () => {
    const { key } = await addKey('service', { expires_at: NOW })
    const outcomes = await Promise.all(Array.from({ length: 70 }, async () => verify(key)))
    expect(new Set(outcomes)).toEqual(new Set(['key_expired']))
  })

  test('is not let through while nobody can tell whether it is alive', async () => {
    const { key } = await addKey('service')
    await env.DB.exec('ALTER TABLE api_keys RENAME TO api_keys_away')
    expect(await verify(key)).toBe('limiter_unavailable')
  })
})
