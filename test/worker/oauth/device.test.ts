import { listDurableObjectIds, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { decodeJwt } from 'jose'
import { describe, expect, test, vi } from 'vitest'

import { subjectName } from '../../../src/limits/subject.ts'
import { deviceAuthorizationsPerMinute, deviceCodeTtlSeconds } from '../../../src/platform/one-time-bounds.ts'
import { nonceAt } from '../../support/oauth/bound-world.ts'
import { deviceGrant, deviceWorld, service } from '../../support/oauth/device-world.ts'
import { orders, publishResources } from '../../support/oauth/resources.ts'
import { ADDRESS, basic, issuer } from '../../support/oauth/world.ts'
import { newHolder, type Holder } from '../../support/signing/proof-holder.ts'

const proofFor = (holder: Holder, path: string) =>
  holder.prove({ htm: 'POST', htu: `${issuer}${path}`, nonce: nonceAt(Date.now()) })

describe('POST /oauth/device_authorization 200', () => {
  test('gives out codes that a person can type and a device can wait with', async () => {
    const { begin } = await deviceWorld()
    const answer = await begin({ scope: 'openid read' })
    expect(answer).toMatchObject({ status: 200, body: { expires_in: deviceCodeTtlSeconds, interval: 5 } })
    expect(answer.headers.get('cache-control')).toBe('no-store')
    const { user_code, device_code, verification_uri, verification_uri_complete } = answer.body
    expect(user_code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    expect(device_code).toMatch(/^gwd_/)
    expect(verification_uri).toBe(`${issuer}/device`)
    expect(verification_uri_complete).toBe(`${issuer}/device?user_code=${String(user_code)}`)
  })

  test('lets the device in once somebody has allowed it, and once only', async () => {
    const { begin, decide, pollInTime, send } = await deviceWorld()
    const { device_code, user_code } = (await begin({ scope: 'openid read' })).body
    expect(await pollInTime(device_code)).toMatchObject({ body: { error: 'authorization_pending' } })
    expect(await decide(user_code, 'allow')).toMatchObject({ status: 200 })
    const answer = await pollInTime(device_code)
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'Bearer', scope: 'openid read' } })
    expect(answer.body).toHaveProperty('id_token')
    expect(answer.body).toHaveProperty('refresh_token')
    const headers = { authorization: `Bearer ${String(answer.body.access_token)}` }
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ body: { sub: 'alice' } })

    expect(await pollInTime(device_code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(await send('/oauth/userinfo', { headers })).toMatchObject({ status: 200 })
  })

  test('asks for published resources, which the person is told and the token is for', async () => {
    await publishResources()
    const { begin, enter, submit, pollInTime } = await deviceWorld()
    const { device_code, user_code } = (await begin({ resource: orders })).body
    const question = await enter(user_code)
    expect(question.text).toContain(`<bdi>${orders}</bdi>`)
    await submit(question, { decision: 'allow' })
    const { body } = await pollInTime(device_code)
    expect(decodeJwt(String(body.access_token))).toMatchObject({ aud: orders })
  })

  test('takes a client that authenticates, which then polls as often as it was told', async () => {
    const { begin, poll } = await deviceWorld()
    const answer = await begin({ client_id: 'service' }, service)
    for (let turn = 0; turn < 15; turn += 1) {
      vi.setSystemTime(Date.now() + 5_000)
      expect(await poll(answer.body.device_code, { client_id: 'service' }, service)).toMatchObject({
        status: 400,
        body: { error: 'authorization_pending' },
      })
    }
  })

  test('binds the code to the key that proved itself', async () => {
    const { begin, decide, pollInTime } = await deviceWorld()
    const [holder, thief] = [await newHolder(), await newHolder()]
    const dpop = await proofFor(holder, '/oauth/device_authorization')
    const { device_code, user_code } = (await begin({}, { dpop })).body
    await decide(user_code, 'allow')
    const stolen = await pollInTime(device_code, {}, { dpop: await proofFor(thief, '/oauth/token') })
    expect(stolen).toMatchObject({ body: { error: 'invalid_grant' } })
    expect(await pollInTime(device_code)).toMatchObject({ body: { error: 'invalid_grant' } })
    const answer = await pollInTime(device_code, {}, { dpop: await proofFor(holder, '/oauth/token') })
    expect(answer).toMatchObject({ status: 200, body: { token_type: 'DPoP' } })
  })
})

describe('POST /oauth/device_authorization 400', () => {
  test.each([
    [{ scope: 'openid  read' }, 'invalid_scope'],
    [{ scope: 'manage' }, 'invalid_scope'],
    [{ resource: 'no uri' }, 'invalid_target'],
    [{ resource: 'https://api.example/#part' }, 'invalid_target'],
    [{ resource: 'https://api.example/unpublished' }, 'invalid_target'],
  ])('says what is wrong with %j, and asks no object', async (fields, error) => {
    const { begin } = await deviceWorld()
    const before = await listDurableObjectIds(env.ONE_TIME)
    for (let time = 0; time < 5; time += 1)
      expect(await begin(fields)).toMatchObject({ status: 400, body: { error } })
    expect(await listDurableObjectIds(env.ONE_TIME)).toHaveLength(before.length)
  })

  test('refuses a client that is not registered for it', async () => {
    const { begin } = await deviceWorld({ grant_types: ['refresh_token'] })
    expect(await begin()).toMatchObject({ status: 400, body: { error: 'unauthorized_client' } })
  })

  test('refuses a proof that is for another endpoint', async () => {
    const { begin } = await deviceWorld()
    const dpop = await proofFor(await newHolder(), '/oauth/token')
    expect(await begin({}, { dpop })).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
  })

  test('tells the nonce to a client whose proof lacks it: use_dpop_nonce', async () => {
    const { begin } = await deviceWorld()
    const htu = `${issuer}/oauth/device_authorization`
    const dpop = await (await newHolder()).prove({ htm: 'POST', htu })
    const answer = await begin({}, { dpop })
    expect(answer).toMatchObject({ status: 400, body: { error: 'use_dpop_nonce' } })
    expect(answer.headers.get('dpop-nonce')).toBe(nonceAt(Date.now()))
  })
})

describe('POST /oauth/device_authorization 401', () => {
  test('refuses a confidential client that does not authenticate', async () => {
    const { begin } = await deviceWorld()
    expect(await begin({ client_id: 'service' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    })
    const wrong = await begin({ client_id: 'service' }, basic('service', 'guess'))
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  })
})

describe('POST /oauth/device_authorization 429', () => {
  test('stops whoever asks for too many codes', async () => {
    const { begin } = await deviceWorld()
    const subject = { kind: 'device_authorization', client_id: 'tv', address: ADDRESS } as const
    const object = env.LIMITER.getByName(subjectName(subject))
    for (let time = 0; time < deviceAuthorizationsPerMinute; time += 1) await object.take(subject)
    const answer = await begin()
    expect(answer).toMatchObject({ status: 429, body: { error: 'slow_down' } })
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await begin({ client_id: 'service' }, service)).toMatchObject({ status: 200 })
  })
})

describe('POST /oauth/device_authorization 503', () => {
  test('gives out no codes that cannot be counted', async () => {
    const { begin } = await deviceWorld()
    const subject = { kind: 'device_authorization', client_id: 'tv', address: ADDRESS } as const
    await runInDurableObject(env.LIMITER.getByName(subjectName(subject)), (_, { storage }) =>
      storage.sql.exec('CREATE TABLE uses (other TEXT) STRICT'),
    )
    expect(await begin()).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
  })
})

describe('POST /oauth/token, device code', () => {
  test('slow_down: a poll that comes too soon gets nothing, and each adds five seconds', async () => {
    const { begin, decide, poll } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    expect(await poll(device_code)).toMatchObject({ body: { error: 'authorization_pending' } })
    await decide(user_code, 'allow')
    vi.setSystemTime(Date.now() + 2_000)
    expect(await poll(device_code)).toMatchObject({ status: 400, body: { error: 'slow_down' } })
    vi.setSystemTime(Date.now() + 5_000)
    expect(await poll(device_code)).toMatchObject({ status: 400, body: { error: 'slow_down' } })
    vi.setSystemTime(Date.now() + 15_000)
    expect(await poll(device_code)).toMatchObject({ status: 200 })
  })

  test('access_denied: the person declined', async () => {
    const { begin, decide, pollInTime } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    await decide(user_code, 'deny')
    expect(await pollInTime(device_code)).toMatchObject({ status: 400, body: { error: 'access_denied' } })
  })

  test('expired_token: nobody decided in time, or the device came too late', async () => {
    const { begin, decide, poll } = await deviceWorld()
    const { device_code, user_code } = (await begin()).body
    await decide(user_code, 'allow')
    vi.setSystemTime(Date.now() + deviceCodeTtlSeconds * 1000)
    expect(await poll(device_code)).toMatchObject({ status: 400, body: { error: 'expired_token' } })
  })

  test('invalid_request: there is no device code', async () => {
    const { token } = await deviceWorld()
    const answer = await token({ grant_type: deviceGrant, client_id: 'tv' })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } })
  })
})
