import { afterEach, describe, expect, test, vi } from 'vitest'

import { authorizationCodeTtlSeconds, oauthBodyBytesMax } from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import type { Fields } from '../../support/oauth/answer.ts'
import { publicClient } from '../../support/oauth/clients.ts'
import { codeWorld, without } from '../../support/oauth/code-world.ts'
import { code_verifier, newIsolate, redemptionOf } from '../../support/oauth/world.ts'

afterEach(() => {
  vi.useRealTimers()
})

/** Whatever is wrong, the code is still there for the client that it was made for. */
describe('POST /oauth/token 400, authorization_code', () => {
  test.each([
    ['without grant_type', (it: Fields) => without(it, 'grant_type'), 'invalid_request'],
    ['without the code', (it: Fields) => without(it, 'code'), 'invalid_request'],
    ['without redirect_uri', (it: Fields) => without(it, 'redirect_uri'), 'invalid_request'],
    ['without the verifier', (it: Fields) => without(it, 'code_verifier'), 'invalid_request'],
    ['with an empty verifier', (it: Fields) => ({ ...it, code_verifier: '' }), 'invalid_request'],
    ['with a short verifier', (it: Fields) => ({ ...it, code_verifier: 'v'.repeat(42) }), 'invalid_request'],
    ['with a long verifier', (it: Fields) => ({ ...it, code_verifier: 'v'.repeat(129) }), 'invalid_request'],
    [
      'with a verifier beyond bounds',
      (it: Fields) => ({ ...it, code_verifier: 'v'.repeat(300) }),
      'invalid_request',
    ],
    ['with the wrong verifier', (it: Fields) => ({ ...it, code_verifier: 'v'.repeat(43) }), 'invalid_grant'],
    [
      'with the challenge for a verifier',
      (it: Fields) => ({ ...it, code_verifier: sha256(code_verifier) }),
      'invalid_grant',
    ],
    [
      'with another redirect_uri',
      (it: Fields) => ({ ...it, redirect_uri: 'https://app.example/' }),
      'invalid_grant',
    ],
    [
      'with a redirect_uri beyond bounds',
      (it: Fields) => ({ ...it, redirect_uri: 'x'.repeat(3_000) }),
      'invalid_request',
    ],
    ['with a forged code', (it: Fields) => ({ ...it, code: `${it.code?.slice(0, -2)}AA` }), 'invalid_grant'],
    [
      'with a truncated code',
      (it: Fields) => ({ ...it, code: String(it.code).slice(0, -1) }),
      'invalid_grant',
    ],
    ['with a code beyond bounds', (it: Fields) => ({ ...it, code: 'c'.repeat(8_193) }), 'invalid_request'],
    [
      'with an unknown grant type',
      (it: Fields) => ({ ...it, grant_type: 'password' }),
      'unsupported_grant_type',
    ],
    [
      'with the grant type of API keys',
      (it: Fields) => ({ ...it, grant_type: 'api_key' }),
      'unsupported_grant_type',
    ],
    [
      'with a grant type not registered',
      (it: Fields) => ({ ...it, grant_type: 'client_credentials' }),
      'unauthorized_client',
    ],
  ])('refuses a request %s', async (_, change, error) => {
    const { token, client, code } = await codeWorld()
    const right = redemptionOf(client, code)
    const { status, headers, body } = await token(change(right))
    expect({ status, error: body.error }).toEqual({ status: 400, error })
    expect(body.error_description).toMatch(/^[\x20-\x21\x23-\x5b\x5d-\x7e]{10,}$/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('www-authenticate')).toBeNull()
    expect(headers.get('x-request-id')).toMatch(/^req_/)
    expect(await token(right)).toMatchObject({ status: 200 })
  })

  test('refuses a code of another client, and leaves it to its owner', async () => {
    const { token, register, client, code } = await codeWorld()
    const thief = await register({ ...publicClient(), client_id: 'thief' })
    expect(await token({ ...redemptionOf(client, code), client_id: thief.client_id })).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await token(redemptionOf(client, code))).toMatchObject({ status: 200 })
  })

  test.each([
    ['a body in another content type', { 'content-type': 'text/plain' }, 'grant_type=authorization_code'],
    ['a body without content type', {}, 'grant_type=authorization_code'],
    ['a body as multipart', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
    ['broken JSON', { 'content-type': 'application/json' }, '{"grant_type":'],
    ['JSON that is no object', { 'content-type': 'application/json' }, '["grant_type"]'],
    ['a number where a text belongs', { 'content-type': 'application/json' }, '{"grant_type":1}'],
    ['null where a text belongs', { 'content-type': 'application/json' }, '{"grant_type":null}'],
    ['JSON nested beyond bounds', { 'content-type': 'application/json' }, '['.repeat(100) + ']'.repeat(100)],
    ['a broken escape', { 'content-type': 'application/x-www-form-urlencoded' }, 'grant_type=%zz'],
    [
      'an escape that is not UTF-8',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'grant_type=%ff',
    ],
    ['an empty body', { 'content-type': 'application/x-www-form-urlencoded' }, ''],
    [
      'a body beyond its bound',
      { 'content-type': 'application/x-www-form-urlencoded' },
      `grant_type=${'x'.repeat(oauthBodyBytesMax)}`,
    ],
  ])('refuses %s', async (_, headers: Fields, body) => {
    const { send } = await codeWorld()
    const answer = await send('/oauth/token', { method: 'POST', headers, body })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
  })

  test.each(['grant_type', 'code', 'redirect_uri', 'code_verifier', 'client_id'])(
    'refuses %s twice, even with the same value',
    async (name) => {
      const { post, token, client, code } = await codeWorld()
      const right = redemptionOf(client, code)
      const twice = `${new URLSearchParams(right).toString()}&${name}=${encodeURIComponent(right[name] ?? '')}`
      expect(await post('/oauth/token', twice)).toMatchObject({
        status: 400,
        body: { error: 'invalid_request' },
      })
      expect(await token(right)).toMatchObject({ status: 200 })
    },
  )

  test('refuses a code after its time', async () => {
    const { token, client, code } = await codeWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + (authorizationCodeTtlSeconds + 1) * 1000 })
    expect(await token(redemptionOf(client, code))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })

  /** RFC 6749 §4.1.2, RFC 9700 §4.2.4. Either of the two was not the client, so what the first got ends as well. */
  test('refuses a spent code, and ends what came of it at once, here and elsewhere', async () => {
    const { token, send, client, code } = await codeWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const { body } = await token(redemptionOf(client, code))
    const { access_token, refresh_token } = body
    const headers = { authorization: `Bearer ${String(access_token)}` }
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 200 })
    expect(await token(redemptionOf(client, code))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 401 })
    expect(await newIsolate().send('/oauth/userinfo', { headers })).toMatchObject({ status: 401 })
    const refresh = {
      grant_type: 'refresh_token',
      client_id: client.client_id,
      refresh_token: String(refresh_token),
    }
    expect(await token(refresh)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  })

  test('leaves a code alone that somebody tried first with the wrong verifier, however often', async () => {
    const { token, client, code } = await codeWorld()
    for (let tries = 0; tries < 5; tries += 1) {
      await token({ ...redemptionOf(client, code), code_verifier: 'w'.repeat(43) })
    }
    expect(await token(redemptionOf(client, code))).toMatchObject({ status: 200 })
  })
})
