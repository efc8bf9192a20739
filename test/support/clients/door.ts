import { env } from 'cloudflare:workers'
import { Hono } from 'hono'

import { clientStore } from '../../../src/clients/client.store.ts'
import { registrationManagementRoutes } from '../../../src/clients/registration-management.route.ts'
import { registrationRoutes } from '../../../src/clients/registration.route.ts'
import { createSectorReader } from '../../../src/clients/sector-identifier.ts'
import { openDb } from '../../../src/db/client.ts'
import type { HttpEnv } from '../../../src/http/context.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { door, foundation } from '../signing/door.ts'

export interface Deployment {
  readonly registrationIsOpen?: boolean
  readonly loopbackIsAllowed?: boolean
  /** How many registrations one address may make before the limiter says no. */
  readonly admitted?: number
  /** What the network answers, by URL. */
  readonly documents?: Readonly<Record<string, () => Response>>
}

/** The registration room over D1, with a limiter that admits so many and a network of a few documents. */
export async function clientsDoor(deployment: Deployment = {}) {
  const base = await foundation()
  const { registrationIsOpen = false, loopbackIsAllowed = false, admitted = 100, documents = {} } = deployment
  const taken: unknown[] = []
  const take = async (subject: object) => {
    taken.push(subject)
    return { admitted: taken.length <= admitted, retryAfterSeconds: 42 }
  }
  const clients = clientStore(openDb(env.DB))
  const asked: string[] = []
  const readSector = createSectorReader(async (url) => {
    asked.push(url)
    return documents[url]?.() ?? new Response('nothing here', { status: 404 })
  }, loopbackIsAllowed)
  const forgotten: string[] = []
  const ended: string[] = []
  const shared = { loopbackIsAllowed, readSector, clients, bearer: base.bearer, random: systemRandom }
  const routes = new Hono<HttpEnv>()
  routes.route('/', registrationRoutes({ ...shared, registrationIsOpen, limiter: { take } }))
  routes.route(
    '/',
    registrationManagementRoutes({
      ...shared,
      limiter: { take },
      forgetClient: (client_id) => void forgotten.push(client_id),
      noteEnding: (client_id) => void ended.push(client_id),
    }),
  )
  return { ...base, clients, taken, asked, forgotten, ended, call: door(routes) }
}

/** Every registered client as the table holds it. */
export async function clientRows() {
  const { results } = await env.DB.prepare('SELECT * FROM clients ORDER BY client_id').all()
  return results
}

export function json(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }
}
