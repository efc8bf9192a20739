import { describe, expect, test, vi } from 'vitest'

import { deviceGrant, deviceWorld, service } from '../../support/oauth/device-world.ts'

/** @see RFC 8628 §3.1 (device authorization request) */
describe('RFC 8628 §3.1, the request for codes', () => {
  test('a public client MUST name itself by client_id', async () => {
    const { post } = await deviceWorld()
    expect(await post('/oauth/device_authorization', {})).toMatchObject({ status: 401 })
  })

  test('the requirements of client authentication of the token endpoint apply', async () => {
    const { begin } = await deviceWorld()
    expect(await begin({ client_id: 'service' })).toMatchObject({ status: 401 })
    expect(await begin({ client_id: 'service' }, service)).toMatchObject({ status: 200 })
  })

  test('parameters that are sent without a value MUST be treated as if they were omitted', async () => {
    const { begin } = await deviceWorld()
    expect(await begin({ scope: '' })).toMatchObject({ status: 200 })
  })

  test('parameters MUST NOT be included more than once', async () => {
    const { post } = await deviceWorld()
    const answer = await post('/oauth/device_authorization', 'client_id=tv&scope=read&scope=openid')
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
})

/** @see RFC 8628 §3.2 (device authorization response) */
describe('RFC 8628 §3.2, the codes', () => {
  test('device_code, user_code, verification_uri and expires_in are REQUIRED and there', async () => {
    const { begin } = await deviceWorld()
    const { body } = await begin()
    for (const name of ['device_code', 'user_code', 'verification_uri', 'expires_in'])
      expect(body).toHaveProperty(name)
  })

  test('verification_uri SHOULD be short, and verification_uri_complete holds the user code', async () => {
    const { begin } = await deviceWorld()
    const { body } = await begin()
    expect(String(body.verification_uri)).toMatch(/\/device$/)
    expect(String(body.verification_uri_complete)).toContain(String(body.user_code))
  })

  test('the answer is not cached', async () => {
    const { begin } = await deviceWorld()
    expect((await begin()).headers.get('cache-control')).toBe('no-store')
  })
})

/** @see RFC 8628 §3.3, §3.3.1 (user interaction) */
describe('RFC 8628 §3.3, the person', () => {
  test('they are asked to enter the code, and told which device and what for', async () => {
    const { begin, open, enter } = await deviceWorld()
    expect((await open()).text).toContain('name="user_code"')
    const page = await enter((await begin({ scope: 'read' })).body.user_code)
    expect(page.text).toContain('Photo Printer')
  })

  test('with the complete address the server SHOULD show the code, and the person has to confirm', async () => {
    const { begin, open, pollInTime } = await deviceWorld()
    const { user_code, device_code } = (await begin()).body
    expect((await open(`/device?user_code=${String(user_code)}`)).text).toContain(String(user_code))
    expect(await pollInTime(device_code)).toMatchObject({ body: { error: 'authorization_pending' } })
  })
})

/** @see RFC 8628 §3.4 (device access token request), §3.5 (response) */
describe('RFC 8628 §3.4 and §3.5, the polls', () => {
  test('grant_type, device_code and for a public client client_id are REQUIRED', async () => {
    const { begin, token } = await deviceWorld()
    const device_code = String((await begin()).body.device_code)
    expect((await token({ grant_type: deviceGrant, client_id: 'tv' })).status).toBe(400)
    expect((await token({ grant_type: deviceGrant, device_code })).status).toBe(401)
  })

  test('authorization_pending: the person has not decided', async () => {
    const { begin, poll } = await deviceWorld()
    const answer = await poll((await begin()).body.device_code)
    expect(answer).toMatchObject({ status: 400, body: { error: 'authorization_pending' } })
  })

  test('slow_down: the interval MUST be increased by five seconds for this and all later requests', async () => {
    const { begin, poll } = await deviceWorld()
    const { device_code } = (await begin()).body
    const after = (seconds: number) => {
      vi.setSystemTime(Date.now() + seconds * 1000)
      return poll(device_code)
    }
    await poll(device_code)
    expect((await after(1)).body.error).toBe('slow_down')
    expect((await after(10)).body.error).toBe('authorization_pending')
    expect((await after(8)).body.error).toBe('slow_down')
    expect((await after(15)).body.error).toBe('authorization_pending')
  })

  test('access_denied: the request was denied', async () => {
    const { begin, decide, pollInTime } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    await decide(user_code, 'deny')
    expect((await pollInTime(device_code)).body.error).toBe('access_denied')
  })

  test('expired_token: the device code has expired, and the session is over', async () => {
    const { begin, poll } = await deviceWorld()
    const { device_code } = (await begin()).body
    vi.setSystemTime(Date.now() + 600_000)
    expect((await poll(device_code)).body.error).toBe('expired_token')
  })

  test('once it is approved, the answer is that of RFC 6749 §5.1', async () => {
    const { begin, decide, pollInTime } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    await decide(user_code, 'allow')
    const { status, body } = await pollInTime(device_code)
    expect([status, body.token_type]).toEqual([200, 'Bearer'])
    expect(body).toHaveProperty('access_token')
  })
})

/** @see RFC 8628 §4 (metadata), §5.2 (device codes), §6.1 (user codes) */
describe('RFC 8628 §4 to §6', () => {
  test('device_authorization_endpoint and the grant type are in the metadata', async () => {
    const { send } = await deviceWorld()
    const { body } = await send('/.well-known/oauth-authorization-server')
    expect(body.device_authorization_endpoint).toMatch(/\/oauth\/device_authorization$/)
    expect(body.grant_types_supported).toContain(deviceGrant)
  })

  test('device codes SHOULD have very high entropy', async () => {
    const { begin } = await deviceWorld()
    expect(String((await begin()).body.device_code).length).toBeGreaterThan(43)
  })

  test('user codes SHOULD be compared whatever their case, and without punctuation', async () => {
    const { begin, enter } = await deviceWorld()
    const typed = String((await begin()).body.user_code)
      .toLowerCase()
      .replace('-', ' ')
    expect(await enter(typed)).toMatchObject({ status: 200 })
  })
})
