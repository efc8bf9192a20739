import { env } from 'cloudflare:workers'
import { decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'

import { openDb } from '../../../src/db/client.ts'
import { keyRingAgeMaxMs, unknownKidCooldownMs } from '../../../src/platform/bounds.ts'
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
  const d1 = { reads: 0, isDown: false }
  const list = async () => {
    d1.reads += 1
    if (d1.isDown) throw new Error('D1_ERROR: overloaded')
    return store.list()
  }
  return { ring: createKeyRing({ store: { list }, sealKey }), d1 }
}

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
