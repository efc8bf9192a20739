import { env } from 'cloudflare:workers'

import type { Client } from '../../../src/clients/client.ts'
import { openDb } from '../../../src/db/client.ts'
import { assert } from '../../../src/platform/assert.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { keyRingStore } from '../../../src/signing/key-ring.store.ts'
import { createKeyRing } from '../../../src/signing/key-ring.ts'
import type { SigningAlg } from '../../../src/signing/signing-key.ts'
import type { Fields } from './answer.ts'
import { clientWith, publicClient, type ClientChanges } from './clients.ts'
import { ordersClient, publishResources } from './resources.ts'
import { amplePlan, basic, issuer, keys, newWorld, redemptionOf, requestOf } from './world.ts'

export const secret = 'the secret of every service here'
export const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange' as const
export const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'

const SCOPE = 'openid profile email read write'

/** A client with a secret that may use every grant. */
export function service(client_id: string, changes: ClientChanges = {}): Client {
  const grant_types: Client['metadata']['grant_types'] = [
    'authorization_code',
    'refresh_token',
    'client_credentials',
    exchangeGrant,
  ]
  const metadata = { grant_types, scope: SCOPE, ...changes }
  return {
    ...clientWith({ client_id, client_secret_digest: sha256(secret) }, metadata),
    first_party: true,
    plan: amplePlan,
  }
}

export const asService = (client_id: string) => basic(client_id, secret)

export interface Ask {
  readonly resource?: readonly string[]
  readonly scope?: string
  readonly claims?: object
}

/** Two published APIs, an app and services, and alice, who is signed in. */
export async function tokenWorld(appChanges: ClientChanges = {}) {
  await publishResources()
  const world = await newWorld()
  const app = await world.register({
    ...publicClient({ scope: SCOPE, ...appChanges }),
    first_party: true,
    plan: amplePlan,
  })
  for (const name of ['service', 'other', ordersClient]) await world.register(service(name))
  const account = await world.person('alice', {
    name: 'Alice Example',
    gender: 'female',
    address: { country: 'NO' },
    phone_number: '+47 555 01 234',
  })
  const cookie = await world.cookieOf(account)

  /** A code for a client, with whatever it asks for. */
  async function codeWith(client: Pick<Client, 'client_id'>, ask: Ask = {}): Promise<string> {
    const query = new URLSearchParams({ ...requestOf(client), scope: ask.scope ?? SCOPE })
    for (const resource of ask.resource ?? []) query.append('resource', resource)
    if (ask.claims !== undefined) query.set('claims', JSON.stringify(ask.claims))
    const { location } = await world.send(`/oauth/authorize?${query.toString()}`, { headers: { cookie } })
    const code = location.searchParams.get('code')
    assert(code !== null, `a code comes back, got ${location.href}`)
    return code
  }

  /** Tokens for alice, of the app or of a service. */
  async function tokensOf(client: Pick<Client, 'client_id'>, ask: Ask = {}) {
    const code = await codeWith(client, ask)
    const headers = client.client_id === app.client_id ? {} : asService(client.client_id)
    const { body } = await world.token(redemptionOf(client, code), headers)
    assert(typeof body['access_token'] === 'string', `tokens come back, got ${JSON.stringify(body)}`)
    return {
      access_token: body['access_token'],
      refresh_token: String(body['refresh_token']),
      id_token: String(body['id_token']),
    }
  }

  const exchange = (client_id: string, subject_token: string, fields: Fields = {}, headers: Fields = {}) =>
    world.token(
      { grant_type: exchangeGrant, subject_token, subject_token_type: accessTokenType, ...fields },
      { ...asService(client_id), ...headers },
    )
  const introspect = (client_id: string, token: string, fields: Fields = {}, headers: Fields = {}) =>
    world.post('/oauth/introspect', { token, ...fields }, { ...asService(client_id), ...headers })
  const userinfo = (token: string) =>
    world.send('/oauth/userinfo', { headers: { authorization: `Bearer ${token}` } })
  return { ...world, app, account, cookie, codeWith, tokensOf, exchange, introspect, userinfo }
}

/** A JWT under our own key, of whatever a test wants to have signed. */
export async function signed(claims: object, typ = 'at+jwt', alg: SigningAlg = 'ES256'): Promise<string> {
  const ring = createKeyRing({ store: keyRingStore(openDb(env.DB)), sealKey: keys.signingKeySeal })
  return ring.sign(alg, typ, claims, Date.now())
}

/** Claims of an access token of alice's that is in order. */
export function claimsNow(changes: object = {}) {
  const iat = Math.floor(Date.now() / 1000)
  return {
    iss: issuer,
    sub: 'alice',
    aud: issuer,
    iat,
    exp: iat + 600,
    jti: crypto.randomUUID(),
    client_id: 'app',
    scope: 'openid read',
    ...changes,
  }
}
