import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type JWTHeaderParameters } from 'jose'

import type { Client } from '../../../src/clients/client.ts'
import type { Answer, Fields } from './answer.ts'
import { publicClient, type ClientChanges } from './clients.ts'
import { amplePlan, issuer, newWorld, requestOf } from './world.ts'

/** Something that signs as a client does, and the keys that it would register. */
export async function newSigner(alg = 'ES256', kid = 'key-of-the-app') {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  const jwk = { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' }
  return {
    jwks: { keys: [jwk] },
    jwk,
    sign: (claims: object, header: Partial<JWTHeaderParameters> = {}) =>
      new SignJWT({ ...claims })
        .setProtectedHeader({ alg, kid, typ: 'oauth-authz-req+jwt', ...header })
        .sign(privateKey),
  }
}

/** A world in which somebody is signed in, and a client of ours that signs its requests. */
export async function requestWorld(changes: ClientChanges = {}) {
  const world = await newWorld()
  const signer = await newSigner()
  const client = await world.register({
    ...publicClient({ jwks: signer.jwks, ...changes }),
    first_party: true,
    plan: amplePlan,
  })
  const account = await world.person('alice')
  const cookie = await world.cookieOf(account)
  /** Asks as the client does, by plain parameters. */
  const ask = (fields: Fields) => world.authorize({ ...requestOf(client), ...fields }, cookie)
  /** Asks with a request object of the given text. */
  const bring = (request: string, beside: Fields = {}) =>
    world.authorize({ client_id: client.client_id, request, ...beside }, cookie)
  /** Asks with a request object that is in order but for the changes. */
  const askSigned = async (changed: object = {}, beside: Fields = {}) =>
    bring(await signer.sign(objectOf(client, changed)), beside)
  return { ...world, signer, client, account, cookie, ask, bring, askSigned }
}

/** The claims of a request object that is in order. */
export function objectOf(client: Pick<Client, 'client_id'>, changed: object = {}) {
  return { iss: client.client_id, aud: issuer, ...requestOf(client), ...changed }
}

export function unsignedObject(claims: Record<string, unknown>): string {
  return new UnsecuredJWT(claims).encode()
}

/** What the client hears, wherever it is written; or that a page is shown. */
export function heard({ status, headers, location }: Answer): Fields {
  if (headers.get('location') === null) return { page: String(status) }
  if (location.origin === issuer) return { onward: location.pathname }
  const written = location.hash === '' ? location.search : location.hash.slice(1)
  return Object.fromEntries(new URLSearchParams(written))
}
