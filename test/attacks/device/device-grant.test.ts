import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'

import { clientStore } from '../../../src/clients/client.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { createGrantsVault } from '../../../src/grants/grants-vault.ts'
import { createOneTimeVault } from '../../../src/grants/one-time-vault.ts'
import { readUserCode } from '../../../src/grants/user-code.ts'
import { subjectName } from '../../../src/limits/subject.ts'
import { approveDevice, findDevice } from '../../../src/oauth/device/device-approval.ts'
import { assert } from '../../../src/platform/assert.ts'
import { failedUserCodesPerAddressPerMinute } from '../../../src/platform/one-time-bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { nonceAt } from '../../support/oauth/bound-world.ts'
import { deviceWorld, service } from '../../support/oauth/device-world.ts'
import { ADDRESS, issuer, keys } from '../../support/oauth/world.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'

const pending = { status: 400, body: { error: 'authorization_pending' } }
const refused = { status: 400, body: { error: 'invalid_grant' } }

describe('an attack on the device grant', () => {
  test('trying user codes from one address is stopped before the right one is tried', async () => {
    const { begin, enter } = await deviceWorld()
    const { user_code } = (await begin()).body
    const subject = { kind: 'user_code_address', address: ADDRESS } as const
    const object = env.LIMITER.getByName(subjectName(subject))
    for (let guess = 0; guess < failedUserCodesPerAddressPerMinute; guess += 1) await object.take(subject)
    const page = await enter(user_code)
    expect(page.status).toBe(429)
    expect(page.text).not.toContain('Photo Printer')
  })

  test('trying user codes from one session and many addresses is stopped as well', async () => {
    const { begin, open, post, cookie } = await deviceWorld()
    const { user_code } = (await begin()).body
    const form_token = /name="form_token" value="([^"]+)"/.exec((await open()).text)?.[1] ?? ''
    const guess = (code: unknown, address: string) =>
      post('/device', { form_token, user_code: String(code) }, { cookie, 'cf-connecting-ip': address })
    for (let at = 0; at < 5; at += 1) await guess('BCDF-GHJK', `203.0.113.${at + 20}`)
    expect((await guess(user_code, '203.0.113.99')).status).toBe(429)
  })

  test('trying user codes at the form that decides tells nothing', async () => {
    const { begin, post, cookie } = await deviceWorld()
    const { user_code } = (await begin()).body
    const of = (code: string) => post('/device/decision', { user_code: code, decision: 'allow' }, { cookie })
    expect([(await of(String(user_code))).status, (await of('BCDF-GHJK')).status]).toEqual([403, 403])
  })

  test('polling with the device code of another client gets nothing', async () => {
    const { begin, decide, pollInTime } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    await decide(user_code, 'allow')
    expect(await pollInTime(device_code, { client_id: 'service' }, service)).toMatchObject(refused)
    expect(await pollInTime(device_code)).toMatchObject({ status: 200 })
  })

  test('polling with a stolen device code and another key gets nothing', async () => {
    const { begin, decide, pollInTime } = await deviceWorld()
    const [owner, thief] = [await newHolder(), await newHolder()]
    const proof = (holder: typeof owner, path: string) =>
      holder.prove({ htm: 'POST', htu: `${issuer}${path}`, nonce: nonceAt(Date.now()) })
    const begun = await begin({}, { dpop: await proof(owner, '/oauth/device_authorization') })
    await decide(begun.body.user_code, 'allow')
    const { device_code } = begun.body
    const stolen = await pollInTime(device_code, {}, { dpop: await proof(thief, '/oauth/token') })
    expect(stolen).toMatchObject(refused)
  })

  test('making up a device code is refused', async () => {
    const { begin, pollInTime } = await deviceWorld()
    const { device_code } = (await begin()).body
    expect(await pollInTime(`${String(device_code).slice(0, -22)}${'A'.repeat(22)}`)).toMatchObject(refused)
  })

  test('approving with a form that another site has made decides nothing', async () => {
    const { begin, post, cookie, pollInTime } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    await post('/device/decision', { user_code: String(user_code), decision: 'allow' }, { cookie })
    expect(await pollInTime(device_code)).toMatchObject(pending)
  })

  test('approving with a form that is too old decides nothing', async () => {
    const { begin, enter, submit, pollInTime, poll } = await deviceWorld()
    const old = (await begin()).body
    const page = await enter(old.user_code)
    vi.setSystemTime(Date.now() + 599_000)
    expect(await poll(old.device_code)).toMatchObject(pending)
    vi.setSystemTime(Date.now() + 3_600_000)
    const stale = await submit(page, { decision: 'allow' })
    expect(stale.status).toBe(403)
    expect(await pollInTime(old.device_code)).toMatchObject({ body: { error: 'expired_token' } })
  })

  test('approving with the form of one code lets no other device in', async () => {
    const { begin, enter, submit, pollInTime } = await deviceWorld()
    const [mine, theirs] = [(await begin()).body, (await begin()).body]
    const page = await enter(mine.user_code)
    const forged = await submit(page, { user_code: String(theirs.user_code), decision: 'allow' })
    expect(forged.status).toBe(403)
    expect(await pollInTime(theirs.device_code)).toMatchObject(pending)
  })

  test('approving with a form that was shown to somebody else decides nothing', async () => {
    const { begin, enter, submit, cookieOf, person, pollInTime } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    const page = await enter(user_code)
    const mallory = await cookieOf(await person('mallory'))
    expect((await submit(page, { decision: 'allow' }, mallory)).status).toBe(403)
    expect(await pollInTime(device_code)).toMatchObject(pending)
  })

  /** The visitor look-up would not let such a session get this far; the rule does not rely on it. */
  test('approving by a password alone for an account with two factors lets no device in', async () => {
    const { begin, alice, pollInTime } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    const ports = {
      oneTime: createOneTimeVault(env.ONE_TIME, systemRandom),
      oneTimeMac: keys.oneTimeMac,
      vault: createGrantsVault(env.GRANTS),
      findClient: (client_id: string) => clientStore(openDb(env.DB)).find(client_id),
      pairwiseSubject: keys.pairwiseSubject,
    }
    const device = await findDevice(readUserCode(String(user_code)) ?? '', ports, Date.now())
    assert(device.ok, 'the device waits')
    const sessionOf = (amr: readonly string[]) => ({
      sid: 'sid',
      account_id: alice.account_id,
      auth_time: 1_795_000_000,
      amr,
      expires_at: 1_999_000_000,
    })
    const account = { ...alice, has_second_factor: true }
    const weak = await approveDevice(device.value, { session: sessionOf(['pwd']), account }, ports)
    expect(weak).toEqual({ ok: false, failure: { reason: 'acr_insufficient' } })
    expect(await pollInTime(device_code)).toMatchObject(pending)
    const strong = { session: sessionOf(['pwd', 'otp', 'mfa']), account }
    expect(await approveDevice(device.value, strong, ports)).toMatchObject({ ok: true })
    expect(await pollInTime(device_code)).toMatchObject({ status: 200 })
  })

  test('polling faster than allowed wins nothing, not even what was approved', async () => {
    const { begin, decide, poll } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    await poll(device_code)
    await decide(user_code, 'allow')
    const answers = await Promise.all(Array.from({ length: 20 }, () => poll(device_code)))
    expect(new Set(answers.map(({ body }) => body.error))).toEqual(new Set(['slow_down']))
  })

  test('presenting a device code again after its tokens were issued gets nothing and ends nothing', async () => {
    const { begin, decide, pollInTime, token } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    await decide(user_code, 'allow')
    const { body } = await pollInTime(device_code)
    expect(await pollInTime(device_code)).toMatchObject(refused)
    const refreshed = await token({
      grant_type: 'refresh_token',
      client_id: 'tv',
      refresh_token: String(body.refresh_token),
    })
    expect(refreshed).toMatchObject({ status: 200 })
  })

  test('a link with a code approves nothing and looks nothing up by itself', async () => {
    const { begin, open, pollInTime } = await deviceWorld()
    const { device_code, verification_uri_complete } = (await begin()).body
    const page = await open(String(verification_uri_complete).slice(issuer.length))
    expect(page.text).not.toContain('Photo Printer')
    expect(await pollInTime(device_code)).toMatchObject(pending)
  })

  test('asking for the scopes of operators gets no code', async () => {
    const { begin } = await deviceWorld({ scope: 'openid manage' })
    expect(await begin({ scope: 'manage' })).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
  })

  test('asking for a token for an API that is not published gets no code', async () => {
    const { begin } = await deviceWorld()
    const answer = await begin({ resource: 'https://bank.example/accounts' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  test('coming back with the device code after it has expired gets nothing', async () => {
    const { begin, decide, poll } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    await decide(user_code, 'allow')
    vi.setSystemTime(Date.now() + 600_000)
    expect(await poll(device_code)).toMatchObject({ status: 400, body: { error: 'expired_token' } })
  })
})
