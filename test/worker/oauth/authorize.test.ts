import { describe, expect, test } from 'vitest'

import { oauthBodyBytesMax, stateCharactersMax } from '../../../src/platform/bounds.ts'
import type { Answer, Fields } from '../../support/oauth/answer.ts'
import { publicClient, redirect_uri } from '../../support/oauth/clients.ts'
import { issuer, newWorld, requestOf } from '../../support/oauth/world.ts'

/** Somebody who is signed in, and a client of ours that needs no consent. */
async function signedInWorld(firstParty = true) {
  const world = await newWorld()
  const client = await world.register({ ...publicClient(), first_party: firstParty })
  const account = await world.person('alice')
  return { ...world, client, account, cookie: await world.cookieOf(account) }
}

function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))
}

/** What the client hears, and where. */
function answerIn({ status, location }: Answer) {
  return {
    status,
    to: `${location.origin}${location.pathname}`,
    ...Object.fromEntries(location.searchParams),
  }
}

describe('GET /oauth/authorize 303', () => {
  test('leads back to the client with a code, the state as it came, and the name of who answers', async () => {
    const { authorize, client, cookie } = await signedInWorld()
    const state = `~ &=+%25#"'<>/é☃${'s'.repeat(1_000)}`
    const answer = await authorize({ ...requestOf(client), state }, cookie)
    expect(answerIn(answer)).toEqual({
      status: 303,
      to: redirect_uri,
      code: expect.stringMatching(/^gwc_/),
      state,
      iss: issuer,
    })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer')
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('keeps the query of the redirect URI that was registered', async () => {
    const world = await newWorld()
    const uri = 'https://app.example/cb?tenant=7&x=%7E'
    const client = await world.register({ ...publicClient({ redirect_uris: [uri] }), first_party: true })
    const cookie = await world.cookieOf(await world.person('alice'))
    const { headers } = await world.authorize({ ...requestOf(client), redirect_uri: uri }, cookie)
    expect(headers.get('location')).toMatch(/^https:\/\/app\.example\/cb\?tenant=7&x=%7E&code=gwc_/)
  })

  /** RFC 8252 §7.1, §7.3. */
  test.each([
    ['a private-use scheme with one slash', 'com.yourapp:/oauth', 'com.yourapp:/oauth'],
    ['a loopback address with whatever port', 'http://127.0.0.1/cb', 'http://127.0.0.1:51004/cb'],
  ])('leads to %s', async (_, registered, requested) => {
    const world = await newWorld()
    const client = await world.register({
      ...publicClient({ redirect_uris: [registered], application_type: 'native' }),
      first_party: true,
    })
    const cookie = await world.cookieOf(await world.person('alice'))
    const { headers } = await world.authorize({ ...requestOf(client), redirect_uri: requested }, cookie)
    expect(headers.get('location')?.startsWith(`${requested}?code=gwc_`)).toBe(true)
  })

  test.each([
    ['display', 'popup'],
    ['ui_locales', 'de fr-CA'],
    ['claims_locales', 'ja'],
    ['login_hint', 'alice@example.com'],
    ['acr_values', 'urn:example:gold 1'],
    ['claims', '{"userinfo":{"email":{"essential":true}}}'],
    ['nobody_knows_this', 'x'],
    ['__proto__', 'x'],
  ])('does not mind %s', async (name, value) => {
    const { authorize, client, cookie } = await signedInWorld()
    expect(answerIn(await authorize({ ...requestOf(client), [name]: value }, cookie))).toMatchObject({
      to: redirect_uri,
      code: expect.stringMatching(/^gwc_/),
    })
  })

  test('leads to sign-in without a session, with the request to come back to', async () => {
    const { authorize, client } = await signedInWorld()
    const { status, location } = await authorize(requestOf(client))
    expect(status).toBe(303)
    expect(location.pathname).toBe('/sign-in')
    const back = new URL(location.searchParams.get('continue') ?? '', issuer)
    expect(back.pathname).toBe('/oauth/authorize')
    expect(Object.fromEntries(back.searchParams)).toMatchObject(requestOf(client))
  })

  test.each(['nonsense', '__Host-gatewright_session=', `__Host-gatewright_session=${'A'.repeat(43)}`])(
    'takes the cookie %s for no session',
    async (cookie) => {
      const { authorize, client } = await signedInWorld()
      expect((await authorize(requestOf(client), cookie)).location.pathname).toBe('/sign-in')
    },
  )

  test('leads to consent where nobody has given it', async () => {
    const { authorize, client, cookie } = await signedInWorld(false)
    const { status, location } = await authorize(requestOf(client), cookie)
    expect(status).toBe(303)
    expect(location.pathname).toBe('/consent')
    expect(Object.fromEntries(location.searchParams)).toMatchObject(requestOf(client))
  })

  test.each([
    ['without response_type', (it: Fields) => without(it, 'response_type'), 'invalid_request'],
    [
      'with response_type=token',
      (it: Fields) => ({ ...it, response_type: 'token' }),
      'unsupported_response_type',
    ],
    [
      'with an unknown response_mode',
      (it: Fields) => ({ ...it, response_mode: 'web_message' }),
      'invalid_request',
    ],
    [
      'with a resource that nothing here is known by',
      (it: Fields) => ({ ...it, resource: 'https://api.example/' }),
      'invalid_target',
    ],
    ['without a challenge', (it: Fields) => without(it, 'code_challenge'), 'invalid_request'],
    [
      'with the challenge method plain',
      (it: Fields) => ({ ...it, code_challenge_method: 'plain' }),
      'invalid_request',
    ],
    ['with a scope of others', (it: Fields) => ({ ...it, scope: 'openid manage' }), 'invalid_scope'],
    ['with a broken scope', (it: Fields) => ({ ...it, scope: 'openid\t' }), 'invalid_scope'],
    [
      'with an unsigned request object',
      (it: Fields) => ({ ...it, request: 'e30.e30.' }),
      'invalid_request_object',
    ],
    [
      'with a request_uri that is not registered',
      (it: Fields) => ({ ...it, request_uri: 'https://app.example/request' }),
      'invalid_request_uri',
    ],
    ['with an unknown prompt', (it: Fields) => ({ ...it, prompt: 'create' }), 'invalid_request'],
    ['with a max_age in words', (it: Fields) => ({ ...it, max_age: 'soon' }), 'invalid_request'],
    ['with a nonce too long', (it: Fields) => ({ ...it, nonce: 'n'.repeat(600) }), 'invalid_request'],
    [
      'with a hint that is no ID token',
      (it: Fields) => ({ ...it, id_token_hint: 'e30.e30.' }),
      'invalid_request',
    ],
  ])('tells the client of a request %s, and gives no code', async (_, change, error) => {
    const { authorize, client, cookie } = await signedInWorld()
    const answer = answerIn(await authorize(change(requestOf(client)), cookie))
    expect(answer).toEqual({
      status: 303,
      to: redirect_uri,
      error,
      error_description: expect.stringMatching(/^[\x20-\x21\x23-\x5b\x5d-\x7e]+$/),
      state: 'state-of-the-app',
      iss: issuer,
    })
  })

  test('tells the client of a state that is too long, and still carries it back', async () => {
    const { authorize, client, cookie } = await signedInWorld()
    const state = 's'.repeat(stateCharactersMax + 1)
    expect(answerIn(await authorize({ ...requestOf(client), state }, cookie))).toMatchObject({
      to: redirect_uri,
      error: 'invalid_request',
      state,
    })
  })

  test('tells a client that did not register the code grant', async () => {
    const world = await newWorld()
    const client = await world.register(publicClient({ grant_types: ['refresh_token'] }))
    expect(answerIn(await world.authorize(requestOf(client)))).toMatchObject({ error: 'unauthorized_client' })
  })
})

/** RFC 9700 §4.11: what is not verified is not led anywhere. */
describe('GET /oauth/authorize 400', () => {
  function expectPage({ status, headers, text }: Answer): void {
    expect(status).toBe(400)
    expect(headers.get('location')).toBeNull()
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-request-id')).toMatch(/^req_/)
    expect(text).not.toMatch(/evil|<script|<form|<a /)
  }

  test.each([
    ['without a client', (it: Fields) => without(it, 'client_id')],
    ['of an unknown client', (it: Fields) => ({ ...it, client_id: 'evil' })],
    ['of a client with a name beyond bounds', (it: Fields) => ({ ...it, client_id: 'evil'.repeat(100) })],
    ['without a redirect URI', (it: Fields) => without(it, 'redirect_uri')],
    [
      'with a redirect URI of somebody else',
      (it: Fields) => ({ ...it, redirect_uri: 'https://evil.example/' }),
    ],
    [
      'with a query added to the redirect URI',
      (it: Fields) => ({ ...it, redirect_uri: `${redirect_uri}?evil=1` }),
    ],
    [
      'with a path added to the redirect URI',
      (it: Fields) => ({ ...it, redirect_uri: `${redirect_uri}/evil` }),
    ],
    [
      'with a dotted path in the redirect URI',
      (it: Fields) => ({ ...it, redirect_uri: `${redirect_uri}/../evil` }),
    ],
    ['with another port', (it: Fields) => ({ ...it, redirect_uri: 'https://app.example:444/callback' })],
    ['with another case', (it: Fields) => ({ ...it, redirect_uri: 'https://app.example/CALLBACK' })],
    [
      'with a host that begins alike',
      (it: Fields) => ({ ...it, redirect_uri: 'https://app.example.evil/callback' }),
    ],
    [
      'with a user name before the host',
      (it: Fields) => ({ ...it, redirect_uri: 'https://app.example@evil/callback' }),
    ],
    ['with a script for a redirect URI', (it: Fields) => ({ ...it, redirect_uri: 'javascript:evil()' })],
    ['with markup for a client', (it: Fields) => ({ ...it, client_id: '<script>evil()</script>' })],
  ])('shows a page for a request %s', async (_, change) => {
    const { authorize, client, cookie } = await signedInWorld()
    expectPage(await authorize(change(requestOf(client)), cookie))
  })

  test.each([
    ['a parameter twice', '&client_id=app'],
    ['a redirect URI twice', '&redirect_uri=https%3A%2F%2Fevil.example'],
    ['a broken escape', '&state=%zz'],
    ['an escape that is not UTF-8', '&state=%ff'],
    ['too many parameters', Array.from({ length: 65 }, (_, at) => `&p${at}=1`).join('')],
    ['a parameter beyond bounds', `&p=${'x'.repeat(9_000)}`],
  ])('shows a page for a query with %s', async (_, extra) => {
    const { send, client, cookie } = await signedInWorld()
    const query = new URLSearchParams(requestOf(client)).toString()
    expectPage(await send(`/oauth/authorize?${query}${extra}`, { headers: { cookie } }))
  })

  /** RFC 6749 §3.1: a parameter without a value counts as left out. */
  test('takes an empty redirect URI for none', async () => {
    const { authorize, client, cookie } = await signedInWorld()
    expectPage(await authorize({ ...requestOf(client), redirect_uri: '' }, cookie))
  })
})

describe('POST /oauth/authorize 303', () => {
  /** The session cookie does not come with a form of another site; with the GET that follows it does. */
  test('leads to the GET with the same parameters, and decides nothing itself', async () => {
    const { post, send, client, cookie } = await signedInWorld()
    const { status, location } = await post(
      '/oauth/authorize',
      { ...requestOf(client), unknown: 'x' },
      { cookie },
    )
    expect(status).toBe(303)
    expect(location.pathname).toBe('/oauth/authorize')
    expect(Object.fromEntries(location.searchParams)).toEqual(requestOf(client))
    const answer = await send(location.pathname + location.search, { headers: { cookie } })
    expect(answerIn(answer)).toMatchObject({ to: redirect_uri, code: expect.stringMatching(/^gwc_/) })
  })
})

describe('POST /oauth/authorize 400', () => {
  test.each([
    ['without a content type', {}, 'client_id=app'],
    ['in JSON', { 'content-type': 'application/json' }, '{"client_id":"app"}'],
    ['as multipart', { 'content-type': 'multipart/form-data; boundary=x' }, '--x--'],
    [
      'with a parameter twice',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'client_id=a&client_id=b',
    ],
    [
      'beyond its bound',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'x'.repeat(oauthBodyBytesMax + 1),
    ],
    [
      'that would not fit into a link',
      { 'content-type': 'application/x-www-form-urlencoded' },
      new URLSearchParams({ state: 'é'.repeat(4000) }).toString(),
    ],
  ])('shows a page for a body %s', async (_, headers: Fields, body) => {
    const { send } = await signedInWorld()
    const answer = await send('/oauth/authorize', { method: 'POST', headers, body })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('location')).toBeNull()
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
  })
})
