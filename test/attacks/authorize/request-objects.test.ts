import { afterEach, describe, expect, test, vi } from 'vitest'

import { SignJWT } from 'jose'

import { requestObjectFetchesPerMinute } from '../../../src/platform/authorization-bounds.ts'
import type { Answer } from '../../support/oauth/answer.ts'
import { outsideNetwork } from '../../support/oauth/logout-world.ts'
import {
  heard,
  newSigner,
  objectOf,
  requestWorld,
  unsignedObject,
} from '../../support/oauth/request-world.ts'
import { requestOf } from '../../support/oauth/world.ts'
import { actionOf, hiddenFields } from '../../support/people/form.ts'

const JWT_TYPE = { 'content-type': 'application/oauth-authz-req+jwt' } as const
const place = 'https://app.acme.com/request.jwt'

afterEach(() => {
  vi.restoreAllMocks()
})

function expectRefused(answer: Answer): void {
  expect(heard(answer)).toEqual({ page: '400' })
}

describe('whoever writes a request object', () => {
  test('signs it with nothing, and gets no code', async () => {
    const { bring, client } = await requestWorld()
    expectRefused(await bring(unsignedObject(objectOf(client))))
  })

  test('signs it with the public key of the client as a secret, and gets no code', async () => {
    const { bring, client, signer } = await requestWorld()
    const secret = new TextEncoder().encode(JSON.stringify(signer.jwk))
    const forged = await new SignJWT(objectOf(client))
      .setProtectedHeader({ alg: 'HS256', kid: signer.jwk.kid })
      .sign(secret)
    expectRefused(await bring(forged))
  })

  test('signs it with a key of his own, and gets no code', async () => {
    const { bring, client } = await requestWorld()
    const mallory = await newSigner()
    expectRefused(await bring(await mallory.sign(objectOf(client))))
  })

  /** Two clients of one maker share their keys. */
  test('takes one of another client with the same keys, and gets no code', async () => {
    const { askSigned } = await requestWorld()
    expectRefused(await askSigned({ iss: 'other' }))
  })

  test('takes one that was made for another server, and gets no code', async () => {
    const { askSigned } = await requestWorld()
    expectRefused(await askSigned({ aud: ['https://other.example', 'https://third.example'] }))
  })

  /** RFC 9101 §10.8: the client signs both with the same keys. */
  test('takes what the client signed to authenticate itself, and gets no code', async () => {
    const { askSigned, client } = await requestWorld()
    expectRefused(await askSigned({ sub: client.client_id }))
  })

  test('takes one from a log after it has expired, and gets no code', async () => {
    const { askSigned } = await requestWorld()
    const now = Math.floor(Date.now() / 1000)
    expectRefused(await askSigned({ exp: now - 60 }))
  })

  test('writes parameters beside it, and none of them counts', async () => {
    const { askSigned } = await requestWorld()
    const beside = { state: 'of the attacker', scope: 'openid read:profile', response_mode: 'fragment' }
    const answer = await askSigned({}, beside)
    expect(answer.location.hash).toBe('')
    expect(heard(answer)).toMatchObject({ code: expect.any(String), state: 'state-of-the-app' })
  })

  test('names a second place to read from inside it, and nothing is fetched', async () => {
    const sent = outsideNetwork(() => new Response('', { headers: JWT_TYPE }))
    const { askSigned } = await requestWorld({ request_uris: [place] })
    expectRefused(await askSigned({ request_uri: place }))
    expect(sent).toEqual([])
  })

  test('drops it and sends plain parameters for a client that always signs, and gets no code', async () => {
    const { ask } = await requestWorld({ require_signed_request_object: true })
    expect(heard(await ask({}))).toMatchObject({ error: 'invalid_request' })
  })

  test('sends a FAPI client signed with RS256, and gets no code', async () => {
    const rsa = await newSigner('RS256')
    const { bring, client } = await requestWorld({ profile: 'fapi2', jwks: rsa.jwks })
    const now = Math.floor(Date.now() / 1000)
    expectRefused(await bring(await rsa.sign(objectOf(client, { nbf: now, exp: now + 60 }))))
  })
})

describe('whoever writes a request_uri', () => {
  test('names a place that the client did not register, and nothing is fetched', async () => {
    const sent = outsideNetwork(() => new Response('', { headers: JWT_TYPE }))
    const { authorize, client, cookie } = await requestWorld({ request_uris: [place] })
    for (const request_uri of ['https://evil.acme.com/', `${place}?x`, 'http://app.acme.com/request.jwt']) {
      expectRefused(await authorize({ client_id: client.client_id, request_uri }, cookie))
    }
    expect(sent).toEqual([])
  })

  test('has registered a place that only this server reaches, and nothing is fetched', async () => {
    const sent = outsideNetwork(() => new Response('', { headers: JWT_TYPE }))
    const request_uri = 'https://169.254.169.254/latest/meta-data'
    const { authorize, client, cookie } = await requestWorld({ request_uris: [request_uri] })
    expectRefused(await authorize({ client_id: client.client_id, request_uri }, cookie))
    expect(sent).toEqual([])
  })

  test('has it fetched over and over from one address: past the bound nothing is fetched', async () => {
    const sent = outsideNetwork(() => new Response('nothing', { headers: JWT_TYPE }))
    const { authorize, client } = await requestWorld({ request_uris: [place] })
    const asked = { client_id: client.client_id, request_uri: place }
    for (let times = 0; times < requestObjectFetchesPerMinute; times += 1) await authorize(asked)
    expect(sent).toHaveLength(requestObjectFetchesPerMinute)
    const { redirect_uri = '' } = requestOf(client)
    const beyond = await authorize({ ...asked, redirect_uri })
    expect(heard(beyond)).toMatchObject({ error: 'temporarily_unavailable' })
    expect(sent).toHaveLength(requestObjectFetchesPerMinute)
  })

  /** What the person read is not what would be allowed. */
  test('exchanges the request behind the page that asks for consent, and the answer does not count', async () => {
    const { authorize, send, client, register, cookie, signer } = await requestWorld({
      request_uris: [place],
    })
    await register({ ...client, first_party: false })
    let scope = 'openid'
    const objects = new Map(
      await Promise.all(
        ['openid', 'openid profile email read'].map(
          async (each) => [each, await signer.sign(objectOf(client, { scope: each }))] as const,
        ),
      ),
    )
    outsideNetwork(() => new Response(objects.get(scope), { headers: JWT_TYPE }))
    const asked = await authorize({ client_id: client.client_id, request_uri: place }, cookie)
    expect(heard(asked)).toEqual({ onward: '/consent' })
    const page = await send(asked.location.pathname + asked.location.search, { headers: { cookie } })
    const html = page.text
    scope = 'openid profile email read'
    const body = new URLSearchParams({ ...hiddenFields({ html }), decision: 'allow' })
    const answer = await send(actionOf({ html }), { method: 'POST', body, headers: { cookie } })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('location')).toBeNull()
  })
})
