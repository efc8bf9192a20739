import { describe, expect, test } from 'vitest'

import { clientRows, clientsDoor, json } from '../../support/clients/door.ts'
import { withBearer } from '../../support/signing/door.ts'

const APP = {
  client_name: 'My App',
  redirect_uris: ['https://app.example.com/cb'],
  policy_uri: 'https://app.example.com/policy',
}

/** A client that has registered itself, and what it says of itself. */
async function registered() {
  const door = await clientsDoor({ registrationIsOpen: true })
  const { body: client } = await door.call('POST', '/oauth/register', json(APP))
  const path = new URL(client.registration_client_uri).pathname
  const own = withBearer(client.registration_access_token)
  return { ...door, client, path, own }
}

describe('RFC 7592 §2, the client configuration endpoint', () => {
  test('the client MUST authenticate with its registration access token', async () => {
    const { call, path, own } = await registered()
    expect(await call('GET', path)).toMatchObject({ status: 401 })
    expect(await call('GET', path, { headers: own })).toMatchObject({ status: 200 })
  })
})

describe('RFC 7592 §2.1, reading', () => {
  test('the server answers 200 with application/json and what is registered', async () => {
    const { call, path, own } = await registered()
    const { status, headers, body } = await call('GET', path, { headers: own })
    expect(status).toBe(200)
    expect(headers.get('content-type')).toMatch(/^application\/json/)
    expect(body).toMatchObject(APP)
  })

  test('for a client that does not exist the server MUST answer 401', async () => {
    const { call, own } = await registered()
    expect(await call('GET', '/oauth/register/nobody', { headers: own })).toMatchObject({ status: 401 })
  })
})

describe('RFC 7592 §2.2, replacing', () => {
  test('the request MUST include the client_id, and it MUST be the same', async () => {
    const { call, path, own } = await registered()
    for (const identity of [{}, { client_id: 'other' }]) {
      const answer = await call('PUT', path, json({ ...APP, ...identity }, own))
      expect(answer).toMatchObject({ status: 400 })
    }
  })

  test('a client_secret that is included MUST be the present one', async () => {
    const { call, path, own, client } = await registered()
    const body = (client_secret: string) => json({ ...APP, client_id: client.client_id, client_secret }, own)
    expect(await call('PUT', path, body('mine'))).toMatchObject({ status: 400 })
    expect(await call('PUT', path, body(client.client_secret))).toMatchObject({ status: 200 })
  })

  test('valid metadata MUST replace, not augment, what was registered', async () => {
    const { call, path, own, client } = await registered()
    const { policy_uri: _, ...rest } = APP
    const { body } = await call('PUT', path, json({ ...rest, client_id: client.client_id }, own))
    expect(body).not.toHaveProperty('policy_uri')
  })

  test('a member that is null MUST be treated as one that is left out', async () => {
    const { call, path, own, client } = await registered()
    const asked = { ...APP, client_id: client.client_id, policy_uri: null, contacts: null }
    const { status, body } = await call('PUT', path, json(asked, own))
    expect(status).toBe(200)
    expect(body).not.toHaveProperty('policy_uri')
    expect(body).not.toHaveProperty('contacts')
  })

  test('the client can use the answer of registration as it came, with changes', async () => {
    const { call, path, own, client } = await registered()
    const answer = await call('PUT', path, json({ ...client, client_name: 'New Name' }, own))
    expect(answer).toMatchObject({
      status: 200,
      body: { client_id: client.client_id, client_name: 'New Name' },
    })
  })

  test('a request that asks for what is not valid is answered as at registration, and changes nothing', async () => {
    const { call, path, own, client } = await registered()
    const before = await clientRows()
    const asked = { ...APP, client_id: client.client_id, redirect_uris: ['http://app.example.com/cb'] }
    expect(await call('PUT', path, json(asked, own))).toMatchObject({
      status: 400,
      body: { error: 'invalid_redirect_uri' },
    })
    expect(await clientRows()).toEqual(before)
  })
})

describe('RFC 7592 §2.3, removing', () => {
  test('a success is 204 without a body, and ends client_id, secret and registration access token', async () => {
    const { call, path, own } = await registered()
    expect(await call('DELETE', path, { headers: own })).toMatchObject({ status: 204, body: '' })
    expect(await call('GET', path, { headers: own })).toMatchObject({ status: 401 })
    expect(await clientRows()).toEqual([])
  })
})

describe('RFC 7592 §3, what the server answers', () => {
  test('registration_client_uri and registration_access_token are REQUIRED', async () => {
    const { client, call, path, own } = await registered()
    const members = {
      registration_client_uri: expect.stringMatching(/^https:\/\//),
      registration_access_token: expect.any(String),
    }
    expect(client).toMatchObject(members)
    expect((await call('GET', path, { headers: own })).body).toMatchObject(members)
  })

  /** §3, and appendix B: it MUST be possible to write the whole URL into a client, so that nothing is put together. */
  test('registration_client_uri is the whole address of this client', async () => {
    const { client } = await registered()
    expect(client.registration_client_uri.endsWith(`/${client.client_id}`)).toBe(true)
  })
})
