import { env } from 'cloudflare:workers'
import { decodeProtectedHeader } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { openDb } from '../../../src/db/client.ts'
import {
  keyRingAgeMaxMs,
  keyRingFirstWaitMs,
  keyRingWaitMs,
  unknownKidCooldownMs,
} from '../../../src/platform/bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { createKeyRing } from '../../../src/signing/key-ring.ts'
import { keyRingStore } from '../../../src/signing/key-ring.store.ts'
import { ensureKeys } from '../../../src/signing/key-rotation.ts'

const NOW_MS = 1_800_000_000_000

/** A ring over D1 whose reads are counted, and can be made to fail as they do when D1 does not answer. */
async function ringOverD1() {
  const store = keyRingStore(openDb(env.DB))
  const sealKey = systemRandom(32)
  await ensureKeys({ store, sealKey, random: systemRandom }, NOW_MS)
  const d1: { reads: number; isDown: boolean; late?: Promise<void> } = { reads: 0, isDown: false }
  const list = async () => {
    d1.reads += 1
    await d1.late
    if (d1.isDown) throw new Error('D1_ERROR: overloaded')
    return store.list()
  }
  return { ring: createKeyRing({ store: { list }, sealKey }), d1 }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('the key ring of an isolate', () => {
  test('reads D1 once for many signatures and verifications', async () => {
    const { ring, d1 } = await ringOverD1()
    const { kid = '' } = decodeProtectedHeader(await ring.sign('ES256', 'at+jwt', {}, NOW_MS))
    for (let count = 0; count < 20; count += 1) {
      await ring.sign('RS256', 'JWT', {}, NOW_MS + count)
      await ring.verificationKey(kid, NOW_MS + count)
    }
    expect(d1.reads).toBe(1)
  })

  test('looks again after its age', async () => {
    const { ring, d1 } = await ringOverD1()
    await ring.jwks(NOW_MS)
    await ring.jwks(NOW_MS + keyRingAgeMaxMs - 1)
    expect(d1.reads).toBe(1)
    await ring.jwks(NOW_MS + keyRingAgeMaxMs)
    expect(d1.reads).toBe(2)
  })

  test('finds a key that was added since it looked, once the cooldown is over and before its age', async () => {
    const ports = { store: keyRingStore(openDb(env.DB)), sealKey: systemRandom(32), random: systemRandom }
    const ring = createKeyRing(ports)
    expect(await ring.jwks(NOW_MS)).toEqual({ keys: [] })
    await ensureKeys(ports, NOW_MS)
    const [added] = await ports.store.list()
    const kid = added?.kid ?? ''
    expect(await ring.verificationKey(kid, NOW_MS + unknownKidCooldownMs - 1)).toBeUndefined()
    expect(await ring.verificationKey(kid, NOW_MS + unknownKidCooldownMs)).toMatchObject({ alg: 'ES256' })
  })

  /** Every forged token names a key of its own; none of them may cost a query. */
  test('lets a flood of unknown key names cause one query in each cooldown', async () => {
    const { ring, d1 } = await ringOverD1()
    await ring.jwks(NOW_MS)
    for (let count = 0; count < 500; count += 1) {
      expect(await ring.verificationKey(`forged-${count}`, NOW_MS + unknownKidCooldownMs)).toBeUndefined()
    }
    expect(d1.reads).toBe(2)
  })

  test('goes on with the keys that it has when D1 does not answer, without asking for every token', async () => {
    const { ring, d1 } = await ringOverD1()
    const { kid = '' } = decodeProtectedHeader(await ring.sign('ES256', 'at+jwt', {}, NOW_MS))
    d1.isDown = true
    for (let count = 0; count < 20; count += 1) {
      expect(await ring.verificationKey(kid, NOW_MS + keyRingAgeMaxMs + count)).toMatchObject({
        alg: 'ES256',
      })
    }
    expect(d1.reads).toBe(2)
  })

  test('fails, rather than sign with nothing, when D1 never answered', async () => {
    const { ring, d1 } = await ringOverD1()
    d1.isDown = true
    await expect(ring.sign('ES256', 'at+jwt', {}, NOW_MS)).rejects.toThrow('overloaded')
    await expect(ring.verificationKey('any', NOW_MS)).rejects.toThrow('overloaded')
  })

  /** A request that waits for a database that says nothing waits until its caller has gone. */
  describe('when D1 says nothing', () => {
    test('goes on with the keys that it has, and only the request that asked waits, for as long as it may', async () => {
      const { ring, d1 } = await ringOverD1()
      const { kid = '' } = decodeProtectedHeader(await ring.sign('ES256', 'at+jwt', {}, NOW_MS))
      d1.late = new Promise(() => undefined)
      vi.useFakeTimers()
      const asking = ring.verificationKey(kid, NOW_MS + keyRingAgeMaxMs)
      expect(await ring.verificationKey(kid, NOW_MS + keyRingAgeMaxMs)).toMatchObject({ alg: 'ES256' })
      await vi.advanceTimersByTimeAsync(keyRingWaitMs)
      expect(await asking).toMatchObject({ alg: 'ES256' })
      expect(d1.reads).toBe(2)
    })

    test('fails as it does when D1 is down, where it has no keys yet', async () => {
      const { ring, d1 } = await ringOverD1()
      d1.late = new Promise(() => undefined)
      vi.useFakeTimers()
      const outcome = ring.sign('ES256', 'at+jwt', {}, NOW_MS).catch(String)
      await vi.advanceTimersByTimeAsync(keyRingFirstWaitMs)
      expect(await outcome).toMatch(/^Error: D1_ERROR: /)
    })

    test('takes what D1 says too late for the request that asked', async () => {
      const { ring, d1 } = await ringOverD1()
      await ring.jwks(NOW_MS)
      await env.DB.prepare('DELETE FROM signing_keys').run()
      const { promise: late, resolve } = Promise.withResolvers<void>()
      d1.late = late
      vi.useFakeTimers()
      const asking = ring.jwks(NOW_MS + keyRingAgeMaxMs)
      await vi.advanceTimersByTimeAsync(keyRingWaitMs)
      expect((await asking).keys).not.toEqual([])
      vi.useRealTimers()
      resolve()
      await expect.poll(async () => (await ring.jwks(NOW_MS + keyRingAgeMaxMs)).keys).toEqual([])
      expect(d1.reads).toBe(2)
    })
  })

  test('stops trusting a key that an operator removed, within its age', async () => {
    const { ring } = await ringOverD1()
    const { kid = '' } = decodeProtectedHeader(await ring.sign('ES256', 'at+jwt', {}, NOW_MS))
    await env.DB.prepare('DELETE FROM signing_keys WHERE kid = ?').bind(kid).run()
    expect(await ring.verificationKey(kid, NOW_MS + keyRingAgeMaxMs)).toBeUndefined()
  })

  test('publishes no private member of any key', async () => {
    const { ring } = await ringOverD1()
    const { keys } = await ring.jwks(NOW_MS)
    const members = new Set(keys.flatMap((key) => Object.keys(key)))
    expect([...members].toSorted()).toEqual(['alg', 'crv', 'e', 'kid', 'kty', 'n', 'use', 'x', 'y'])
  })

  test('hands out keys that only verify and cannot be taken out', async () => {
    const { ring } = await ringOverD1()
    const { kid = '' } = decodeProtectedHeader(await ring.sign('RS256', 'JWT', {}, NOW_MS))
    const found = await ring.verificationKey(kid, NOW_MS)
    expect(found?.key).toMatchObject({ type: 'public', usages: ['verify'] })
  })
})
