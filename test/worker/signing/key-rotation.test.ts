import { env } from 'cloudflare:workers'
import { decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'

import { openDb } from '../../../src/db/client.ts'
import {
  jwksMaxAgeSeconds,
  nextKeyLeadSeconds,
  signingKeyActiveSeconds,
} from '../../../src/platform/bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { createKeyRing } from '../../../src/signing/key-ring.ts'
import { keyRingStore } from '../../../src/signing/key-ring.store.ts'
import { ensureKeys, listKeys, rotateDueKeys, rotateKeys } from '../../../src/signing/key-rotation.ts'
import { signingAlgs } from '../../../src/signing/signing-key.ts'

const NOW_MS = 1_800_000_000_000

function ports() {
  return { store: keyRingStore(openDb(env.DB)), sealKey: systemRandom(32), random: systemRandom }
}

async function statesOf(deployment: ReturnType<typeof ports>, nowMs: number) {
  const keys = await listKeys(deployment, nowMs)
  return keys.map(({ alg, state }) => `${alg} ${state}`)
}

/** In the order in which the table lists them. */
const ALGS = signingAlgs.toSorted()

/** Every algorithm with keys in these states. */
function ofEachAlg(...states: readonly string[]): readonly string[] {
  return ALGS.flatMap((alg) => states.map((state) => `${alg} ${state}`))
}

const READY = ofEachAlg('active', 'next')

describe('making the keys of a new deployment', () => {
  test('gives every algorithm one active and one next key', async () => {
    const deployment = ports()
    await ensureKeys(deployment, NOW_MS)
    expect(await statesOf(deployment, NOW_MS)).toEqual(READY)
  })

  test('changes nothing when it is done again', async () => {
    const deployment = ports()
    await ensureKeys(deployment, NOW_MS)
    const before = await deployment.store.list()
    await ensureKeys(deployment, NOW_MS + 60_000)
    expect(await deployment.store.list()).toEqual(before)
  })

  test('makes one set of keys when several do it at once', async () => {
    const deployment = ports()
    await Promise.all([0, 1, 2, 3].map(async (later) => ensureKeys(deployment, NOW_MS + later * 1000)))
    expect(await statesOf(deployment, NOW_MS + 5000)).toEqual(READY)
  })
})

describe('a stored key', () => {
  test('shows nobody who reads the table its private part', async () => {
    const deployment = ports()
    await ensureKeys(deployment, NOW_MS)
    const dump = JSON.stringify(await env.DB.prepare('SELECT * FROM signing_keys').all())
    expect(dump).not.toMatch(/"d"|\\"d\\"|kty|PRIVATE/)
  })

  /** Somebody who can write the table but lacks the root secret would otherwise sign tokens that we believe. */
  test('that was put there by somebody without the root secret neither verifies nor signs', async () => {
    const attacker = ports()
    await ensureKeys(attacker, NOW_MS)
    const planted = (await attacker.store.list()).map(({ kid }) => kid)
    const deployment = ports()
    const ring = createKeyRing(deployment)
    expect((await ring.jwks(NOW_MS)).keys).toEqual([])
    for (const kid of planted) expect(await ring.verificationKey(kid, NOW_MS)).toBeUndefined()
    await expect(ring.sign('ES256', 'at+jwt', {}, NOW_MS)).rejects.toThrow('ES256 signing key is active')
  })

  test('that was moved under the name of another does not open', async () => {
    const deployment = ports()
    await ensureKeys(deployment, NOW_MS)
    const [first, second] = (await deployment.store.list()).filter(({ alg }) => alg === 'ES256')
    await env.DB.prepare('UPDATE signing_keys SET private_jwk_sealed = ? WHERE kid = ?')
      .bind(second?.private_jwk_sealed, first?.kid)
      .run()
    expect(await createKeyRing(deployment).verificationKey(first?.kid ?? '', NOW_MS)).toBeUndefined()
  })

  test('that a new root secret cannot open is replaced, and is kept in case that the old secret comes back', async () => {
    const before = ports()
    await ensureKeys(before, NOW_MS)
    const after = { ...before, sealKey: systemRandom(32) }
    await rotateDueKeys(after, NOW_MS + 1000)
    expect(await statesOf(after, NOW_MS + 1000)).toEqual(READY)
    expect(await statesOf(before, NOW_MS + 1000)).toEqual(READY)
  })
})

describe('rotating by schedule', () => {
  test('publishes the key after the next before the next one takes over', async () => {
    const deployment = ports()
    await ensureKeys(deployment, NOW_MS)
    const dayBefore = NOW_MS + (signingKeyActiveSeconds - nextKeyLeadSeconds) * 1000
    await rotateDueKeys(deployment, dayBefore - 1000)
    expect(await statesOf(deployment, dayBefore)).toEqual(READY)
    await rotateDueKeys(deployment, dayBefore)
    expect(await statesOf(deployment, dayBefore)).toEqual(ofEachAlg('active', 'next', 'next'))
  })

  test('removes a key only when its last token has expired', async () => {
    const deployment = ports()
    await ensureKeys(deployment, NOW_MS)
    const takeover = NOW_MS + signingKeyActiveSeconds * 1000
    await rotateDueKeys(deployment, takeover - 1000)
    const lastToken = await createKeyRing(deployment).sign('ES256', 'at+jwt', {}, takeover - 1000)
    const { kid = '' } = decodeProtectedHeader(lastToken)
    await rotateDueKeys(deployment, takeover + 3_599_000)
    expect(await createKeyRing(deployment).verificationKey(kid, takeover + 3_599_000)).toMatchObject({
      alg: 'ES256',
    })
    await rotateDueKeys(deployment, takeover + 2 * 3_600_000)
    expect((await deployment.store.list()).map((key) => key.kid)).not.toContain(kid)
    expect(await statesOf(deployment, takeover + 2 * 3_600_000)).toEqual(READY)
  })
})

describe('rotating on command', () => {
  test('lets the published next key sign at once, and the old key verify on', async () => {
    const deployment = ports()
    await ensureKeys(deployment, NOW_MS)
    const ring = createKeyRing(deployment)
    const published = (await ring.jwks(NOW_MS)).keys.map(({ kid }) => kid)
    const before = decodeProtectedHeader(await ring.sign('ES256', 'at+jwt', {}, NOW_MS))

    await rotateKeys(deployment, NOW_MS + 1000)
    ring.forget()
    const after = decodeProtectedHeader(await ring.sign('ES256', 'at+jwt', {}, NOW_MS + 1000))

    expect(after.kid).not.toBe(before.kid)
    expect(published).toContain(after.kid)
    expect(await ring.verificationKey(before.kid ?? '', NOW_MS + 1000)).toMatchObject({ alg: 'ES256' })
    expect(await statesOf(deployment, NOW_MS + 1000)).toEqual(ofEachAlg('retired', 'active', 'next'))
  })

  /** A verifier that holds the JWKS from before would refuse every token of a key that it has never seen. */
  test('again too soon waits until the next key is in every cached JWKS', async () => {
    const deployment = ports()
    await ensureKeys(deployment, NOW_MS)
    await rotateKeys(deployment, NOW_MS + 1000)
    const again = await rotateKeys(deployment, NOW_MS + 2000)
    const next = again.filter(({ alg, state }) => alg === 'ES256' && state === 'next')
    const ahead = Math.min(...next.map(({ activates_at }) => activates_at)) - (NOW_MS + 1000) / 1000
    expect(ahead).toBeGreaterThanOrEqual(jwksMaxAgeSeconds)
    expect(ahead).toBeLessThan(2 * jwksMaxAgeSeconds)
  })

  test('by several at once leaves one active and at least one next key of each algorithm', async () => {
    const deployment = ports()
    await ensureKeys(deployment, NOW_MS)
    await Promise.all([1, 2, 3, 4].map(async (later) => rotateKeys(deployment, NOW_MS + later * 1000)))
    const states = await statesOf(deployment, NOW_MS + 5000)
    for (const alg of ALGS) {
      expect(states.filter((state) => state === `${alg} active`)).toHaveLength(1)
      expect(states).toContain(`${alg} next`)
    }
  })
})
