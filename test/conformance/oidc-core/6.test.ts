import { afterEach, describe, expect, test, vi } from 'vitest'

import { outsideNetwork } from '../../support/oauth/logout-world.ts'
import { heard, newSigner, objectOf, requestWorld } from '../../support/oauth/request-world.ts'

const code = expect.stringMatching(/^gwc_/)
const place = 'https://app.acme.com/request.jwt'

afterEach(() => {
  vi.restoreAllMocks()
})

describe('OpenID Connect Core 1.0 §6.1, a request object by value', () => {
  test('parameters of the object are processed, numbers and the claims object among them', async () => {
    const { askSigned } = await requestWorld()
    expect(heard(await askSigned({ max_age: 10_000, claims: { userinfo: { email: null } } }))).toMatchObject({
      code,
      state: 'state-of-the-app',
    })
    expect(heard(await askSigned({ max_age: 0 }))).toEqual({ onward: '/sign-in' })
  })

  test.each(['RS256', 'PS256', 'ES256', 'EdDSA'])('an object signed with %s is processed', async (alg) => {
    const signer = await newSigner(alg)
    const { bring, client } = await requestWorld({ jwks: signer.jwks })
    expect(heard(await bring(await signer.sign(objectOf(client), { typ: 'JWT' })))).toMatchObject({ code })
  })

  test('response_type beside the object MUST match the one inside, if present', async () => {
    const { askSigned } = await requestWorld()
    const beside = { response_type: 'token', redirect_uri: 'https://app.example/callback' }
    expect(heard(await askSigned({}, beside))).toMatchObject({ error: 'invalid_request' })
  })

  test('the object supersedes parameters beside it, redirect_uri among them', async () => {
    const { askSigned } = await requestWorld()
    const answer = await askSigned({}, { redirect_uri: 'https://app.example/invalid', scope: 'openid' })
    expect(answer.location.pathname).toBe('/callback')
  })

  test('request and request_uri MUST NOT be used together, or inside an object', async () => {
    const { askSigned } = await requestWorld({ request_uris: [place] })
    const beside = { redirect_uri: 'https://app.example/callback' }
    expect(heard(await askSigned({}, { ...beside, request_uri: place }))).toMatchObject({
      error: 'invalid_request',
    })
    expect(heard(await askSigned({ request: 'e30.e30.' }, beside))).toMatchObject({
      error: 'invalid_request_object',
    })
  })

  test('an object that cannot be verified is answered with invalid_request_object', async () => {
    const { bring } = await requestWorld()
    const beside = { redirect_uri: 'https://app.example/callback', state: 'beside' }
    expect(heard(await bring('e30.e30.', beside))).toMatchObject({
      error: 'invalid_request_object',
      state: 'beside',
    })
  })

  test('a person who takes their time to sign in is not punished by the expiry of the object', async () => {
    const { bring, send, client, signer, account, cookieOf } = await requestWorld()
    const now = Math.floor(Date.now() / 1000)
    const object = await signer.sign(objectOf(client, { prompt: 'login', exp: now + 60 }))
    const asked = await bring(object)
    const back = asked.location.searchParams.get('continue') ?? ''
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 300_000 })
    const answer = await send(back, { headers: { cookie: await cookieOf(account) } })
    vi.useRealTimers()
    expect(heard(answer)).toMatchObject({ code })
  })
})

describe('OpenID Connect Core 1.0 §6.2, a request object by reference', () => {
  const types = ['application/oauth-authz-req+jwt', 'application/jwt', 'application/jose; charset=utf-8']

  test.each(types)('an object of the type %s is fetched and processed', async (type) => {
    const { authorize, client, cookie, signer } = await requestWorld({ request_uris: [place] })
    const object = await signer.sign(objectOf(client))
    const sent = outsideNetwork(() => new Response(object, { headers: { 'content-type': type } }))
    const answer = await authorize({ client_id: client.client_id, request_uri: place }, cookie)
    expect(heard(answer)).toMatchObject({ code })
    expect(sent.map(({ url }) => url)).toEqual([place])
  })

  test('only the fragment may differ from what is registered, and it is not sent', async () => {
    const { authorize, client, cookie, signer } = await requestWorld({ request_uris: [place] })
    const object = await signer.sign(objectOf(client))
    const headers = { 'content-type': 'application/jwt' }
    const sent = outsideNetwork(() => new Response(object, { headers }))
    const request_uri = `${place}#digest-of-the-content`
    const ask = () => authorize({ client_id: client.client_id, request_uri }, cookie)
    expect(heard(await ask())).toMatchObject({ code })
    expect(heard(await ask())).toMatchObject({ code })
    expect(sent.map(({ url }) => url)).toEqual([place])
  })

  test('what cannot be fetched is answered with invalid_request_uri', async () => {
    const { authorize, client, cookie } = await requestWorld({ request_uris: [place] })
    outsideNetwork(() => new Response(null, { status: 404 }))
    const fields = { client_id: client.client_id, redirect_uri: 'https://app.example/callback' }
    const answer = await authorize({ ...fields, request_uri: place }, cookie)
    expect(heard(answer)).toMatchObject({ error: 'invalid_request_uri' })
  })
})
