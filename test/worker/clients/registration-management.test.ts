import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { apiKeyStore } from '../../../src/apikeys/api-key.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { clientRows, clientsDoor, json, type Deployment } from '../../support/clients/door.ts'
import { ISSUER, NOW, tokenWith, withBearer } from '../../support/signing/door.ts'

const APP = { client_name: 'My App', redirect_uris: ['https://app.example.com/callback'] }
const KEYS = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'x', kid: '1' }] }

/** A deployment with a client that has registered itself, and how the client speaks of itself. */
async function registered(requested: object = APP, deployment: Deployment = {}) {
  const door = await clientsDoor({ registrationIsOpen: true, ...deployment })
  const { body } = await door.call('POST', '/oauth/register', json(requested))
  const path = `/oauth/register/${body.client_id}`
  const own = withBearer(body.registration_access_token)
  const put = (changes: object, headers: Readonly<Record<string, string>> = own) =>
    door.call('PUT', path, json({ client_id: body.client_id, ...requested, ...changes }, headers))
  return { ...door, client: body, path, own, put }
}

describe('GET /oauth/register/{client_id} 200', () => {
  test('tells a client what it has registered, without its secret', async () => {
    const { call, client, path, own } = await registered()
    expect(client.registration_client_uri).toBe(`${ISSUER}${path}`)
    const { status, headers, body } = await call('GET', path, { headers: own })
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    const { client_secret, client_secret_expires_at, ...rest } = client
    expect(body).toEqual(rest)
    expect([client_secret, client_secret_expires_at]).toEqual([expect.any(String), 0])
  })

  test('tells an operator the same, without the token of the client', async () => {
    const { call, keyRing, client, path } = await registered()
    const { status, body } = await call('GET', path, { headers: withBearer(await tokenWith(keyRing, {})) })
    expect(status).toBe(200)
    expect(body).toMatchObject({ client_id: client.client_id, client_name: 'My App' })
    expect(body).not.toHaveProperty('registration_access_token')
  })

  test('keeps no more of the token than its digest', async () => {
    const { client } = await registered()
    expect(client.registration_access_token).toMatch(/^[\w-]{43}$/)
    const rows = JSON.stringify(await clientRows())
    expect(rows).not.toContain(client.registration_access_token)
    expect(rows).toContain(sha256(client.registration_access_token))
  })
})

/** RFC 7592 §2.1. Whether there is such a client is not told. */
describe.each(['GET', 'PUT', 'DELETE'])(
  '%s /oauth/register/{client_id} without the right token',
  (method) => {
    test('answers the same for a wrong token, an unknown client and another client’s token, and does nothing', async () => {
      const { call, path, own, client } = await registered()
      const { body: other } = await call('POST', '/oauth/register', json(APP))
      const before = await clientRows()
      const sent = (headers: Readonly<Record<string, string>>) =>
        method === 'PUT'
          ? json({ ...APP, client_id: client.client_id, client_name: 'Taken' }, headers)
          : { headers }
      const answers = [
        await call(method, path, sent(withBearer('x'.repeat(43)))),
        await call(method, '/oauth/register/nobody', sent(own)),
        await call(method, path, sent(withBearer(other.registration_access_token))),
        await call(method, `/oauth/register/${'x'.repeat(300)}`, sent(own)),
      ]
      for (const { status, body, headers } of answers) {
        expect({ status, body }).toEqual({ status: 401, body: answers[0]?.body })
        expect(headers.get('www-authenticate')).toContain('error="invalid_token"')
      }
      expect(await clientRows()).toEqual(before)
    })
  },
)

describe('GET /oauth/register/{client_id} 400', () => {
  test('for a parameter that comes twice', async () => {
    const { call, path, own } = await registered()
    const answer = await call('GET', `${path}?a=1&a=2`, { headers: own })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
})

describe('GET /oauth/register/{client_id} 401', () => {
  test.each(['none at all', 'Basic'])('for %s, also where registration is open', async (kind) => {
    const { call, path, client } = await registered()
    const basic = { authorization: `Basic ${btoa(`${client.client_id}:${client.client_secret}`)}` }
    const answer = await call('GET', path, { headers: kind === 'Basic' ? basic : {} })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })

  test('for a client that an operator wrote by hand, which has no token', async () => {
    const { call, clients, path, client } = await registered()
    const stored = await clients.find(client.client_id)
    expect(stored).toBeDefined()
    await env.DB.prepare('UPDATE clients SET registration_token_digest = NULL').run()
    const headers = withBearer(client.registration_access_token)
    expect(await call('GET', path, { headers })).toMatchObject({ status: 401 })
    expect(await call('GET', path, { headers: withBearer('-'.repeat(43)) })).toMatchObject({ status: 401 })
  })
})

describe('GET /oauth/register/{client_id} 403', () => {
  test('for an access token without the scope manage', async () => {
    const { call, keyRing, path } = await registered()
    const headers = withBearer(await tokenWith(keyRing, { scope: 'read' }))
    expect(await call('GET', path, { headers })).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    })
  })
})

describe('PUT /oauth/register/{client_id} 200', () => {
  test('replaces all of it: what is not sent goes back to its default', async () => {
    const first = { ...APP, policy_uri: 'https://app.example.com/policy', contacts: ['a@example.com'] }
    const { call, put, path, own, client, clients, forgotten } = await registered(first)
    const { client_name: _, ...rest } = APP
    const answer = await call(
      'PUT',
      path,
      json({ ...rest, client_id: client.client_id, tos_uri: 'https://app.example.com/tos' }, own),
    )
    expect(answer).toMatchObject({ status: 200, body: { tos_uri: 'https://app.example.com/tos' } })
    for (const gone of ['client_name', 'policy_uri', 'contacts', 'client_secret']) {
      expect(answer.body).not.toHaveProperty(gone)
    }
    const stored = await clients.find(client.client_id)
    expect(stored?.metadata).not.toHaveProperty('client_name')
    expect(stored?.client_secret_digest).toBe(sha256(client.client_secret))
    expect(forgotten).toEqual([client.client_id])
    expect(await put({})).toMatchObject({ status: 200, body: { client_name: 'My App' } })
  })

  test('lets the secret be sent along as it is', async () => {
    const { put, client } = await registered()
    expect(await put({ client_secret: client.client_secret })).toMatchObject({ status: 200 })
  })

  /** A secret that is left behind would be a way back in for whoever had it. */
  test('ends the secret with its use, and makes a new one when one is used again', async () => {
    const { put, client, clients } = await registered()
    await put({ token_endpoint_auth_method: 'private_key_jwt', jwks: KEYS })
    expect(await clients.find(client.client_id)).toMatchObject({ client_secret_digest: null })
    const { body } = await put({ token_endpoint_auth_method: 'client_secret_post' })
    expect(body).toMatchObject({ client_secret: expect.any(String), client_secret_expires_at: 0 })
    expect(body.client_secret).not.toBe(client.client_secret)
    expect(await clients.find(client.client_id)).toMatchObject({
      client_secret_digest: sha256(body.client_secret),
    })
  })

  test('lets a client keep what an operator gave it, and nothing more', async () => {
    const { call, keyRing, clients } = await clientsDoor()
    const operator = withBearer(await tokenWith(keyRing, {}))
    const service = { grant_types: ['client_credentials'], scope: 'introspect' }
    const { body: client } = await call('POST', '/oauth/register', json(service, operator))
    const own = withBearer(client.registration_access_token)
    const put = (changes: object, headers = own) =>
      call(
        'PUT',
        `/oauth/register/${client.client_id}`,
        json({ client_id: client.client_id, ...service, ...changes }, headers),
      )
    expect(await put({ client_name: 'Service' })).toMatchObject({
      status: 200,
      body: { scope: 'introspect' },
    })
    expect(await put({ scope: 'introspect manage' })).toMatchObject({ status: 400 })
    expect(await clients.find(client.client_id)).toMatchObject({ metadata: { scope: 'introspect' } })
    expect(await put({ scope: 'introspect manage' }, operator)).toMatchObject({ status: 200 })
  })
})

describe('PUT /oauth/register/{client_id} 400', () => {
  test.each<[string, object, string]>([
    ['another client_id than in the path', { client_id: 'other' }, 'invalid_client_metadata'],
    ['no client_id', { client_id: undefined }, 'invalid_client_metadata'],
    ['a secret of its own choice', { client_secret: 'mine' }, 'invalid_client_metadata'],
    ['a scope that is for operators', { scope: 'openid manage' }, 'invalid_client_metadata'],
    ['a grant that is for operators', { grant_types: ['client_credentials'] }, 'invalid_client_metadata'],
    ['a redirect URI that is a script', { redirect_uris: ['javascript:alert(1)'] }, 'invalid_redirect_uri'],
    ['keys that are not there', { token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata'],
    [
      'a sector that does not list it',
      { sector_identifier_uri: 'https://sector.example.com/' },
      'invalid_client_metadata',
    ],
  ])('for %s, and changes nothing', async (_name, changes, error) => {
    const documents = { 'https://sector.example.com/': () => Response.json([]) }
    const { put } = await registered(APP, { documents })
    const before = await clientRows()
    const answer = await put(changes)
    expect(answer).toMatchObject({ status: 400, body: { error } })
    expect(await clientRows()).toEqual(before)
  })
})

describe('PUT /oauth/register/{client_id} 401', () => {
  test('for nobody, before the body is read', async () => {
    const { call, path } = await registered()
    const answer = await call('PUT', path, { body: '{', headers: { 'content-type': 'application/json' } })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
  })
})

describe('PUT /oauth/register/{client_id} 429', () => {
  test('counts a change with the registrations of its address, and changes nothing beyond them', async () => {
    const { put } = await registered(APP, { admitted: 1 })
    const before = await clientRows()
    const answer = await put({ client_name: 'Another' })
    expect(answer).toMatchObject({ status: 429, body: { error: 'slow_down' } })
    expect(answer.headers.get('retry-after')).toBe('42')
    expect(await clientRows()).toEqual(before)
  })

  test('does not count what an operator changes', async () => {
    const { put, keyRing } = await registered(APP, { admitted: 1 })
    const headers = withBearer(await tokenWith(keyRing, {}))
    expect(await put({ client_name: 'Another' }, headers)).toMatchObject({ status: 200 })
  })
})

describe('PUT /oauth/register/{client_id} 403', () => {
  test('for an access token without the scope manage, and changes nothing', async () => {
    const { put, keyRing } = await registered()
    const before = await clientRows()
    const headers = withBearer(await tokenWith(keyRing, { scope: 'read' }))
    expect(await put({ client_name: 'Taken' }, headers)).toMatchObject({ status: 403 })
    expect(await clientRows()).toEqual(before)
  })
})

describe('DELETE /oauth/register/{client_id} 204', () => {
  test('removes the client, ends the API keys that act for it, and is over', async () => {
    const { call, path, own, client, forgotten, ended } = await registered()
    const { body: other } = await call('POST', '/oauth/register', json(APP))
    const keys = apiKeyStore(openDb(env.DB))
    const key = {
      environment: 'test',
      name: 'k',
      scope: 'read',
      plan: null,
      created_at: NOW,
      expires_at: null,
    } as const
    await keys.insert({ ...key, key_id: 'own', client_id: client.client_id, revoked_at: null }, 'digest')
    await keys.insert({ ...key, key_id: 'other', client_id: other.client_id, revoked_at: null }, 'digest')
    const answer = await call('DELETE', path, { headers: own })
    expect(answer).toMatchObject({ status: 204, body: '' })
    expect(await clientRows()).toMatchObject([{ client_id: other.client_id }])
    expect([forgotten, ended]).toEqual([[client.client_id], [client.client_id]])
    const { results } = await env.DB.prepare('SELECT key_id, revoked_at FROM api_keys ORDER BY key_id').all()
    expect(results).toEqual([
      { key_id: 'other', revoked_at: null },
      { key_id: 'own', revoked_at: NOW },
    ])
    expect(await call('DELETE', path, { headers: own })).toMatchObject({ status: 401 })
    expect(await call('GET', path, { headers: own })).toMatchObject({ status: 401 })
  })
})

describe('DELETE /oauth/register/{client_id} 400', () => {
  test('for a parameter that comes twice, and removes nothing', async () => {
    const { call, path, own } = await registered()
    expect(await call('DELETE', `${path}?a=1&a=2`, { headers: own })).toMatchObject({ status: 400 })
    expect(await clientRows()).toHaveLength(1)
  })
})

describe('DELETE /oauth/register/{client_id} 401', () => {
  test('for nobody, and removes nothing', async () => {
    const { call, path } = await registered()
    expect(await call('DELETE', path)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(await clientRows()).toHaveLength(1)
  })
})

describe('DELETE /oauth/register/{client_id} 403', () => {
  test('for an access token without the scope manage, and removes nothing', async () => {
    const { call, path, keyRing } = await registered()
    const headers = withBearer(await tokenWith(keyRing, { scope: 'write' }))
    expect(await call('DELETE', path, { headers })).toMatchObject({ status: 403 })
    expect(await clientRows()).toHaveLength(1)
  })
})
