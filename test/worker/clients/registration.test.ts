import { describe, expect, test } from 'vitest'

import { oauthBodyBytesMax } from '../../../src/platform/bounds.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { clientRows, clientsDoor, json } from '../../support/clients/door.ts'
import { TOKEN_CHALLENGES, NOW, tokenWith, withBearer } from '../../support/signing/door.ts'

const CALLBACK = 'https://app.example/callback'
const APP = { client_name: 'My App', redirect_uris: [CALLBACK] }

describe('POST /oauth/register 201', () => {
  test('gives an identifier and a secret that is shown once and kept as a digest', async () => {
    const { call, clients } = await clientsDoor({ registrationIsOpen: true })
    const { status, headers, body } = await call('POST', '/oauth/register', json(APP))
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      ...APP,
      client_id_issued_at: NOW,
      client_secret_expires_at: 0,
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: 'RS256',
    })
    const stored = await clients.find(body.client_id)
    expect(stored?.client_secret_digest).toBe(sha256(body.client_secret))
    expect(JSON.stringify(await clientRows())).not.toContain(body.client_secret)
  })

  test('registers a public client without a secret', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const { body } = await call(
      'POST',
      '/oauth/register',
      json({ ...APP, token_endpoint_auth_method: 'none' }),
    )
    expect(body).not.toHaveProperty('client_secret')
    expect(body).not.toHaveProperty('client_secret_expires_at')
  })

  test('registers a mobile app with a private-use scheme and a single slash', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const requested = { redirect_uris: ['com.yourapp:/oauth'], token_endpoint_auth_method: 'none' }
    expect(await call('POST', '/oauth/register', json(requested))).toMatchObject({
      status: 201,
      body: requested,
    })
  })

  test('registers a page on localhost while developing', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true, loopbackIsAllowed: true })
    const requested = { redirect_uris: ['http://localhost:8789/callback'] }
    expect(await call('POST', '/oauth/register', json(requested))).toMatchObject({
      status: 201,
      body: requested,
    })
  })

  test('lets an operator register where registration is closed, with any scope, and is not counted', async () => {
    const { call, keyRing, taken } = await clientsDoor()
    const headers = withBearer(await tokenWith(keyRing, {}))
    const requested = { grant_types: ['client_credentials'], scope: 'manage introspect' }
    const answer = await call('POST', '/oauth/register', json(requested, headers))
    expect(answer).toMatchObject({ status: 201, body: { scope: 'manage introspect', redirect_uris: [] } })
    expect(taken).toEqual([])
  })

  test('never makes a client one of ours, or puts it on a plan, because it asks', async () => {
    const { call, clients } = await clientsDoor({ registrationIsOpen: true })
    const { body } = await call('POST', '/oauth/register', json({ ...APP, first_party: true, plan: 'races' }))
    expect(await clients.find(body.client_id)).toMatchObject({ first_party: false, plan: null })
  })
})

describe('POST /oauth/register 400', () => {
  test.each<[string, object, string]>([
    ['a script as redirect URI', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['a fragment', { redirect_uris: [`${CALLBACK}#x`] }, 'invalid_redirect_uri'],
    ['plain http', { redirect_uris: ['http://app.example/cb'] }, 'invalid_redirect_uri'],
    ['localhost in production', { redirect_uris: ['http://localhost/cb'] }, 'invalid_redirect_uri'],
    ['no redirect URI', { redirect_uris: [] }, 'invalid_redirect_uri'],
    ['redirect URIs that are not a list', { redirect_uris: CALLBACK }, 'invalid_client_metadata'],
    [
      'an unknown authentication method',
      { ...APP, token_endpoint_auth_method: 'magic' },
      'invalid_client_metadata',
    ],
    ['a scope that is for operators', { ...APP, scope: 'openid manage' }, 'invalid_client_metadata'],
    [
      'client credentials for itself',
      { ...APP, grant_types: ['client_credentials'] },
      'invalid_client_metadata',
    ],
  ])('for %s, and registers nothing', async (_name, requested, error) => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const answer = await call('POST', '/oauth/register', json(requested))
    expect(answer).toMatchObject({ status: 400, body: { error } })
    expect(answer.body.error_description).toMatch(/\w{3}/)
    expect(await clientRows()).toEqual([])
  })

  test.each<[string, RequestInit]>([
    ['text that is not JSON', { ...json({}), body: '{' }],
    ['a list', json([APP])],
    ['a form', { body: 'client_name=x', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
    ['no body', {}],
    ['a body over its bound', json({ ...APP, software_statement: 'x'.repeat(oauthBodyBytesMax) })],
  ])('for %s, and registers nothing', async (_name, init) => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const answer = await call('POST', '/oauth/register', init)
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(await clientRows()).toEqual([])
  })
})

describe('POST /oauth/register 401', () => {
  test('for nobody where registration is closed, says how, and registers nothing', async () => {
    const { call, taken } = await clientsDoor()
    const answer = await call('POST', '/oauth/register', json(APP))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(answer.headers.get('www-authenticate')).toBe(TOKEN_CHALLENGES)
    expect(await clientRows()).toEqual([])
    expect(taken).toEqual([])
  })

  /** An operator with a stale token would otherwise get an anonymous client and not notice. */
  test('for an expired token, also where registration is open, and registers nothing', async () => {
    const { call, keyRing } = await clientsDoor({ registrationIsOpen: true })
    const headers = withBearer(await tokenWith(keyRing, { exp: NOW }))
    expect(await call('POST', '/oauth/register', json(APP, headers))).toMatchObject({ status: 401 })
    expect(await clientRows()).toEqual([])
  })
})

describe('POST /oauth/register 403', () => {
  test('for a token without the scope manage, and registers nothing', async () => {
    const { call, keyRing } = await clientsDoor({ registrationIsOpen: true })
    const headers = withBearer(await tokenWith(keyRing, { scope: 'read write' }))
    const answer = await call('POST', '/oauth/register', json(APP, headers))
    expect(answer).toMatchObject({ status: 403, body: { error: 'insufficient_scope' } })
    expect(answer.headers.get('www-authenticate')).toContain('scope="manage"')
    expect(await clientRows()).toEqual([])
  })
})

describe('POST /oauth/register 429', () => {
  test('beyond what one address may register, with how long to wait, and registers no more', async () => {
    const { call, taken } = await clientsDoor({ registrationIsOpen: true, admitted: 1 })
    expect(await call('POST', '/oauth/register', json(APP))).toMatchObject({ status: 201 })
    const answer = await call('POST', '/oauth/register', json(APP))
    expect(answer).toMatchObject({ status: 429, body: { error: 'slow_down' } })
    expect(answer.headers.get('retry-after')).toBe('42')
    expect(await clientRows()).toHaveLength(1)
    const subject = { kind: 'registration', address: '192.0.2.1' }
    expect(taken).toEqual([subject, subject])
  })
})

describe('POST /clients 201', () => {
  test('takes the short names of the developer portal and answers with them', async () => {
    const { call, clients } = await clientsDoor({ registrationIsOpen: true })
    const requested = { name: 'My App', redirect_uris: ['https://app.com/callback'], scopes: ['read:users'] }
    const { status, body } = await call('POST', '/clients', json(requested))
    expect(status).toBe(201)
    expect(body).toMatchObject({ name: 'My App', client_name: 'My App', scope: 'read:users' })
    expect(body.client_secret).toMatch(/^[A-Za-z0-9_-]{43}$/)
    const stored = await clients.find(body.client_id)
    expect(stored?.metadata).toMatchObject({ client_name: 'My App', scope: 'read:users' })
    expect(stored?.metadata).not.toHaveProperty('name')
  })

  test('registers what its samples go on to use: the secret in the form, and refresh tokens', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const requested = { name: 'My App', redirect_uris: ['https://app.com/callback'], scopes: ['read:users'] }
    expect((await call('POST', '/clients', json(requested))).body).toMatchObject({
      token_endpoint_auth_method: 'client_secret_post',
      grant_types: ['authorization_code', 'refresh_token'],
    })
  })

  test('takes the body of RFC 7591 as well', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const answer = await call('POST', '/clients', json({ ...APP, scope: 'openid' }))
    expect(answer).toMatchObject({
      status: 201,
      body: { client_name: 'My App', name: 'My App', scope: 'openid' },
    })
  })
})

describe('POST /clients 400', () => {
  test.each([
    ['a scope that is for operators', ['read:users', 'manage']],
    ['two words in one scope that together ask for more', ['read:users manage']],
    ['a scope with a quote', ['"']],
    ['more scope than is kept', Array.from({ length: 64 }, () => 'x'.repeat(200))],
  ])('for %s, and registers nothing', async (_name, scopes) => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const answer = await call('POST', '/clients', json({ name: 'x', redirect_uris: [CALLBACK], scopes }))
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
    expect(await clientRows()).toEqual([])
  })
})

/** Somebody without a token learns nothing of the input, and cannot make us parse it. */
describe.each(['/oauth/register', '/clients'])('POST %s, before its body is read', (path) => {
  test.each([
    ['no JSON', { body: '{', headers: { 'content-type': 'application/json' } }],
    ['another content type', { body: 'a=1', headers: { 'content-type': 'text/plain' } }],
    ['nothing', {}],
    ['metadata with faults', json({ redirect_uris: 'not a list' })],
  ])('asks for a token where registration is closed, whoever sends %s', async (_, init) => {
    const { call } = await clientsDoor()
    const answer = await call('POST', path, init)
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  test('looks at a token that is sent where registration is open, also with a body that is no JSON', async () => {
    const { call, taken } = await clientsDoor({ registrationIsOpen: true })
    const headers = { 'content-type': 'application/json', ...withBearer('not a token') }
    const answer = await call('POST', path, { body: '{', headers })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(taken).toEqual([])
  })

  test('tells an operator what is wrong with it', async () => {
    const { call, keyRing } = await clientsDoor()
    const headers = { 'content-type': 'application/json', ...withBearer(await tokenWith(keyRing, {})) }
    const answer = await call('POST', path, { body: '{', headers })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
  })
})

describe('POST /clients 401', () => {
  test('for nobody where registration is closed, and registers nothing', async () => {
    const { call } = await clientsDoor()
    expect(await call('POST', '/clients', json(APP))).toMatchObject({ status: 401 })
    expect(await clientRows()).toEqual([])
  })
})

describe('POST /clients 403', () => {
  test('for a token without the scope manage, and registers nothing', async () => {
    const { call, keyRing } = await clientsDoor()
    const headers = withBearer(await tokenWith(keyRing, { scope: 'read' }))
    expect(await call('POST', '/clients', json(APP, headers))).toMatchObject({ status: 403 })
    expect(await clientRows()).toEqual([])
  })
})

describe('POST /clients 429', () => {
  test('shares the limit of its address with the other door', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true, admitted: 1 })
    await call('POST', '/oauth/register', json(APP))
    expect(await call('POST', '/clients', json(APP))).toMatchObject({ status: 429 })
    expect(await clientRows()).toHaveLength(1)
  })
})
