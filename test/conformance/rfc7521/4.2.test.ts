import { afterEach, describe, expect, test, vi } from 'vitest'

import { assertionType } from '../../../src/clients/client-assertion.ts'
import { assertionWorld, clientKey } from '../../support/clients/assertion-world.ts'
import { basic, issuer } from '../../support/oauth/world.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const grant_type = 'client_credentials'

describe('RFC 7521 §4.2, assertions for client authentication', () => {
  test('client_assertion_type is REQUIRED with client_assertion, and the other way round', async () => {
    const { token, signed } = await assertionWorld()
    const alone = await token({ grant_type, client_assertion: await signed() })
    const without = await token({ grant_type, client_id: 'robot', client_assertion_type: assertionType })
    for (const answer of [alone, without]) {
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    }
  })

  test('client_id is unnecessary, and when it is there MUST identify the client that the subject does', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt()).toBe('granted')
    expect(await attempt({}, { client_id: 'robot' })).toBe('granted')
    expect(await attempt({}, { client_id: 'other' })).toBe('401 invalid_client')
  })

  test('a client MUST NOT authenticate by an assertion and in another way in one request', async () => {
    const { token, signed } = await assertionWorld()
    const assertion = { grant_type, client_assertion: await signed(), client_assertion_type: assertionType }
    const twice = [
      await token(assertion, basic('robot', 'secret')),
      await token({ ...assertion, client_id: 'robot', client_secret: 'secret' }),
    ]
    for (const answer of twice) {
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    }
    expect(await token(assertion)).toMatchObject({ status: 200 })
  })

  /** §4.2.1. */
  test('an assertion that is not valid or has expired MUST be answered with invalid_client', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ claims: { exp: 1 } })).toBe('401 invalid_client')
    expect(await attempt({ claims: { aud: 'other' } })).toBe('401 invalid_client')
  })

  test('every endpoint that authenticates clients takes an assertion', async () => {
    const { post, signed, client } = await assertionWorld()
    const proof = async (aud: string) => ({
      client_assertion: await signed({ claims: { aud } }),
      client_assertion_type: assertionType,
      token: 'unknown',
    })
    expect(client.metadata.token_endpoint_auth_method).toBe('private_key_jwt')
    for (const path of ['/oauth/introspect', '/oauth/revoke']) {
      expect(await post(path, await proof(`${issuer}${path}`))).toMatchObject({ status: 200 })
      expect(await post(path, await proof(issuer))).toMatchObject({ status: 200 })
      expect(await post(path, await proof('https://other.example'))).toMatchObject({ status: 401 })
    }
  })
})

/** OpenID Connect Core 1.0 §10.1.1: keys of clients are rotated by publishing new ones. */
describe('RFC 7521 §4.2, with keys that the client publishes', () => {
  const jwks_uri = 'https://robot.example.com/jwks'

  /** The deployment, with a key set on the network that the test can change. */
  async function published() {
    const keys = { first: await clientKey('ES256', 'first'), second: await clientKey('ES256', 'second') }
    const set = [keys.first.jwk]
    const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => Response.json({ keys: set }))
    const world = await assertionWorld({ jwks: undefined, jwks_uri })
    return { ...world, ...keys, set, fetched }
  }

  test('a key is fetched from jwks_uri and then held', async () => {
    const { attempt, first, fetched } = await published()
    const edits = { key: first.privateKey, header: { kid: 'first' } }
    expect([await attempt(edits), await attempt(edits)]).toEqual(['granted', 'granted'])
    expect(fetched.mock.calls).toMatchObject([[jwks_uri, { redirect: 'manual' }]])
  })

  test('a key that is not published opens nothing', async () => {
    const { attempt, second } = await published()
    const edits = { key: second.privateKey, header: { kid: 'second' } }
    expect(await attempt(edits)).toBe('401 invalid_client')
  })

  test('a set that cannot be had opens nothing', async () => {
    const { attempt, first, fetched } = await published()
    fetched.mockImplementation(async () => new Response('down', { status: 503 }))
    expect(await attempt({ key: first.privateKey, header: { kid: 'first' } })).toBe('401 invalid_client')
  })
})

/** OpenID Connect Core 1.0 §10.1: with several keys, the header MUST name one. */
describe('RFC 7521 §4.2, without a kid', () => {
  test('the only key that fits is used', async () => {
    const { attempt } = await assertionWorld()
    expect(await attempt({ header: { kid: undefined } })).toBe('granted')
  })

  test('among several keys there is no telling', async () => {
    const other = await clientKey('ES256', 'key-2')
    const { attempt, register, client, key } = await assertionWorld()
    const jwks = { keys: [{ ...key.jwk }, { ...other.jwk }] }
    await register({ ...client, metadata: { ...client.metadata, jwks } })
    expect(await attempt({ header: { kid: undefined } })).toBe('401 invalid_client')
    expect(await attempt()).toBe('granted')
  })
})
