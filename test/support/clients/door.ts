import { env } from 'cloudflare:workers'

import { clientStore } from '../../../src/clients/client.store.ts'
import { registrationRoutes } from '../../../src/clients/registration.route.ts'
import { openDb } from '../../../src/db/client.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { door, foundation } from '../signing/door.ts'

export interface Deployment {
  readonly registrationIsOpen?: boolean
  readonly loopbackIsAllowed?: boolean
  /** How many registrations one address may make before the limiter says no. */
  readonly admitted?: number
}

/** The registration room over D1, with a limiter that admits so many. */
export async function clientsDoor(deployment: Deployment = {}) {
  const base = await foundation()
  const { registrationIsOpen = false, loopbackIsAllowed = false, admitted = 100 } = deployment
  const taken: unknown[] = []
  const take = async (subject: object) => {
    taken.push(subject)
    return { admitted: taken.length <= admitted, retryAfterSeconds: 42 }
  }
  const clients = clientStore(openDb(env.DB))
  const routes = registrationRoutes({
    registrationIsOpen,
    loopbackIsAllowed,
    clients,
    limiter: { take },
    bearer: base.bearer,
    random: systemRandom,
  })
  return { ...base, clients, taken, call: door(routes) }
}

/** Every registered client as the table holds it. */
export async function clientRows() {
  const { results } = await env.DB.prepare('SELECT * FROM clients ORDER BY client_id').all()
  return results
}

export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }
}
