import { decodeJwt } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { reauthenticationSeconds } from '../../../src/platform/bounds.ts'
import type { Answer } from '../../support/oauth/answer.ts'
import { publicClient, redirect_uri } from '../../support/oauth/clients.ts'
import { amplePlan, issuer, newWorld, redemptionOf, requestOf } from '../../support/oauth/world.ts'

async function visitedWorld(first_party = true) {
  const world = await newWorld()
  const client = await world.register({ ...publicClient(), first_party, plan: amplePlan })
  const account = await world.person('alice')
  return { ...world, client, account }
}

function wait(seconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + seconds * 1000 })
}

/** The request as sign-in hands it back. */
function returning({ location }: Answer): string {
  return location.searchParams.get('continue') ?? ''
}

function outcomeOf({ location }: Answer): string {
  const { searchParams } = location
  if (searchParams.has('code')) return 'code'
  return searchParams.get('error') ?? location.pathname
}

afterEach(() => {
  vi.useRealTimers()
})

describe('GET /oauth/authorize 303, prompt=none', () => {
  test('is silent with a session: the same sub, and an auth_time that does not move', async () => {
    const { codeFor, token, cookieOf, account, client } = await visitedWorld()
    const cookie = await cookieOf(account)
    const first = await token(redemptionOf(client, await codeFor(client, cookie)))
    wait(60)
    const second = await token(redemptionOf(client, await codeFor(client, cookie, { prompt: 'none' })))
    const [one, two] = [first, second].map(({ body }) => decodeJwt(String(body.id_token)))
    expect(two).toMatchObject({ sub: 'alice', auth_time: one?.auth_time, sid: one?.sid })
    expect(two?.iat).toBeGreaterThanOrEqual((one?.iat ?? Infinity) + 60)
  })

  test('tells the client that somebody has to sign in', async () => {
    const { authorize, client } = await visitedWorld()
    const answer = await authorize({ ...requestOf(client), prompt: 'none' })
    expect(answer.location.href.startsWith(redirect_uri)).toBe(true)
    expect(outcomeOf(answer)).toBe('login_required')
    expect(answer.location.searchParams.get('iss')).toBe(issuer)
  })

  test('tells the client that consent is missing, and shows no page', async () => {
    const { authorize, cookieOf, account, client } = await visitedWorld(false)
    const answer = await authorize({ ...requestOf(client), prompt: 'none' }, await cookieOf(account))
    expect(outcomeOf(answer)).toBe('consent_required')
  })

  test('tells the client that the sign-in is older than max_age', async () => {
    const { authorize, cookieOf, account, client } = await visitedWorld()
    const cookie = await cookieOf(account)
    wait(60)
    expect(outcomeOf(await authorize({ ...requestOf(client), prompt: 'none', max_age: '59' }, cookie))).toBe(
      'login_required',
    )
  })

  test('contradicts every other prompt', async () => {
    const { authorize, cookieOf, account, client } = await visitedWorld()
    const cookie = await cookieOf(account)
    expect(outcomeOf(await authorize({ ...requestOf(client), prompt: 'none login' }, cookie))).toBe(
      'invalid_request',
    )
  })
})

describe.each(['login', 'select_account', 'login consent'])(
  'GET /oauth/authorize 303, prompt=%s',
  (prompt) => {
    test('shows sign-in to somebody who is signed in, and ends after it', async () => {
      const { authorize, send, cookieOf, account, client } = await visitedWorld()
      const asked = await authorize({ ...requestOf(client), prompt }, await cookieOf(account))
      expect(asked.location.pathname).toBe('/sign-in')
      const back = await send(returning(asked), { headers: { cookie: await cookieOf(account) } })
      expect(outcomeOf(back)).toBe(prompt.includes('consent') ? '/consent' : 'code')
    })

    test('shows it again to whoever comes back without having signed in', async () => {
      const { authorize, send, cookieOf, account, client } = await visitedWorld()
      const cookie = await cookieOf(account)
      const asked = await authorize({ ...requestOf(client), prompt }, cookie)
      expect(outcomeOf(await send(returning(asked), { headers: { cookie } }))).toBe('/sign-in')
    })
  },
)

describe('GET /oauth/authorize 303, prompt=login', () => {
  test('gives a later auth_time', async () => {
    const { authorize, send, token, codeFor, cookieOf, account, client } = await visitedWorld()
    const cookie = await cookieOf(account)
    const first = await token(redemptionOf(client, await codeFor(client, cookie)))
    wait(5)
    const asked = await authorize({ ...requestOf(client), prompt: 'login' }, cookie)
    const back = await send(returning(asked), { headers: { cookie: await cookieOf(account) } })
    const second = await token(redemptionOf(client, back.location.searchParams.get('code') ?? ''))
    const [one, two] = [first, second].map(({ body }) => decodeJwt(String(body.id_token)))
    expect(Number(two?.auth_time)).toBeGreaterThanOrEqual(Number(one?.auth_time) + 5)
  })

  /** The person, or an app that has them in its web view, writes the parameter by hand. */
  test('is not skipped by a start that this server did not write', async () => {
    const { authorize, cookieOf, account, client } = await visitedWorld()
    const requested_at = `0.${'A'.repeat(22)}.${'A'.repeat(22)}`
    const answer = await authorize(
      { ...requestOf(client), prompt: 'login', requested_at },
      await cookieOf(account),
    )
    expect(outcomeOf(answer)).toBe('/sign-in')
  })

  /** Asked without cookies, the start names no session; the session that was there is still not a new one. */
  test('is not skipped by a start that was got in another browser', async () => {
    const { authorize, send, cookieOf, account, client } = await visitedWorld()
    const cookie = await cookieOf(account)
    wait(1)
    const asked = await authorize({ ...requestOf(client), prompt: 'login' })
    expect(outcomeOf(await send(returning(asked), { headers: { cookie } }))).toBe('/sign-in')
  })

  test('is asked again when the sign-in took longer than its bound', async () => {
    const { authorize, send, cookieOf, account, client } = await visitedWorld()
    const asked = await authorize({ ...requestOf(client), prompt: 'login' }, await cookieOf(account))
    wait(reauthenticationSeconds + 1)
    const back = await send(returning(asked), { headers: { cookie: await cookieOf(account) } })
    expect(outcomeOf(back)).toBe('/sign-in')
  })
})

describe('GET /oauth/authorize 303, max_age', () => {
  test('is silent while the sign-in is young enough, to the second', async () => {
    const { authorize, cookieOf, account, client } = await visitedWorld()
    const now = Math.ceil(Date.now() / 1000) * 1000
    vi.useFakeTimers({ toFake: ['Date'], now })
    const cookie = await cookieOf(account)
    vi.setSystemTime(now + 60_000)
    expect(outcomeOf(await authorize({ ...requestOf(client), max_age: '60' }, cookie))).toBe('code')
    vi.setSystemTime(now + 61_000)
    expect(outcomeOf(await authorize({ ...requestOf(client), max_age: '60' }, cookie))).toBe('/sign-in')
  })

  test.each(['0', '10'])('of %s asks for a sign-in, and ends after it', async (max_age) => {
    const { authorize, send, cookieOf, account, client } = await visitedWorld()
    const cookie = await cookieOf(account)
    wait(11)
    const asked = await authorize({ ...requestOf(client), max_age }, cookie)
    expect(outcomeOf(asked)).toBe('/sign-in')
    const again = await cookieOf(account)
    wait(11)
    expect(outcomeOf(await send(returning(asked), { headers: { cookie: again } }))).toBe('code')
  })

  test('of 0 means prompt=login, even within the second of a sign-in', async () => {
    const { authorize, cookieOf, account, client } = await visitedWorld()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() })
    const cookie = await cookieOf(account)
    expect(outcomeOf(await authorize({ ...requestOf(client), max_age: '0' }, cookie))).toBe('/sign-in')
  })

  /** Else a person who reads for longer than max_age would sign in and consent for ever. */
  test('is not used up by time spent at consent', async () => {
    const { authorize, send, cookieOf, account, client } = await visitedWorld(false)
    const cookie = await cookieOf(account)
    const asked = await authorize({ ...requestOf(client), max_age: '10' }, cookie)
    expect(asked.location.pathname).toBe('/consent')
    wait(60)
    const back = await send(`/oauth/authorize${asked.location.search}`, { headers: { cookie } })
    expect(outcomeOf(back)).toBe('/consent')
  })
})

describe('GET /oauth/authorize 303, prompt=consent', () => {
  test('shows consent even to a client that needs none', async () => {
    const { authorize, cookieOf, account, client } = await visitedWorld()
    const cookie = await cookieOf(account)
    expect(outcomeOf(await authorize({ ...requestOf(client), prompt: 'consent' }, cookie))).toBe('/consent')
  })
})

/** OpenID Connect Core §3.1.2.1, §3.1.2.2: no code for anybody else than the hint names. */
describe('GET /oauth/authorize 303, id_token_hint', () => {
  async function hintedWorld() {
    const world = await visitedWorld()
    const { codeFor, token, cookieOf, account, client } = world
    const { body } = await token(redemptionOf(client, await codeFor(client, await cookieOf(account))))
    const mallory = await world.person('mallory')
    return {
      ...world,
      mallory,
      id_token_hint: String(body.id_token),
      access_token: String(body.access_token),
    }
  }

  test('is silent for the person that it names, also after it has expired', async () => {
    const { authorize, cookieOf, account, client, id_token_hint } = await hintedWorld()
    wait(2 * 3600)
    const cookie = await cookieOf(account)
    expect(outcomeOf(await authorize({ ...requestOf(client), prompt: 'none', id_token_hint }, cookie))).toBe(
      'code',
    )
  })

  test('refuses silently for anybody else', async () => {
    const { authorize, cookieOf, mallory, client, id_token_hint } = await hintedWorld()
    const cookie = await cookieOf(mallory)
    expect(outcomeOf(await authorize({ ...requestOf(client), prompt: 'none', id_token_hint }, cookie))).toBe(
      'login_required',
    )
  })

  test('lets anybody else sign in as the right one, once', async () => {
    const { authorize, send, cookieOf, account, mallory, client, id_token_hint } = await hintedWorld()
    const asked = await authorize({ ...requestOf(client), id_token_hint }, await cookieOf(mallory))
    expect(asked.location.pathname).toBe('/sign-in')
    const right = await send(returning(asked), { headers: { cookie: await cookieOf(account) } })
    expect(outcomeOf(right)).toBe('code')
    const wrong = await send(returning(asked), { headers: { cookie: await cookieOf(mallory) } })
    expect(outcomeOf(wrong)).toBe('login_required')
  })

  test('is not believed when it is an access token, unsigned, altered, or of another client', async () => {
    const { authorize, register, cookieOf, account, client, id_token_hint, access_token } =
      await hintedWorld()
    const other = await register({ ...publicClient(), client_id: 'other', first_party: true })
    const cookie = await cookieOf(account)
    const [header = '', payload = '', signature = ''] = id_token_hint.split('.')
    const forged = payload.slice(0, -1) + (payload.endsWith('A') ? 'B' : 'A')
    for (const hint of [access_token, `${header}.${payload}.`, `${header}.${forged}.${signature}`, 'abc']) {
      expect(outcomeOf(await authorize({ ...requestOf(client), id_token_hint: hint }, cookie))).toBe(
        'invalid_request',
      )
    }
    expect(outcomeOf(await authorize({ ...requestOf(other), id_token_hint }, cookie))).toBe('invalid_request')
  })
})
