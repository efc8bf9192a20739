import { generateKeyPairSync } from 'node:crypto'

import { exportJWK, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'

import { RemoteJwks } from '../../../src/signing/remote-jwks.ts'

const NOW_MS = 1_800_000_000_000
const SECOND_MS = 1_000
const MINUTE_MS = 60 * SECOND_MS
const HOUR_MS = 60 * MINUTE_MS
const ISSUER = { jwks_uri: 'https://id.example.com/jwks', algorithms: ['ES256', 'RS256'] }

let ec: Awaited<ReturnType<typeof exportJWK>>
let other: Awaited<ReturnType<typeof exportJWK>>

beforeAll(async () => {
  ec = await publicJwk('ES256')
  other = await publicJwk('ES256')
})

async function publicJwk(alg: string) {
  const { publicKey } = await generateKeyPair(alg, { extractable: true })
  return exportJWK(publicKey)
}

interface Issuer {
  answer: () => Response | Promise<Response>
  asked: number
  readonly inits: RequestInit[]
}

/** A key set that a test can change, and what the isolate asked for. */
function world(keys: readonly unknown[]) {
  const issuer: Issuer = { answer: () => jwks(keys), asked: 0, inits: [] }
  const remote = new RemoteJwks(
    async (url, init) => {
      expect(url).toBe(ISSUER.jwks_uri)
      issuer.asked += 1
      issuer.inits.push(init)
      return issuer.answer()
    },
    { setsMax: 50, loopbackIsAllowed: false },
  )
  const find = async (kid: string, nowMs = NOW_MS, algorithms = ISSUER.algorithms) => {
    const found = await remote.find({ ...ISSUER, algorithms }, kid, nowMs)
    return found.ok ? found.value.alg : found.failure.reason
  }
  return { issuer, find }
}

function jwks(keys: readonly unknown[], headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify({ keys }), {
    headers: { 'content-type': 'application/jwk-set+json; charset=utf-8', ...headers },
  })
}

describe('RemoteJwks', () => {
  test('a set is fetched once and its keys held', async () => {
    const { issuer, find } = world([{ ...ec, kid: 'a' }])
    expect([await find('a'), await find('a', NOW_MS + 9 * MINUTE_MS)]).toEqual(['ES256', 'ES256'])
    expect(issuer.asked).toBe(1)
  })

  test('it is fetched again after ten minutes, or sooner where the issuer says so, but not within a minute', async () => {
    const { issuer, find } = world([{ ...ec, kid: 'a' }])
    await find('a')
    await find('a', NOW_MS + 10 * MINUTE_MS)
    expect(issuer.asked).toBe(2)
    issuer.answer = () => jwks([{ ...ec, kid: 'a' }], { 'cache-control': 'public, max-age=120' })
    await find('a', NOW_MS + 20 * MINUTE_MS)
    await find('a', NOW_MS + 21 * MINUTE_MS)
    expect(issuer.asked).toBe(3)
    issuer.answer = () => jwks([{ ...ec, kid: 'a' }], { 'cache-control': 'max-age=0' })
    await find('a', NOW_MS + 22 * MINUTE_MS)
    await find('a', NOW_MS + 22 * MINUTE_MS + 59 * SECOND_MS)
    expect(issuer.asked).toBe(4)
  })

  test('a key that was taken out of the set stops verifying when the set is read again', async () => {
    const { issuer, find } = world([{ ...ec, kid: 'a' }])
    await find('a')
    issuer.answer = () => jwks([{ ...other, kid: 'b' }])
    expect(await find('a', NOW_MS + 10 * MINUTE_MS)).toBe('key_unknown')
  })

  test('an unknown kid makes us ask again, since keys are rotated', async () => {
    const { issuer, find } = world([{ ...ec, kid: 'a' }])
    await find('a')
    issuer.answer = () =>
      jwks([
        { ...ec, kid: 'a' },
        { ...other, kid: 'b' },
      ])
    expect(await find('b', NOW_MS + 11 * SECOND_MS)).toBe('ES256')
  })

  /** Whoever sends tokens chooses their `kid`; it must not be a way to have us flood the issuer. */
  test('a thousand unknown kids make us ask once in ten seconds', async () => {
    const { issuer, find } = world([{ ...ec, kid: 'a' }])
    for (let at = 0; at < 1_000; at += 1) await find(`forged-${at}`, NOW_MS + at * 10)
    expect(issuer.asked).toBe(1)
    expect(await find('forged', NOW_MS + 10 * SECOND_MS)).toBe('key_unknown')
    expect(issuer.asked).toBe(2)
  })

  test('a thousand at the same moment make us ask 64 times at most', async () => {
    const { issuer, find } = world([{ ...ec, kid: 'a' }])
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => find(`forged-${at}`)))
    expect(issuer.asked).toBeLessThanOrEqual(64)
  })

  test('while one request renews an old set, the others go on with it', async () => {
    const { issuer, find } = world([{ ...ec, kid: 'a' }])
    await find('a')
    const { promise, resolve } = Promise.withResolvers<Response>()
    issuer.answer = () => promise
    const later = NOW_MS + 11 * MINUTE_MS
    const renewing = find('a', later)
    expect([await find('a', later), await find('a', later)]).toEqual(['ES256', 'ES256'])
    resolve(jwks([{ ...ec, kid: 'a' }]))
    expect(await renewing).toBe('ES256')
    expect(issuer.asked).toBe(2)
  })

  test('while the issuer is down its keys serve for a day, and it is asked every ten seconds', async () => {
    const { issuer, find } = world([{ ...ec, kid: 'a' }])
    await find('a')
    issuer.answer = () => new Response('down', { status: 503 })
    const later = NOW_MS + HOUR_MS
    expect([await find('a', later), await find('a', later + 9 * SECOND_MS)]).toEqual(['ES256', 'ES256'])
    expect(issuer.asked).toBe(2)
    expect(await find('a', NOW_MS + 24 * HOUR_MS)).toBe('ES256')
    expect(await find('a', NOW_MS + 24 * HOUR_MS + 1)).toBe('keys_unreachable')
  })

  test('an issuer that was never reached is told apart from an unknown key, and not asked by every request', async () => {
    const { issuer, find } = world([])
    issuer.answer = () => {
      throw new TypeError('network')
    }
    expect([await find('a'), await find('a', NOW_MS + 9 * SECOND_MS)]).toEqual([
      'keys_unreachable',
      'keys_unreachable',
    ])
    expect(issuer.asked).toBe(1)
  })

  test.each([
    ['a redirect', () => Response.redirect('https://elsewhere.example.com/jwks', 302)],
    ['another type', () => new Response('{"keys":[]}', { headers: { 'content-type': 'text/html' } })],
    ['more than 64 KiB', () => jwks([{ padding: 'x'.repeat(65 * 1024) }])],
    ['no JSON', () => new Response('{', { headers: { 'content-type': 'application/json' } })],
    ['no list of keys', () => Response.json({ keys: 'none' })],
    [
      'bytes that are not UTF-8',
      () => new Response(new Uint8Array([0xff]), { headers: { 'content-type': 'application/json' } }),
    ],
  ])('an answer that is no key set counts as none: %s', async (_name, answer) => {
    const { issuer, find } = world([])
    issuer.answer = answer
    expect(await find('a')).toBe('keys_unreachable')
  })

  test('redirects are not followed, and a fetch is cut off', async () => {
    const { issuer, find } = world([{ ...ec, kid: 'a' }])
    await find('a')
    expect(issuer.inits[0]).toMatchObject({ redirect: 'manual' })
    expect(issuer.inits[0]?.signal).toBeInstanceOf(AbortSignal)
  })
})

describe('keys of a set', () => {
  const secret = { kty: 'oct', k: 'c2VjcmV0', kid: 's' }

  test('keys for other purposes and of unknown kinds are passed over', async () => {
    const { find } = world([
      secret,
      { ...ec, kid: 'enc', use: 'enc' },
      { ...ec, kid: 'ops', key_ops: ['encrypt'] },
      { ...ec, kid: 'alg', alg: 'ES384' },
      { kty: 'LMS', kid: 'new' },
      'nonsense',
      { ...ec, kid: 'broken', x: 'AA' },
      { ...ec, kid: 'good', use: 'sig', alg: 'ES256', key_ops: ['verify'] },
    ])
    const kids = ['s', 'enc', 'ops', 'alg', 'new', 'broken', 'good']
    const found = await Promise.all(kids.map((kid) => find(kid)))
    expect(found).toEqual([...Array.from({ length: 6 }, () => 'key_unknown'), 'ES256'])
  })

  test('a key verifies by one algorithm, out of those that the operator allowed', async () => {
    const rsa = await publicJwk('RS256')
    const { find } = world([
      { ...rsa, kid: 'r' },
      { ...rsa, kid: 'p', alg: 'PS256' },
      { ...ec, kid: 'e' },
    ])
    expect([await find('r'), await find('p'), await find('e')]).toEqual(['RS256', 'key_unknown', 'ES256'])
    const pss = ['PS256']
    expect([
      await find('r', NOW_MS, pss),
      await find('p', NOW_MS, pss),
      await find('e', NOW_MS, pss),
    ]).toEqual(['PS256', 'PS256', 'key_unknown'])
  })

  test('EdDSA keys are read', async () => {
    const { find } = world([{ ...(await publicJwk('EdDSA')), kid: 'ed' }])
    expect(await find('ed', NOW_MS, ['EdDSA'])).toBe('EdDSA')
  })

  test('an RSA key under 2048 bits is none', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 })
    const { find } = world([{ ...publicKey.export({ format: 'jwk' }), kid: 'weak' }])
    expect(await find('weak')).toBe('key_unknown')
  })

  test('of two keys with one kid the first counts', async () => {
    const { find } = world([
      { ...ec, kid: 'a' },
      { ...(await publicJwk('RS256')), kid: 'a' },
    ])
    expect(await find('a')).toBe('ES256')
  })
})
