import { env } from 'cloudflare:workers'

import { SESSION_COOKIE } from '../../../src/accounts/session.ts'
import { openDb } from '../../../src/db/client.ts'
import { identityProviderStore } from '../../../src/federation/identity-provider.store.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'
import type { Answer } from '../oauth/answer.ts'
import { newVisit } from '../oauth/visit.ts'
import { keys, newWorld } from '../oauth/world.ts'
import { outsideProvider, PROVIDER, type Person } from './provider.ts'

const registered = { client_id: 'gatewright', client_secret: 'secret' }

/** A deployment that people may sign in to through Acme, and a browser. */
export async function federationWorld({ makes_accounts = false } = {}) {
  const world = await newWorld()
  const provider = await outsideProvider(registered)
  await identityProviderStore(openDb(env.DB), keys.upstreamSeal, systemRandom).put({
    provider_id: 'acme',
    issuer: PROVIDER,
    client_id: registered.client_id,
    client_secret: new Secret(registered.client_secret),
    display_name: 'Acme',
    scope: 'openid email profile',
    makes_accounts,
    created_at: 1_795_000_000,
    updated_at: 1_795_000_000,
  })
  const newBrowser = () => newVisit(world.send)
  const visit = newBrowser()
  /** Goes to Acme from the sign-in page, signs in there, and answers the address that the browser is sent back to. */
  const backFromAcme = async (person: Person, browser = visit): Promise<string> => {
    const leaving = await browser.open('/sign-in/provider/acme?continue=/account')
    return provider.signIn(leaving.location, person)
  }
  const signInThroughAcme = async (person: Person): Promise<Answer> => visit.open(await backFromAcme(person))
  return { ...world, provider, visit, newBrowser, backFromAcme, signInThroughAcme }
}

/** The browser of somebody who has an account and has just signed in with its password. */
export async function residentWorld(options: { makes_accounts?: boolean } = {}) {
  const world = await federationWorld(options)
  const account = await world.person('alice')
  const cookie = await world.cookieOf(account)
  const [, value = ''] = cookie.split(`${SESSION_COOKIE}=`)
  world.visit.keep(SESSION_COOKIE, value)
  /** Goes through the account page to Acme and back to the question whether to connect. */
  const backToConnect = async (person: Person): Promise<Answer> => {
    const leaving = await world.visit.submit(await world.visit.open('/account/providers'), {
      provider_id: 'acme',
    })
    const [, url = ''] = /url=(.*)$/.exec(leaving.headers.get('refresh') ?? '') ?? []
    return world.visit.open(world.provider.signIn(new URL(url), person))
  }
  return { ...world, account, cookie, backToConnect }
}

export async function identities() {
  const { results } = await env.DB.prepare('SELECT issuer, sub, account_id FROM provider_identities').all()
  return results
}

export async function sessionsIn() {
  const { results } = await env.DB.prepare('SELECT account_id, amr FROM sessions').all()
  return results
}
