import { describe, expect, test } from 'vitest'

import { clientRows, clientsDoor, json } from '../../support/clients/door.ts'
import { tokenWith, withBearer } from '../../support/signing/door.ts'

const APP = { client_name: 'My App', redirect_uris: ['https://app.example.com/callback'] }

/** Two clients that have registered themselves, one of them the attacker's. */
async function twoClients() {
  const door = await clientsDoor({ registrationIsOpen: true })
  const { body: victim } = await door.call('POST', '/oauth/register', json(APP))
  const { body: attacker } = await door.call('POST', '/oauth/register', json(APP))
  const stolen = withBearer(attacker.registration_access_token)
  return { ...door, victim, attacker, stolen, path: `/oauth/register/${victim.client_id}` }
}

describe('whoever registers', () => {
  test('the registration token of one client reads nothing of another', async () => {
    const { call, path, stolen } = await twoClients()
    const answer = await call('GET', path, { headers: stolen })
    expect(answer).toMatchObject({ status: 401 })
    expect(JSON.stringify(answer.body)).not.toContain('app.example.com')
  })

  test('the registration token of one client changes nothing of another', async () => {
    const { call, path, stolen, victim } = await twoClients()
    const before = await clientRows()
    const taken = { client_id: victim.client_id, redirect_uris: ['https://attacker.example.com/cb'] }
    expect(await call('PUT', path, json(taken, stolen))).toMatchObject({ status: 401 })
    expect(await clientRows()).toEqual(before)
  })

  test('the registration token of one client removes no other', async () => {
    const { call, path, stolen } = await twoClients()
    expect(await call('DELETE', path, { headers: stolen })).toMatchObject({ status: 401 })
    expect(await clientRows()).toHaveLength(2)
  })

  test('an access token that does not manage changes no registration', async () => {
    const { call, path, keyRing, victim } = await twoClients()
    const headers = withBearer(await tokenWith(keyRing, { scope: 'read write', client_id: victim.client_id }))
    expect(await call('DELETE', path, { headers })).toMatchObject({ status: 403 })
    expect(await clientRows()).toHaveLength(2)
  })

  test('a client does not name another one in the body of its own change', async () => {
    const { call, attacker, victim, stolen } = await twoClients()
    const before = await clientRows()
    const path = `/oauth/register/${attacker.client_id}`
    const body = json({ ...APP, client_id: victim.client_id, client_name: 'Taken' }, stolen)
    expect(await call('PUT', path, body)).toMatchObject({ status: 400 })
    expect(await clientRows()).toEqual(before)
  })

  test('a client does not give itself the scopes of an operator by changing its registration', async () => {
    const { call, attacker, stolen } = await twoClients()
    const path = `/oauth/register/${attacker.client_id}`
    const own = { ...APP, client_id: attacker.client_id }
    for (const scope of ['manage', 'openid authorize', 'introspect']) {
      expect(await call('PUT', path, json({ ...own, scope }, stolen))).toMatchObject({ status: 400 })
    }
    expect(JSON.stringify(await clientRows())).not.toMatch(/manage|authorize"|introspect"/)
  })

  test('a client does not make itself one of ours by changing its registration', async () => {
    const { call, attacker, stolen, clients } = await twoClients()
    const path = `/oauth/register/${attacker.client_id}`
    const asked = { ...APP, client_id: attacker.client_id, first_party: true, plan: 'unlimited' }
    await call('PUT', path, json(asked, stolen))
    expect(await clients.find(attacker.client_id)).toMatchObject({ first_party: false, plan: null })
  })

  test('a client does not choose its secret', async () => {
    const { call, attacker, stolen } = await twoClients()
    const before = await clientRows()
    const path = `/oauth/register/${attacker.client_id}`
    const asked = { ...APP, client_id: attacker.client_id, client_secret: 'password' }
    expect(await call('PUT', path, json(asked, stolen))).toMatchObject({ status: 400 })
    expect(await clientRows()).toEqual(before)
  })

  test('nobody registers the scopes of an operator without being one', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    for (const scope of ['manage', 'read authorize', 'introspect openid']) {
      expect(await call('POST', '/oauth/register', json({ ...APP, scope }))).toMatchObject({ status: 400 })
    }
    expect(await clientRows()).toEqual([])
  })

  test('nobody registers a redirect that a browser runs or shows instead of leading away', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    for (const uri of [
      'javascript:alert(1)',
      'JavaScript:alert(1)',
      'data:text/html,x',
      'blob:https://a.b/c',
    ]) {
      const answer = await call('POST', '/oauth/register', json({ redirect_uris: [uri] }))
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_redirect_uri' } })
    }
    expect(await clientRows()).toEqual([])
  })

  test('nobody registers a logo, a policy or a sign-in that is a script', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    for (const name of ['logo_uri', 'policy_uri', 'tos_uri', 'client_uri', 'initiate_login_uri']) {
      for (const uri of ['javascript:alert(1)', 'data:text/html,x']) {
        const answer = await call('POST', '/oauth/register', json({ ...APP, [name]: uri }))
        expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_client_metadata' } })
      }
    }
    expect(await clientRows()).toEqual([])
  })

  test('nobody has documents fetched without end by changing a registration', async () => {
    const { call, asked } = await clientsDoor({ registrationIsOpen: true, admitted: 3 })
    const { body } = await call('POST', '/oauth/register', json(APP))
    const { client_id } = body
    const headers = withBearer(body.registration_access_token)
    for (let at = 0; at < 5; at += 1) {
      const change = { ...APP, client_id, sector_identifier_uri: `https://victim.example.com/${at}` }
      await call('PUT', `/oauth/register/${client_id}`, json(change, headers))
    }
    expect(asked).toHaveLength(2)
  })

  test('nobody joins a sector to learn who the people of others are', async () => {
    const sector_identifier_uri = 'https://bank.example.com/sector.json'
    const documents = { [sector_identifier_uri]: () => Response.json(['https://bank.example.com/cb']) }
    const { call } = await clientsDoor({ registrationIsOpen: true, documents })
    const asked = { ...APP, subject_type: 'pairwise', sector_identifier_uri }
    expect(await call('POST', '/oauth/register', json(asked))).toMatchObject({ status: 400 })
    expect(await clientRows()).toEqual([])
  })

  test('nobody joins a sector by an address of their own app that looks like one of its host', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const redirect_uris = ['com.attacker.app://bank.example.com/cb']
    const asked = { redirect_uris, application_type: 'native', subject_type: 'pairwise' }
    expect(await call('POST', '/oauth/register', json(asked))).toMatchObject({ status: 400 })
    expect(await clientRows()).toEqual([])
  })

  /** The device grant sends nothing to a redirect URI, so whoever names somebody else's would still get the tokens. */
  test('nobody joins a sector by an address that they need not receive anything at', async () => {
    const { call, attacker, stolen } = await twoClients()
    const before = await clientRows()
    const device = 'urn:ietf:params:oauth:grant-type:device_code'
    const asked = {
      redirect_uris: ['https://bank.example.com/cb'],
      grant_types: ['authorization_code', device],
      subject_type: 'pairwise',
    }
    expect(await call('POST', '/oauth/register', json(asked))).toMatchObject({ status: 400 })
    const path = `/oauth/register/${attacker.client_id}`
    const change = json({ ...asked, client_id: attacker.client_id }, stolen)
    expect(await call('PUT', path, change)).toMatchObject({ status: 400 })
    expect(await clientRows()).toEqual(before)
  })

  test('nobody loads a frame of another site when somebody signs out', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const asked = { ...APP, frontchannel_logout_uri: 'https://victim.example.com/transfer' }
    expect(await call('POST', '/oauth/register', json(asked))).toMatchObject({ status: 400 })
    expect(await clientRows()).toEqual([])
  })

  test('the address of a registration does not tell which clients exist', async () => {
    const { call, path } = await twoClients()
    const wrong = withBearer('x'.repeat(43))
    const there = await call('GET', path, { headers: wrong })
    const nowhere = await call('GET', '/oauth/register/nobody', { headers: wrong })
    expect([there.status, there.body]).toEqual([nowhere.status, nowhere.body])
  })
})
