import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { CompactSign, exportSPKI, generateKeyPair } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'

import { accessTokenTtlSeconds, clockSkewSeconds } from '../../../src/platform/bounds.ts'
import { base64url, utf8 } from '../../../src/platform/encoding.ts'
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

function ports() {
  return { issuer: ISSUER, audience: ISSUER, keyRing, isRevoked: () => false, cache: new VerifiedTokens() }
}

async function verdict(token: string, nowMs = NOW_MS): Promise<string> {
  const verified = await verifyAccessToken(new Secret(token), ports(), nowMs)
  return verified.ok ? 'accepted' : verified.failure.reason
}

/** A token that our own key signed, whatever it says. */
async function signed(changes: object, typ = 'at+jwt'): Promise<string> {
  return keyRing.sign('ES256', typ, { ...claims, ...changes }, NOW_MS)
}

/** The same token with other bytes in its header; the signature is no longer right unless it is made again. */
function withHeader(token: string, header: object): string {
  const [, payload = '', signature = ''] = token.split('.')
  return [base64url(utf8(JSON.stringify(header))), payload, signature].join('.')
}

async function headerOf(token: string): Promise<{ alg: string; kid: string; typ: string }> {
  return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString())
}

describe('a verified access token', () => {
  test('gives back the claims that were issued', async () => {
    const token = await issueAccessToken(keyRing, claims, NOW_MS)
    expect(await headerOf(token)).toMatchObject({ typ: 'at+jwt', alg: 'ES256' })
    expect(await verifyAccessToken(new Secret(token), ports(), NOW_MS)).toEqual({ ok: true, value: claims })
  })

  test('may be meant for several audiences, ours among them', async () => {
    expect(await verdict(await signed({ aud: ['https://other.example', ISSUER] }))).toBe('accepted')
  })

  test('is never issued for longer than its key is kept', async () => {
    const tooLong = { ...claims, exp: NOW + accessTokenTtlSeconds + 1 }
    await expect(issueAccessToken(keyRing, tooLong, NOW_MS)).rejects.toThrow('assertion failed')
  })
})

/** RFC 8725 §3.1: the attacker writes the header, so the header decides nothing. */
describe('an algorithm that the key does not have', () => {
  test('none is refused, with and without a signature', async () => {
    const token = await signed({})
    const { kid } = await headerOf(token)
    const unsigned = withHeader(token, { alg: 'none', typ: 'at+jwt', kid })
    expect(await verdict(unsigned)).toBe('algorithm_wrong')
    expect(await verdict(unsigned.replace(/[^.]*$/, ''))).toBe('algorithm_wrong')
  })

  test('HMAC with our public key as its secret is refused', async () => {
    const { kid } = await headerOf(await signed({}))
    const found = await keyRing.verificationKey(kid, NOW_MS)
    const pem = await exportSPKI(found?.key ?? (await generateKeyPair('ES256')).publicKey)
    const header = base64url(utf8(JSON.stringify({ alg: 'HS256', typ: 'at+jwt', kid })))
    const signingInput = `${header}.${base64url(utf8(JSON.stringify(claims)))}`
    const mac = createHmac('sha256', pem).update(signingInput).digest('base64url')
    expect(await verdict(`${signingInput}.${mac}`)).toBe('algorithm_wrong')
  })

  test('another algorithm of ours under this key is refused', async () => {
    const token = await signed({})
    expect(await verdict(withHeader(token, { ...(await headerOf(token)), alg: 'RS256' }))).toBe(
      'algorithm_wrong',
    )
  })
})

describe('a token that is not an access token', () => {
  /** RFC 9068 §4: otherwise an ID token, which many see, would open the API. */
  test('an ID token is refused', async () => {
    expect(await verdict(await signed({}, 'JWT'))).toBe('token_type_wrong')
  })

  test('a logout token is refused', async () => {
    expect(await verdict(await signed({}, 'logout+jwt'))).toBe('token_type_wrong')
  })

  test('the long form of the type is the same type', async () => {
    expect(await verdict(await signed({}, 'application/at+jwt'))).toBe('accepted')
  })
})

describe('a key that is not ours', () => {
  test('a token signed by another key under our kid is refused', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const header = await headerOf(await signed({}))
    const forged = await new CompactSign(utf8(JSON.stringify(claims)))
      .setProtectedHeader(header)
      .sign(privateKey)
    expect(await verdict(forged)).toBe('signature_wrong')
  })

  test('a key that the token brings along is not used', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = await crypto.subtle.exportKey('jwk', publicKey)
    const forged = await new CompactSign(utf8(JSON.stringify(claims)))
      .setProtectedHeader({
        alg: 'ES256',
        typ: 'at+jwt',
        kid: 'mine',
        jwk: { kty: 'EC', crv: 'P-256', ...jwk },
      })
      .sign(privateKey)
    expect(await verdict(forged)).toBe('key_unknown')
  })
})

describe('the form of a token', () => {
  /** RFC 7515 §4.1.11. The library knows `b64` by itself, so a token with it is signed rightly and still refused. */
  test('a critical extension is refused, since none is understood', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const trusting = {
      ...ports(),
      keyRing: { verificationKey: async () => ({ alg: 'ES256', key: publicKey }) },
    }
    const sign = async (extension: object) =>
      new CompactSign(utf8(JSON.stringify(claims)))
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k', ...extension })
        .sign(privateKey)
    const plain = await verifyAccessToken(new Secret(await sign({})), trusting, NOW_MS)
    expect(plain).toMatchObject({ ok: true })
    const critical = await verifyAccessToken(
      new Secret(await sign({ crit: ['b64'], b64: true })),
      trusting,
      NOW_MS,
    )
    expect(critical).toMatchObject({ failure: { reason: 'token_malformed' } })
  })

  /** RFC 4648 §3.5. Trailing bits that a decoder forgives would give one token many digests. */
  test('any other spelling of the same bytes is refused', async () => {
    const token = await signed({})
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const last = alphabet.indexOf(token.at(-1) ?? '')
    expect(await verdict(`${token.slice(0, -1)}${alphabet[last ^ 1]}`)).toBe('token_malformed')
    expect(await verdict(`${token}=`)).toBe('token_malformed')
    expect(await verdict(`${token}\n`)).toBe('token_malformed')
    expect(await verdict(token.replace('.', '. '))).toBe('token_malformed')
  })

  test('text that is not a token is refused without a throw', async () => {
    const anything = fc.oneof(
      fc.string(),
      fc.stringMatching(/^[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*$/),
    )
    await fc.assert(
      fc.asyncProperty(anything, async (text) => {
        expect(await verdict(text)).toBe('token_malformed')
      }),
    )
  })

  test('no token with one character changed is accepted', async () => {
    const token = await signed({})
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.stringMatching(/^[A-Za-z0-9._-]$/),
        async (at, character) => {
          fc.pre(token[at] !== character)
          expect(await verdict(`${token.slice(0, at)}${character}${token.slice(at + 1)}`)).not.toBe(
            'accepted',
          )
        },
      ),
    )
  })
})

describe('the claims of a signed token', () => {
  test.each(['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id'])(
    'without %s it is refused',
    async (name) => {
      expect(await verdict(await signed({ [name]: undefined }))).toBe('claims_invalid')
    },
  )

  test.each([
    ['an exp that is text', { exp: String(NOW + 600) }],
    ['an iat that is text', { iat: String(NOW) }],
    ['an aud that is an object', { aud: { [ISSUER]: true } }],
    ['an aud with a member that is not text', { aud: [ISSUER, 7] }],
    ['an nbf that is text', { nbf: '0' }],
    ['a scope that is a list', { scope: ['read'] }],
  ])('%s is refused', async (_name, changes) => {
    expect(await verdict(await signed(changes))).toBe('claims_invalid')
  })

  test('another issuer is refused, also one that only begins like ours', async () => {
    expect(await verdict(await signed({ iss: 'https://other.example' }))).toBe('issuer_wrong')
    expect(await verdict(await signed({ iss: `${ISSUER}/` }))).toBe('issuer_wrong')
  })

  test('another audience is refused, also one that contains ours', async () => {
    expect(await verdict(await signed({ aud: `${ISSUER}.evil.example` }))).toBe('audience_wrong')
    expect(await verdict(await signed({ aud: [] }))).toBe('audience_wrong')
  })
})

describe('the times of a token', () => {
  test('it ends at exp, to the millisecond', async () => {
    const token = await signed({})
    expect(await verdict(token, claims.exp * 1000 - 1)).toBe('accepted')
    expect(await verdict(token, claims.exp * 1000)).toBe('token_expired')
  })

  test('nbf is honoured, but for the difference that clocks may have', async () => {
    expect(await verdict(await signed({ nbf: NOW + clockSkewSeconds }))).toBe('accepted')
    expect(await verdict(await signed({ nbf: NOW + clockSkewSeconds + 1 }))).toBe('token_not_yet_valid')
  })

  test('a token from the future is refused', async () => {
    expect(await verdict(await signed({ iat: NOW + clockSkewSeconds + 1 }))).toBe('token_not_yet_valid')
  })
})
