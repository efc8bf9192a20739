import { decodeJwt } from 'jose'
import { vi } from 'vitest'

import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import type { Fields } from './answer.ts'
import { publicClient, type ClientChanges } from './clients.ts'
import { amplePlan, newWorld, redemptionOf, requestOf } from './world.ts'

export const signedOutUri = 'https://app.example/signed-out?of=us'
export const backChannelUri = 'https://app.acme.com/back-channel'
export const frontChannelUri = 'https://app.example/front-channel?by=us'

/** A person who is signed in to an app, which holds an ID token and a refresh token and can be signed out by. */
export async function logoutWorld(changes: ClientChanges = {}) {
  const world = await newWorld()
  const client = await world.register({
    ...publicClient({
      post_logout_redirect_uris: [signedOutUri],
      scope: 'openid profile email read offline_access',
      ...changes,
    }),
    first_party: true,
    plan: amplePlan,
  })
  const account = await world.person('alice')
  const cookie = await world.cookieOf(account)
  const tokens = async (scope = 'openid read') => {
    const code = await world.codeFor(client, cookie, { scope })
    const { body } = await world.token(redemptionOf(client, code))
    return { id_token: String(body.id_token), refresh_token: String(body.refresh_token) }
  }
  const logout = (query: Fields, asCookie = cookie) =>
    world.send(`/oauth/logout?${new URLSearchParams(query).toString()}`, { headers: { cookie: asCookie } })
  /** Whether the browser is still signed in, as a client finds out. */
  const isSignedIn = async () => {
    const { location } = await world.authorize({ ...requestOf(client), prompt: 'none' }, cookie)
    return location.searchParams.has('code')
  }
  const refresh = (refresh_token: string) =>
    world.token({ grant_type: 'refresh_token', client_id: client.client_id, refresh_token })
  return { ...world, client, account, cookie, tokens, logout, isSignedIn, refresh }
}

/** A cookie header of nobody. */
export const strangersCookie = `${SESSION_COOKIE}=${'A'.repeat(43)}`

interface Delivery {
  readonly url: string
  readonly init: RequestInit
}

/** The outside network: what would be sent to clients, and what they answer. */
export function outsideNetwork(answer: () => Response | Promise<Response>) {
  const sent: Delivery[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init = {}) => {
    sent.push({ url: new Request(url).url, init })
    return answer()
  })
  return sent
}

/** The fields of the form that was sent. */
export function formIn(delivery: Delivery | undefined): URLSearchParams {
  const body = delivery?.init.body
  return body instanceof URLSearchParams ? body : new URLSearchParams()
}

export function logoutTokenIn(delivery: Delivery | undefined): string {
  return formIn(delivery).get('logout_token') ?? ''
}

export function claimsIn(token: string) {
  return decodeJwt(token)
}
