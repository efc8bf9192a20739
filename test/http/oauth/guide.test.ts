import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { assert } from '../../../src/platform/assert.ts'
import type { Fields } from '../../support/oauth/answer.ts'
import { code_verifier, codeFor, senderTo } from '../../support/oauth/demo-visitor.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let started: TestServer | undefined

beforeAll(async () => {
  started = await startTestServer()
})

afterAll(async () => {
  await started?.close()
})

function world() {
  assert(started !== undefined, 'the server has started')
  const send = senderTo(started)
  const { demo } = started
  return {
    server: started,
    ...demo,
    /** `URLSearchParams` as a body, as browsers, `requests` and `reqwest` send forms. */
    post: (path: string, fields: Fields) => send(path, { method: 'POST', body: new URLSearchParams(fields) }),
    postJson: (path: string, value: unknown) =>
      send(path, {
        method: 'POST',
        body: JSON.stringify(value),
        headers: { accept: 'application/json, text/plain, */*', 'content-type': 'application/json' },
      }),
    send,
  }
}

/** The requests of the integration guide, with host names and identifiers replaced and nothing else. */
describe('what the integration guide shows', () => {
  test('a page exchanges its code, reads claims and refreshes', async () => {
    const { server, spa, send, post } = world()
    const { client_id, redirect_uri } = spa
    const code = await codeFor(server)
    const tokens = await post('/oauth/token', {
      grant_type: 'authorization_code',
      code,
      client_id,
      redirect_uri,
      code_verifier,
    })
    expect(tokens).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3600 } })
    const headers = { Authorization: `Bearer ${String(tokens.body.access_token)}` }
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({
      status: 200,
      body: { sub: 'alice', name: 'Alice Wonder', email: 'alice@example.com', email_verified: true },
    })
    const refreshed = await post('/oauth/token', {
      grant_type: 'refresh_token',
      refresh_token: String(tokens.body.refresh_token),
      client_id,
    })
    expect(refreshed.status).toBe(200)
    expect(refreshed.body.refresh_token).not.toBe(tokens.body.refresh_token)
  })

  test('a service gets a token with a form, the secret in the body', async () => {
    const { service, post } = world()
    const { client_id, client_secret } = service
    const request = { grant_type: 'client_credentials', client_id, client_secret, scope: 'read write' }
    const { status, body } = await post('/oauth/token', request)
    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600, scope: 'read write' })
  })

  test('a service gets a token with JSON, and reads why it does not', async () => {
    const { service, postJson } = world()
    const { client_id, client_secret } = service
    const request = { grant_type: 'client_credentials', client_id, client_secret, scope: 'read write' }
    expect(await postJson('/oauth/token', request)).toMatchObject({ status: 200, body: { expires_in: 3600 } })
    const wrong = await postJson('/oauth/token', { ...request, client_secret: 'wrong' })
    expect(wrong).toMatchObject({
      status: 401,
      body: { error_description: expect.stringContaining('client') },
    })
  })

  test('a service introspects its own token', async () => {
    const { service, post } = world()
    const { client_id, client_secret } = service
    const { body } = await post('/oauth/token', {
      grant_type: 'client_credentials',
      client_id,
      client_secret,
    })
    const token = String(body.access_token)
    expect(await post('/oauth/introspect', { token, client_id, client_secret })).toMatchObject({
      status: 200,
      body: {
        active: true,
        sub: client_id,
        scope: expect.stringContaining('read write'),
        exp: expect.any(Number),
      },
    })
  })

  /** The sample sends no client authentication; the answer says that it must, and how. */
  test('a proxy introspects somebody’s token once it authenticates', async () => {
    const { server, spa, resource_server, post, send } = world()
    const { client_id, redirect_uri } = spa
    const request = { grant_type: 'authorization_code', client_id, redirect_uri, code_verifier }
    const { body } = await post('/oauth/token', { ...request, code: await codeFor(server) })
    const token = String(body.access_token)
    expect(await post('/oauth/introspect', { token })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: expect.stringContaining('HTTP Basic') },
    })
    const answer = await send('/oauth/introspect', {
      method: 'POST',
      body: new URLSearchParams({ token }),
      headers: {
        authorization: `Basic ${btoa(`${resource_server.client_id}:${resource_server.client_secret}`)}`,
      },
    })
    expect(answer).toMatchObject({
      status: 200,
      body: { active: true, sub: 'alice', scope: 'openid profile email' },
    })
  })

  test('an API key becomes a JWT', async () => {
    const { api_key, postJson } = world()
    const { status, body } = await postJson('/auth/token', { grant_type: 'api_key', api_key })
    expect(status).toBe(200)
    expect(body).toMatchObject({ access_token: expect.stringMatching(/^eyJ/), expires_in: 3600 })
  })

  /** The samples sleep for `Retry-After`, or for 60 seconds without one. */
  test('whoever asks too often is told how long to wait', async () => {
    const { operator, post } = world()
    const { client_id, client_secret } = operator
    const ask = () => post('/oauth/token', { grant_type: 'client_credentials', client_id, client_secret })
    const statuses: number[] = []
    for (let time = 0; time < 10; time += 1) statuses.push((await ask()).status)
    expect(statuses).toEqual(Array.from({ length: 10 }, () => 200))
    const { status, headers } = await ask()
    expect(status).toBe(429)
    expect(Number.parseInt(headers.get('retry-after') ?? '60', 10)).toBeLessThanOrEqual(60)
    expect(headers.get('x-ratelimit-limit')).toBe('10')
  })
})
