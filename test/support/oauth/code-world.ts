import { sha256 } from '../../../src/platform/digest.ts'
import type { Fields } from './answer.ts'
import { confidentialClient, publicClient, type ClientChanges } from './clients.ts'
import { amplePlan, newWorld } from './world.ts'

export const client_secret = 'the secret of the service'

/** A world in which somebody's browser has just come back to an app with a code. */
export async function codeWorld(changes: ClientChanges = {}) {
  const world = await newWorld()
  const client = await world.register({ ...publicClient(changes), first_party: true, plan: amplePlan })
  const account = await world.person('alice')
  const cookie = await world.cookieOf(account)
  return { ...world, client, account, cookie, code: await world.codeFor(client, cookie) }
}

/** The same with a code for a client that has a secret. */
export async function serviceCodeWorld(method: 'client_secret_basic' | 'client_secret_post') {
  const world = await codeWorld()
  const service = await world.register({
    ...confidentialClient(sha256(client_secret), { token_endpoint_auth_method: method }),
    first_party: true,
    plan: amplePlan,
  })
  return { ...world, service, code: await world.codeFor(service, world.cookie) }
}

export function without(fields: Fields, name: string): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name))
}
