import { onTestFinished, vi } from 'vitest'

import { sha256 } from '../../../src/platform/digest.ts'
import { actionOf, hiddenFields } from '../people/form.ts'
import type { Answer, Fields } from './answer.ts'
import { confidentialClient, publicClient, type ClientChanges } from './clients.ts'
import { amplePlan, basic, newWorld } from './world.ts'

export const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code' as const
const client_secret = 'the secret of the service'
export const service = basic('service', client_secret)

/** A world with a television, a service that polls as well, and two people who could let them in. */
export async function deviceWorld(changes: ClientChanges = {}) {
  vi.useFakeTimers({ toFake: ['Date'], now: Math.floor(Date.now() / 1000) * 1000 })
  onTestFinished(() => void vi.useRealTimers())
  const world = await newWorld()
  const tv: ClientChanges = { grant_types: [deviceGrant, 'refresh_token'], response_types: [], ...changes }
  await world.register({ ...publicClient(tv), client_id: 'tv', plan: amplePlan })
  await world.register({ ...confidentialClient(sha256(client_secret), tv), plan: amplePlan })
  const alice = await world.person('alice')
  const cookie = await world.cookieOf(alice)

  const begin = (fields: Fields = {}, headers: Fields = {}) =>
    world.post('/oauth/device_authorization', { client_id: 'tv', ...fields }, headers)
  const poll = (device_code: unknown, fields: Fields = {}, headers: Fields = {}) =>
    world.token(
      { grant_type: deviceGrant, client_id: 'tv', device_code: String(device_code), ...fields },
      headers,
    )
  /** The device waits as long as it was told to and asks. */
  const pollInTime = (device_code: unknown, fields: Fields = {}, headers: Fields = {}) => {
    vi.setSystemTime(Date.now() + 5_000)
    return poll(device_code, fields, headers)
  }
  return { ...world, alice, cookie, begin, poll, pollInTime, ...pagesOf(world, cookie) }
}

type World = Awaited<ReturnType<typeof newWorld>>

/** What a signed-in browser does on the pages of the device grant. */
function pagesOf(world: World, ownCookie: string) {
  const open = (path = '/device', cookie = ownCookie) => world.send(path, { headers: { cookie } })
  const submit = (page: Answer, fields: Fields, cookie = ownCookie) => {
    const form = { html: page.text }
    return world.post(actionOf(form), { ...hiddenFields(form), ...fields }, { cookie })
  }
  const enter = async (user_code: unknown, cookie = ownCookie) =>
    submit(await open('/device', cookie), { user_code: String(user_code) }, cookie)
  const decide = async (user_code: unknown, decision: 'allow' | 'deny', cookie = ownCookie) =>
    submit(await enter(user_code, cookie), { decision }, cookie)
  return { open, submit, enter, decide }
}
