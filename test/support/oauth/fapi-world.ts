import { assertionType } from '../../../src/clients/client-assertion.ts'
import type { Client } from '../../../src/clients/client.ts'
import { RequestedMetadataSchema } from '../../../src/clients/metadata.contract.ts'
import { toClientMetadata } from '../../../src/clients/registration.ts'
import { assert } from '../../../src/platform/assert.ts'
import { assertionOf, clientKey, type AssertionChanges } from '../clients/assertion-world.ts'
import { newHolder } from '../signing/proof-holder.ts'
import type { Answer, Fields } from './answer.ts'
import { tokenProof, userinfoProof } from './bound-world.ts'
import { clientWith, redirect_uri } from './clients.ts'
import { parProof } from './par-world.ts'
import { amplePlan, newWorld, redemptionOf, requestOf } from './world.ts'

/** What a registration with the profile `fapi2` comes to, or the sentence that refuses it. */
export function strictMetadata(requested: object): Client['metadata'] | string {
  const parsed = RequestedMetadataSchema.parse({
    redirect_uris: [redirect_uri],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid profile email read',
    profile: 'fapi2',
    ...requested,
  })
  const metadata = toClientMetadata(parsed, { isAnonymous: false, loopbackIsAllowed: false })
  return metadata.ok ? metadata.value : metadata.failure.message
}

/** A world with a client of the FAPI 2.0 Security Profile, as its registration made it, and alice, who is signed in. */
export async function fapiWorld(requested: object = {}) {
  const world = await newWorld()
  const key = await clientKey()
  const metadata = strictMetadata({ jwks: { keys: [key.jwk] }, ...requested })
  assert(typeof metadata !== 'string', 'a client of the profile is registered')
  const client = await world.register({
    ...clientWith({ client_id: 'bank' }, metadata),
    first_party: true,
    plan: amplePlan,
  })
  const holder = await newHolder()
  const account = await world.person('alice')
  const cookie = await world.cookieOf(account)

  /** What proves the client; each works once. */
  const proofOfClient = async (edits: AssertionChanges = {}): Promise<Fields> => ({
    client_id: client.client_id,
    client_assertion: await assertionOf(client.client_id, key, edits),
    client_assertion_type: assertionType,
  })
  const push = async (fields: Fields = {}, headers: Fields = {}): Promise<Answer> =>
    world.post('/oauth/par', { ...requestOf(client), ...(await proofOfClient()), ...fields }, headers)
  const pushed = async (fields: Fields = {}, headers: Fields = {}): Promise<string> =>
    String((await push(fields, headers)).body['request_uri'])
  const visit = (request_uri: string, beside: Fields = {}) =>
    world.authorize({ client_id: client.client_id, request_uri, ...beside }, cookie)
  const code = async (fields: Fields = {}, headers: Fields = {}): Promise<string> => {
    const { location } = await visit(await pushed(fields, headers))
    const found = location.searchParams.get('code')
    assert(found !== null, `a code comes back, got ${location.href}`)
    return found
  }
  const redeem = async (fields: Fields, dpop?: string, edits: AssertionChanges = {}): Promise<Answer> =>
    world.token({ ...fields, ...(await proofOfClient(edits)) }, { dpop: dpop ?? (await tokenProof(holder)) })
  const tokens = async () => {
    const { body } = await redeem(redemptionOf(client, await code()))
    assert(typeof body['access_token'] === 'string', `tokens come back, got ${JSON.stringify(body)}`)
    return {
      access_token: body['access_token'],
      refresh_token: String(body['refresh_token']),
      id_token: String(body['id_token']),
      body,
    }
  }
  const userinfo = async (token: string) =>
    world.send('/oauth/userinfo', {
      headers: { authorization: `DPoP ${token}`, dpop: await userinfoProof(holder, token) },
    })
  const pushProof = () => parProof(holder)
  const people = { client, holder, account, cookie }
  const actions = { proofOfClient, push, pushed, visit, code, redeem, tokens, userinfo, pushProof }
  return { ...world, ...people, ...actions }
}
