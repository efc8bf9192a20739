import { env } from 'cloudflare:workers'
import { describe, expect, test, vi } from 'vitest'

import { createOneTimeVault } from '../../../src/grants/one-time-vault.ts'
import { subjectName } from '../../../src/limits/subject.ts'
import { createPushedRequests } from '../../../src/oauth/par/pushed-requests.ts'
import { pushedRequestsPerMinute } from '../../../src/platform/one-time-bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { newHolder } from '../../support/signing/proof-holder.ts'
import { parProof, parWorld, service } from '../../support/oauth/par-world.ts'
import { ADDRESS, keys, redemptionOf, requestOf } from '../../support/oauth/world.ts'

const PREFIX = 'urn:ietf:params:oauth:request_uri:'
const inTime = async <T>(run: () => Promise<T>): Promise<T> => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
  try {
    return await run()
  } finally {
    vi.useRealTimers()
  }
}

describe('an attack on pushed requests', () => {
  test('bringing the request of another client under its own name gets no code', async () => {
    const { pushed, visit } = await parWorld()
    const { location, status } = await visit(await pushed(), 'service')
    expect(location.searchParams.get('code')).toBeNull()
    expect(status).toBe(400)
  })

  test('bringing a request again after its code was issued gets no second one', async () => {
    const { pushed, visit } = await parWorld()
    const request_uri = await pushed()
    expect((await visit(request_uri)).location.searchParams.get('code')).not.toBeNull()
    expect((await visit(request_uri)).location.searchParams.get('code')).toBeNull()
  })

  test('bringing one request from twenty tabs at once gets one code', async () => {
    const { pushed, visit } = await parWorld()
    const request_uri = await pushed()
    const answers = await Promise.all(Array.from({ length: 20 }, () => visit(request_uri)))
    const codes = answers.filter(({ location }) => location.searchParams.has('code'))
    expect(codes).toHaveLength(1)
  })

  test('making up a handle reaches no object', async () => {
    const opened: string[] = []
    const vault = createOneTimeVault(env.ONE_TIME, systemRandom)
    const requests = createPushedRequests({
      oneTime: {
        ...vault,
        openRequest: (place, command) => {
          opened.push(place)
          return vault.openRequest(place, command)
        },
      },
      oneTimeMac: keys.oneTimeMac,
      random: systemRandom,
    })
    const forged = `${PREFIX}gwp_0f.${'A'.repeat(43)}.${'A'.repeat(22)}`
    expect(await requests.find(forged, 'app')).toBeUndefined()
    expect(opened).toEqual([])
  })

  test('coming with a request for the first time after a minute gets no code', async () => {
    await inTime(async () => {
      const { pushed, visit } = await parWorld()
      const request_uri = await pushed()
      vi.setSystemTime(Date.now() + 60_000)
      expect((await visit(request_uri)).location.searchParams.get('code')).toBeNull()
    })
  })

  test('keeping a request alive by visiting it again and again does not outlast ten minutes', async () => {
    await inTime(async () => {
      const { pushed, visit, authorize } = await parWorld()
      const request_uri = await pushed()
      for (let minute = 0; minute < 11; minute += 1) {
        await authorize({ client_id: 'app', request_uri })
        vi.setSystemTime(Date.now() + 59_000)
      }
      expect((await visit(request_uri)).location.searchParams.get('code')).toBeNull()
    })
  })

  test('writing another scope and state beside the request changes nothing in it', async () => {
    const { pushed, visit, token, app } = await parWorld()
    const beside = { scope: 'read:profile', state: 'of the attacker', redirect_uri: 'https://evil.example/' }
    const { location } = await visit(await pushed({ scope: 'openid' }), 'app', beside)
    expect(location.host).toBe('app.example')
    expect(location.searchParams.get('state')).toBe('state-of-the-app')
    const answer = await token(redemptionOf(app, location.searchParams.get('code') ?? ''))
    expect(answer.body.scope).toBe('openid')
  })

  test('pushing a request_uri does not chain one request to another', async () => {
    const { push, pushed } = await parWorld()
    const answer = await push({ request_uri: await pushed() })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request_object' } })
  })

  test('pushing in the name of a confidential client without its secret keeps nothing', async () => {
    const { pushRaw, serviceClient } = await parWorld()
    expect(await pushRaw(requestOf(serviceClient))).toMatchObject({ status: 401 })
  })

  test('pushing with the credentials of one client a request of another is refused', async () => {
    const { pushRaw, app } = await parWorld()
    expect((await pushRaw(requestOf(app), service)).status).toBe(400)
  })

  test('pushing an unregistered redirect URI is refused before a browser comes', async () => {
    const { push } = await parWorld()
    expect((await push({ redirect_uri: 'https://evil.example/' })).status).toBe(400)
  })

  test('naming one key and proving another binds nothing to either', async () => {
    const { push } = await parWorld()
    const [owner, thief] = [await newHolder(), await newHolder()]
    const answer = await push({ dpop_jkt: owner.jkt }, { dpop: await parProof(thief) })
    expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_dpop_proof' } })
  })

  test('leaving out what was pushed is refused for a client that must push', async () => {
    const { authorize, app, cookie } = await parWorld({ require_pushed_authorization_requests: true })
    const { location } = await authorize(requestOf(app), cookie)
    expect(location.searchParams.get('code')).toBeNull()
    expect(location.searchParams.get('error')).toBe('invalid_request')
  })

  test('filling the store with requests is stopped at the limit of the client', async () => {
    await inTime(async () => {
      const { push } = await parWorld()
      const subject = { kind: 'pushed_request', client_id: 'app', address: ADDRESS } as const
      const object = env.LIMITER.getByName(subjectName(subject))
      for (let time = 0; time < pushedRequestsPerMinute; time += 1) await object.take(subject)
      expect((await push()).status).toBe(429)
    })
  })
})
