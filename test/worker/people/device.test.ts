import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'

import { placeOf } from '../../../src/grants/one-time-vault.ts'
import { digestUserCode, readUserCode } from '../../../src/grants/user-code.ts'
import { failedUserCodesPerMinute } from '../../../src/platform/one-time-bounds.ts'
import { deviceWorld } from '../../support/oauth/device-world.ts'
import { keys } from '../../support/oauth/world.ts'

/** Where the device of a user code waits. */
const placeOfCode = (user_code: unknown) =>
  env.ONE_TIME.getByName(placeOf(digestUserCode(readUserCode(String(user_code)) ?? '', keys.oneTimeMac)))

const renameTable = (user_code: unknown, from: string, to: string) =>
  runInDurableObject(placeOfCode(user_code), (_object, { storage }) =>
    storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`).toArray(),
  )

describe('GET /device 200', () => {
  test('asks for the code, with the one of the link filled in and nothing looked up', async () => {
    const { open, begin } = await deviceWorld()
    const { user_code } = (await begin()).body
    const page = await open(`/device?user_code=${String(user_code)}`)
    expect(page.status).toBe(200)
    expect(page.text).toContain(`value="${String(user_code)}"`)
    expect(page.text).not.toContain('Photo Printer')
  })

  test('speaks German to those who ask for it', async () => {
    const { send, cookie } = await deviceWorld()
    const page = await send('/device', { headers: { cookie, 'accept-language': 'de' } })
    expect(page.text).toContain('Geben Sie den Code ein, den Ihr Gerät anzeigt.')
  })

  test('takes what a link carries as text', async () => {
    const { open } = await deviceWorld()
    const page = await open(`/device?user_code=${encodeURIComponent('"><script>')}`)
    expect(page.text).not.toContain('<script>')
  })
})

describe('GET /device 303', () => {
  test('leads somebody who is not signed in to sign-in and back, with the code', async () => {
    const { send } = await deviceWorld()
    const { location } = await send('/device?user_code=wdjb-mjht')
    expect(location.pathname).toBe('/sign-in')
    expect(location.searchParams.get('continue')).toBe('/device?user_code=WDJB-MJHT')
    const page = await send(`${location.pathname}${location.search}`)
    expect(page.status).toBe(200)
  })
})

describe('GET /device 400', () => {
  test('refuses a query that repeats a parameter', async () => {
    const { open } = await deviceWorld()
    expect(await open('/device?user_code=A&user_code=B')).toMatchObject({ status: 400 })
  })
})

describe('POST /device 200', () => {
  test('shows the application, what it asks for, the code, and a warning', async () => {
    const { begin, enter } = await deviceWorld()
    const { user_code } = (await begin({ scope: 'openid read' })).body
    const page = await enter(String(user_code).toLowerCase().replace('-', ' '))
    expect(page.status).toBe(200)
    expect(page.text).toContain('Photo Printer')
    expect(page.text).toContain('Read data on your behalf')
    expect(page.text).not.toContain('See your e-mail address')
    expect(page.text).toContain(`<strong>${String(user_code)}</strong>`)
    expect(page.text).toContain('If somebody sent you the code')
  })
})

describe('POST /device 303', () => {
  test('leads somebody whose session is over to sign-in', async () => {
    const { post } = await deviceWorld()
    const { status, location } = await post('/device', { user_code: 'WDJB-MJHT' })
    expect([status, location.pathname]).toEqual([303, '/sign-in'])
  })
})

describe('POST /device 400', () => {
  test('refuses a body that is too large', async () => {
    const { post, cookie } = await deviceWorld()
    const answer = await post('/device', { user_code: 'x'.repeat(40_000) }, { cookie })
    expect(answer.status).toBe(400)
  })
})

describe('POST /device 403', () => {
  test('a form that is not ours looks nothing up', async () => {
    const { begin, post, cookie } = await deviceWorld()
    const { user_code } = (await begin()).body
    const page = await post('/device', { user_code: String(user_code) }, { cookie })
    expect(page.status).toBe(403)
    expect(page.text).not.toContain('Photo Printer')
  })
})

describe('POST /device 404', () => {
  test.each(['BCDF-GHJK', 'no code', ''])('nothing waits under %j', async (user_code) => {
    const { enter } = await deviceWorld()
    const page = await enter(user_code)
    expect(page.status).toBe(404)
    expect(page.text).toContain('No device waits for this code.')
  })
})

describe('POST /device 429', () => {
  test('stops whoever tries codes, also the right one then, and right ones are not counted', async () => {
    const { begin, enter } = await deviceWorld()
    const { user_code } = (await begin()).body
    for (let time = 0; time < failedUserCodesPerMinute; time += 1)
      expect(await enter(user_code)).toMatchObject({ status: 200 })
    for (let time = 0; time < failedUserCodesPerMinute; time += 1)
      expect(await enter('BCDF-GHJK')).toMatchObject({ status: 404 })
    const page = await enter(user_code)
    expect(page.status).toBe(429)
    expect(page.text).not.toContain('Photo Printer')
    const wait = Number(page.headers.get('retry-after'))
    expect(wait).toBeGreaterThan(0)
    vi.setSystemTime(Date.now() + wait * 1000)
    expect(await enter(user_code)).toMatchObject({ status: 200 })
  })
})

describe('POST /device 503', () => {
  test('says that it cannot be told now, not that there is no such code', async () => {
    const { begin, enter } = await deviceWorld()
    const { user_code } = (await begin()).body
    await renameTable(user_code, 'device_authorizations', 'hidden')
    expect(await enter(user_code)).toMatchObject({ status: 503 })
    await renameTable(user_code, 'hidden', 'device_authorizations')
  })
})

describe('POST /device/decision 200', () => {
  test('says what was decided', async () => {
    const { begin, decide } = await deviceWorld()
    const [first, second] = [(await begin()).body, (await begin()).body]
    expect((await decide(first.user_code, 'allow')).text).toContain('Your device is connected')
    expect((await decide(second.user_code, 'deny')).text).toContain('The device was turned away')
  })
})

describe('POST /device/decision 303', () => {
  test('leads somebody whose session is over to sign-in', async () => {
    const { post } = await deviceWorld()
    const { status, location } = await post('/device/decision', { decision: 'allow' })
    expect([status, location.pathname]).toEqual([303, '/sign-in'])
  })
})

describe('POST /device/decision 400', () => {
  test('refuses a decision that is none', async () => {
    const { post, cookie } = await deviceWorld()
    expect(await post('/device/decision', { decision: 'maybe' }, { cookie })).toMatchObject({ status: 400 })
  })
})

describe('POST /device/decision 403', () => {
  test('a form that is not ours decides nothing, and does not tell whether the code is one', async () => {
    const { begin, post, cookie, pollInTime } = await deviceWorld()
    const { user_code, device_code } = (await begin()).body
    for (const code of [String(user_code), 'BCDF-GHJK']) {
      const page = await post('/device/decision', { user_code: code, decision: 'allow' }, { cookie })
      expect(page.status).toBe(403)
    }
    expect(await pollInTime(device_code)).toMatchObject({ body: { error: 'authorization_pending' } })
  })
})

describe('POST /device/decision 404', () => {
  test('a code is decided once', async () => {
    const { begin, enter, submit, pollInTime } = await deviceWorld()
    const { user_code, device_code } = (await begin()).body
    const [one, other] = [await enter(user_code), await enter(user_code)]
    expect(await submit(one, { decision: 'deny' })).toMatchObject({ status: 200 })
    expect(await submit(other, { decision: 'allow' })).toMatchObject({ status: 404 })
    expect(await pollInTime(device_code)).toMatchObject({ body: { error: 'access_denied' } })
  })

  test('a device that somebody has let in is not taken over by who approves it later', async () => {
    const { begin, enter, decide, submit, cookieOf, person, pollInTime, send } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    const mallory = await cookieOf(await person('mallory'))
    const page = await enter(user_code, mallory)
    await decide(user_code, 'allow')
    expect((await submit(page, { decision: 'allow' }, mallory)).status).toBe(404)
    const { body } = await pollInTime(device_code)
    const headers = { authorization: `Bearer ${String(body.access_token)}` }
    expect((await send('/oauth/userinfo', { headers })).body.sub).toBe('alice')
  })
})

describe('POST /device/decision 503', () => {
  test('does not call decided what is not, and the same form works afterwards', async () => {
    const { begin, enter, submit, pollInTime } = await deviceWorld()
    const { user_code, device_code } = (await begin()).body
    const page = await enter(user_code)
    await renameTable(user_code, 'device_authorizations', 'hidden')
    expect(await submit(page, { decision: 'allow' })).toMatchObject({ status: 503 })
    await renameTable(user_code, 'hidden', 'device_authorizations')
    expect(await submit(page, { decision: 'allow' })).toMatchObject({ status: 200 })
    expect(await pollInTime(device_code)).toMatchObject({ status: 200 })
  })
})
