import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'

import { oauthBodyBytesMax } from '../../../src/platform/bounds.ts'
import { parWorld, service } from '../../support/oauth/par-world.ts'
import { basic, issuer, requestOf } from '../../support/oauth/world.ts'

/** @see RFC 9126 §2.1 (request) */
describe('RFC 9126 §2.1, a pushed authorization request', () => {
  test('the endpoint accepts the parameters of an authorization request as a form over POST', async () => {
    const { push } = await parWorld()
    expect(await push()).toMatchObject({ status: 201 })
  })

  test('request_uri MUST NOT be provided in the request', async () => {
    const { push, pushed } = await parWorld()
    expect(await push({ request_uri: await pushed() })).toMatchObject({ status: 400 })
  })

  test('the server MUST authenticate the client in the same way as at the token endpoint', async () => {
    const { pushRaw, serviceClient } = await parWorld()
    expect(await pushRaw(requestOf(serviceClient), service)).toMatchObject({ status: 201 })
    const wrong = await pushRaw(requestOf(serviceClient), basic('service', 'guess'))
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })

  test('the server MUST validate the request as it would at the authorization endpoint', async () => {
    const { push } = await parWorld()
    expect(await push({ scope: 'openid manage' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    })
  })

  test('client_id is taken from the authentication, and one in the body MUST be the same', async () => {
    const { pushRaw, app } = await parWorld()
    expect((await pushRaw(requestOf(app), service)).status).toBe(400)
  })
})

/** @see RFC 9126 §2.2 (successful response) */
describe('RFC 9126 §2.2, the answer to a pushed request', () => {
  test('it is 201 with a JSON body of request_uri and expires_in', async () => {
    const { push } = await parWorld()
    const { status, body, headers } = await push()
    expect([status, Object.keys(body).toSorted()]).toEqual([201, ['expires_in', 'request_uri']])
    expect(headers.get('content-type')).toContain('application/json')
    expect(Number.isInteger(body.expires_in)).toBe(true)
  })

  test('it is not cached', async () => {
    const { push } = await parWorld()
    expect((await push()).headers.get('cache-control')).toBe('no-store')
  })

  test('request_uri has the registered form and SHOULD hold a part that cannot be guessed', async () => {
    const { pushed } = await parWorld()
    const [one, other] = [await pushed(), await pushed()]
    expect(one).toMatch(/^urn:ietf:params:oauth:request_uri:\S{60,}$/)
    expect(one).not.toBe(other)
  })

  test('request_uri MUST be bound to the client that pushed', async () => {
    const { pushed, visit } = await parWorld()
    expect((await visit(await pushed(), 'service')).status).toBe(400)
  })
})

/** @see RFC 9126 §2.3 (error response) */
describe('RFC 9126 §2.3, an error at the endpoint', () => {
  test('it has the form of an error of the token endpoint, and redirects nowhere', async () => {
    const { push } = await parWorld()
    const answer = await push({ response_type: 'token' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'unsupported_response_type' } })
    expect(answer.headers.get('location')).toBeNull()
  })

  test('another method than POST is answered with 405', async () => {
    const { send } = await parWorld()
    const answer = await send('/oauth/par')
    expect(answer.status).toBe(405)
    expect(answer.headers.get('allow')).toContain('POST')
  })

  test('a body beyond the bound is answered with 413', async () => {
    const { push } = await parWorld()
    expect((await push({ padding: 'x'.repeat(oauthBodyBytesMax) })).status).toBe(413)
  })
})

/** @see RFC 9126 §3 (the request object) */
describe('RFC 9126 §3, a request object that is pushed', () => {
  test('its parameters count, and those beside it do not', async () => {
    const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
    const { pushRaw, visit, serviceClient } = await parWorld({ jwks: { keys: [jwk] } })
    const request = await new SignJWT({ ...requestOf(serviceClient), state: 'inside' })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'oauth-authz-req+jwt' })
      .setIssuer('service')
      .setAudience(issuer)
      .setIssuedAt()
      .setExpirationTime('1 minute')
      .sign(privateKey)
    const answer = await pushRaw({ request, client_id: 'service', state: 'beside' }, service)
    expect(answer).toMatchObject({ status: 201 })
    const { location } = await visit(String(answer.body.request_uri), 'service')
    expect(location.searchParams.get('state')).toBe('inside')
  })
})
