import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { newApplication, signIn } from '../../support/flows/application.ts'
import { bearer, json, newSender } from '../../support/flows/sender.ts'
import type { Send } from '../../support/oauth/answer.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let server: TestServer
let send: Send

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
})

afterAll(() => server.close())

describe('an external developer’s first request', () => {
  test.each([
    ['X-API-Key', (key: string) => ({ 'x-api-key': key })],
    ['Authorization: ApiKey', (key: string) => ({ authorization: `ApiKey ${key}` })],
  ])('with the key in %s gets JSON', async (_header, headersOf) => {
    const answer = await send('/api/users', { headers: headersOf(server.demo.api_key) })
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json')
    expect(Array.isArray(answer.body)).toBe(true)
  })

  test.each([
    { with: 'no credential', path: '/api/users', key: '', status: 401, code: 'credentials_missing' },
    {
      with: 'a key that is none',
      path: '/api/users',
      key: 'sk_test_123',
      status: 401,
      code: 'api_key_invalid',
    },
    { with: 'a path that nobody published', path: '/orders', key: '', status: 404, code: 'not_found' },
  ])('with $with is refused in the documented shape', async ({ path, key, status, code }) => {
    expect(await send(path, { headers: { 'x-api-key': key } })).toMatchObject({
      status,
      body: { error: { code, message: expect.any(String), details: { request_id: expect.any(String) } } },
    })
  })
})

describe('POST /auth/token with an API key', () => {
  test('answers an access token for an hour, which opens what the key opens', async () => {
    const request = { grant_type: 'api_key', api_key: server.demo.api_key }
    const { status, body } = await send('/auth/token', json(request))
    expect({ status, body }).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } })
    expect(await send('/api/users/123', bearer(body.access_token))).toMatchObject({
      status: 200,
      body: { id: 123, name: 'John Doe', email: 'john@example.com' },
    })
  })

  test('answers no token for a key that is none', async () => {
    const request = { grant_type: 'api_key', api_key: 'sk_test_123' }
    const { status, body } = await send('/auth/token', json(request))
    expect({ status, body }).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(body).not.toHaveProperty('access_token')
  })
})

describe('a partner’s application', () => {
  const redirect_uri = 'https://app.com/callback'

  async function register(scopes: readonly string[]) {
    const request = { name: 'My App', redirect_uris: [redirect_uri], scopes }
    const { status, body } = await send('/clients', json(request))
    expect({ status, body }).toMatchObject({ status: 201, body: { name: 'My App' } })
    const registered = { client_id: String(body.client_id), client_secret: String(body.client_secret) }
    return newApplication(send, { ...registered, redirect_uri })
  }

  /** PKCE is what the sample lacks and OAuth 2.1 §4.1.1 demands; all else is sent as it stands there. */
  test('is registered with three members, signs a person in with its secret in the form, and refreshes', async () => {
    const application = await register(['read:users'])
    const tokens = await signIn(send, application, server.demo.user, 'read:users')
    expect(tokens).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read:users' })
    expect(await send('/api/users/123', bearer(tokens.access_token))).toMatchObject({ status: 200 })
    const renewed = await application.refresh(tokens.refresh_token)
    expect(renewed.status).toBe(200)
    expect(await send('/api/users/123', bearer(renewed.body.access_token))).toMatchObject({ status: 200 })
  })

  test('reads the person at GET /me with read:profile, and not without', async () => {
    const application = await register(['read:profile', 'read:users'])
    const withScope = await signIn(send, application, server.demo.user, 'read:profile')
    expect(await send('/me', bearer(withScope.access_token))).toMatchObject({
      status: 200,
      body: { subject: 'alice', scopes: ['read:profile'] },
    })
    const without = await signIn(send, application, server.demo.user, 'read:users')
    expect(await send('/me', bearer(without.access_token))).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_insufficient' } },
    })
  })
})
