import { sha256 } from '../../../src/platform/digest.ts'
import type { Fields } from './answer.ts'
import { confidentialClient, publicClient, type ClientChanges } from './clients.ts'
import type { Holder } from '../signing/proof-holder.ts'
import { nonceAt } from './bound-world.ts'
import { amplePlan, basic, issuer, newWorld, requestOf } from './world.ts'

const client_secret = 'the secret of the service'
export const service = basic('service', client_secret)

/** A world with a public app and a service, which both push their requests, and somebody who is signed in. */
export async function parWorld(changes: ClientChanges = {}) {
  const world = await newWorld()
  const first = { first_party: true, plan: amplePlan }
  const app = await world.register({ ...publicClient(changes), ...first })
  const serviceClient = await world.register({
    ...confidentialClient(sha256(client_secret), changes),
    ...first,
  })
  const account = await world.person('alice')
  const cookie = await world.cookieOf(account)

  const pushRaw = (fields: Fields, headers: Fields = {}) => world.post('/oauth/par', fields, headers)
  /** Pushes a request of the app that is in order but for the changes. */
  const push = (fields: Fields = {}, headers: Fields = {}) =>
    pushRaw({ ...requestOf(app), ...fields }, headers)
  /** The name of a request that the app has pushed. */
  const pushed = async (fields: Fields = {}, headers: Fields = {}) =>
    String((await push(fields, headers)).body.request_uri)
  /** A browser that is signed in brings it. */
  const visit = (request_uri: string, client_id = 'app', beside: Fields = {}) =>
    world.authorize({ client_id, request_uri, ...beside }, cookie)
  return { ...world, app, serviceClient, account, cookie, pushRaw, push, pushed, visit }
}

/** A proof for a push, in order but for what a test changes. */
export function parProof(holder: Holder, claims: Fields = {}): Promise<string> {
  return holder.prove({ htm: 'POST', htu: `${issuer}/oauth/par`, nonce: nonceAt(Date.now()), ...claims })
}
