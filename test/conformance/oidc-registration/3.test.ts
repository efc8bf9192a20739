import { describe, expect, test } from 'vitest'

import { clientsDoor, json } from '../../support/clients/door.ts'
import { tokenWith, withBearer } from '../../support/signing/door.ts'

const APP = { redirect_uris: ['https://app.example.com/cb'] }

describe('OpenID Connect Registration §3.1, the request', () => {
  test('the server may ask for an access token, and SHOULD take requests without one where registration is open', async () => {
    const open = await clientsDoor({ registrationIsOpen: true })
    expect(await open.call('POST', '/oauth/register', json(APP))).toMatchObject({ status: 201 })
  })

  test('where registration is closed, an access token is REQUIRED', async () => {
    const { call, keyRing } = await clientsDoor()
    expect(await call('POST', '/oauth/register', json(APP))).toMatchObject({ status: 401 })
    const headers = withBearer(await tokenWith(keyRing, {}))
    expect(await call('POST', '/oauth/register', json(APP, headers))).toMatchObject({ status: 201 })
  })
})

describe('OpenID Connect Registration §3.2, the response', () => {
  test('client_secret_expires_at is REQUIRED with a client_secret, and 0 means never', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const { body } = await call('POST', '/oauth/register', json(APP))
    expect(body).toMatchObject({ client_secret: expect.any(String), client_secret_expires_at: 0 })
  })

  test('registration_client_uri and registration_access_token come both or not at all', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const { body } = await call('POST', '/oauth/register', json(APP))
    expect(body).toMatchObject({
      registration_client_uri: expect.any(String),
      registration_access_token: expect.any(String),
    })
  })

  test('client_id_issued_at is a number of seconds', async () => {
    const { call } = await clientsDoor({ registrationIsOpen: true })
    const { body } = await call('POST', '/oauth/register', json(APP))
    expect(Number.isInteger(body.client_id_issued_at)).toBe(true)
  })
})
