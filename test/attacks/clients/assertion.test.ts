import { describe, expect, test, vi } from 'vitest'

import { verifyAssertion, type AssertionPorts } from '../../../src/clients/client-assertion.ts'
import type { Client } from '../../../src/clients/client.ts'
import { utf8 } from '../../../src/platform/encoding.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { assertionWorld, clientKey } from '../../support/clients/assertion-world.ts'
import { issuer } from '../../support/oauth/world.ts'

const REFUSED = '401 invalid_client'

function now(): number {
  return Math.floor(Date.now() / 1000)
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

/** What comes of an assertion where the place that remembers them answers so. */
function judge(text: string, client: Client, spendOnce: AssertionPorts['spendOnce']) {
  const tokenEndpoint = `${issuer}/oauth/token`
  const arrival = { assertion: new Secret(text), endpoint: tokenEndpoint, nowMs: Date.now() }
  const remoteJwks: AssertionPorts['remoteJwks'] = { find: () => Promise.reject(new Error('not asked')) }
  return verifyAssertion(arrival, client, { issuer, tokenEndpoint, remoteJwks, spendOnce })
}

/** The attacker may write whatever it likes, has keys of its own, and has seen assertions go by. */
describe('a client that proves itself by assertions', () => {
  test('an unsigned assertion (alg none) opens nothing', async () => {
    const { present, signed } = await assertionWorld()
    const [, claims = ''] = (await signed()).split('.')
    for (const alg of ['none', 'None', 'NONE']) {
      const { status } = await present(`${part({ alg, kid: 'key-1' })}.${claims}.`)
      expect(status).toBe(401)
    }
  })

  test('an assertion under HMAC with the public key for its secret opens nothing', async () => {
    const { attempt, key } = await assertionWorld()
    const secret = utf8(JSON.stringify(key.jwk))
    expect(await attempt({ header: { alg: 'HS256' }, key: secret })).toBe(REFUSED)
  })

  test('an assertion signed with a key of the attacker opens nothing', async () => {
    const { attempt } = await assertionWorld()
    const { privateKey } = await clientKey()
    expect(await attempt({ key: privateKey })).toBe(REFUSED)
  })

  test('a kid that is a path, a query or a member of every object names no key', async () => {
    const { attempt } = await assertionWorld()
    for (const kid of ['../key-1', "key-1' or '1'='1", '__proto__', 'constructor', 'key-1\u0000', '']) {
      expect(await attempt({ header: { kid } })).toBe(REFUSED)
    }
  })

  test('an assertion that points to keys (jku, x5u) is refused, and nothing is fetched', async () => {
    const { attempt } = await assertionWorld()
    const fetched = vi.spyOn(globalThis, 'fetch')
    expect(await attempt({ header: { jku: 'https://attacker.example.com/jwks' } })).toBe(REFUSED)
    expect(await attempt({ header: { x5u: 'https://attacker.example.com/cert' } })).toBe(REFUSED)
    expect(fetched.mock.calls).toEqual([])
    fetched.mockRestore()
  })

  test('an assertion that brings a key with it (jwk, x5c) is refused', async () => {
    const { attempt, key } = await assertionWorld()
    expect(await attempt({ header: { jwk: key.jwk } })).toBe(REFUSED)
    expect(await attempt({ header: { x5c: ['AAAA'] } })).toBe(REFUSED)
  })

  test('an assertion with a critical extension is refused, also one that the library would know', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ header: { crit: ['b64'], b64: true } })).toBe(REFUSED)
  })

  test('an assertion that was seen opens nothing a second time', async () => {
    const { present, signed } = await assertionWorld()
    const assertion = await signed()
    expect(await present(assertion)).toMatchObject({ status: 200 })
    expect(await present(assertion)).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('an assertion that is presented many times at once opens once', async () => {
    const { present, signed } = await assertionWorld()
    const assertion = await signed()
    const answers = await Promise.all(Array.from({ length: 8 }, () => present(assertion)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('a forged assertion does not spend the jti of the honest one', async () => {
    const { attempt } = await assertionWorld()
    const { privateKey } = await clientKey()
    const claims = { jti: 'the honest one' }
    expect(await attempt({ claims, key: privateKey })).toBe(REFUSED)
    expect(await attempt({ claims })).toBe('granted')
  })

  test('an assertion that was made for another server opens nothing', async () => {
    const { attempt } = await assertionWorld()
    for (const aud of [
      'https://other.example.com',
      `${issuer}/`,
      `${issuer}.other.example.com`,
      'http://localhost',
    ]) {
      expect(await attempt({ claims: { aud } })).toBe(REFUSED)
    }
    expect(await attempt({ claims: { aud: ['https://other.example.com'] } })).toBe(REFUSED)
    expect(await attempt({ claims: { aud: undefined } })).toBe(REFUSED)
  })

  test('a fapi2 client’s assertion with us among its audiences opens nothing', async () => {
    const { attempt } = await assertionWorld({ profile: 'fapi2', dpop_bound_access_tokens: false })
    expect(await attempt({ claims: { aud: [issuer, 'https://other.example.com'] } })).toBe(REFUSED)
    expect(await attempt({ claims: { aud: [issuer] } })).toBe(REFUSED)
  })

  test('a fapi2 client’s assertion for an endpoint in place of the issuer opens nothing', async () => {
    const { attempt } = await assertionWorld({ profile: 'fapi2', dpop_bound_access_tokens: false })
    expect(await attempt({ claims: { aud: `${issuer}/oauth/token` } })).toBe(REFUSED)
  })

  test('an assertion that has expired opens nothing', async () => {
    const { attempt, client, signed } = await assertionWorld()
    const edits = { claims: { exp: now() - 31 } }
    expect(await attempt(edits)).toBe(REFUSED)
    expect(await judge(await signed(edits), client, async () => 'first')).toEqual({
      ok: false,
      failure: { reason: 'assertion_expired' },
    })
  })

  test('an assertion that would be good for a year opens nothing', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { exp: now() + 365 * 86_400 } })).toBe(REFUSED)
    expect(await attempt({ claims: { exp: undefined } })).toBe(REFUSED)
  })

  test('an assertion from the future opens nothing yet', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { nbf: now() + 120 } })).toBe(REFUSED)
    expect(await attempt({ claims: { iat: now() + 120 } })).toBe(REFUSED)
  })

  test('an assertion of one client about another opens nothing', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { iss: 'other' } })).toBe(REFUSED)
    expect(await attempt({ claims: { sub: 'other' } }, { client_id: 'robot' })).toBe(REFUSED)
  })

  test('an assertion without a jti, which could be replayed, opens nothing', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { jti: undefined } })).toBe(REFUSED)
    expect(await attempt({ claims: { jti: '' } })).toBe(REFUSED)
  })

  test('a request object or a proof that the client signed does not pass for an assertion', async () => {
    const { attempt } = await assertionWorld()
    for (const typ of ['oauth-authz-req+jwt', 'dpop+jwt', 'at+jwt', 'logout+jwt']) {
      expect(await attempt({ header: { typ } })).toBe(REFUSED)
    }
  })

  test('while it cannot be known whether an assertion was seen, it opens nothing', async () => {
    const { client, signed } = await assertionWorld()
    const outcome = await judge(await signed(), client, () => Promise.reject(new Error('no answer')))
    expect(outcome).toEqual({ ok: false, failure: { reason: 'storage_unavailable' } })
  })
})
