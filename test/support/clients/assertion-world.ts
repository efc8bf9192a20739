import { exportJWK, generateKeyPair, SignJWT, type JWK, type JWTHeaderParameters } from 'jose'

import { assertionType } from '../../../src/clients/client-assertion.ts'
import type { Fields } from '../oauth/answer.ts'
import { clientWith, type ClientChanges } from '../oauth/clients.ts'
import { amplePlan, issuer, newWorld } from '../oauth/world.ts'

export interface ClientKey {
  readonly privateKey: CryptoKey
  readonly jwk: JWK
}

/** A key pair as a client has one: the private part to sign with, the public one to register. */
export async function clientKey(alg = 'ES256', kid = 'key-1'): Promise<ClientKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export interface AssertionChanges {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Partial<JWTHeaderParameters>
  readonly key?: CryptoKey | Uint8Array
}

let assertions = 0

/** An assertion that is in order but for what a test changes; a claim that is set to undefined is left out. */
export async function assertionOf(
  client_id: string,
  { privateKey, jwk }: ClientKey,
  { claims = {}, header = {}, key = privateKey }: AssertionChanges = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  assertions += 1
  const all = {
    iss: client_id,
    sub: client_id,
    aud: issuer,
    exp: now + 60,
    iat: now,
    jti: `jti-${assertions}`,
    ...claims,
  }
  return new SignJWT(all).setProtectedHeader({ alg: 'ES256', kid: jwk.kid ?? '', ...header }).sign(key)
}

/** A deployment with a client that proves itself by assertions, and what it says to the token endpoint. */
export async function assertionWorld(changes: ClientChanges = {}) {
  const world = await newWorld()
  const key = await clientKey()
  const client = await world.register({
    ...clientWith(
      { client_id: 'robot' },
      {
        token_endpoint_auth_method: 'private_key_jwt',
        redirect_uris: [],
        grant_types: ['client_credentials'],
        response_types: [],
        scope: 'read write introspect',
        jwks: { keys: [key.jwk] },
        ...changes,
      },
    ),
    plan: amplePlan,
  })
  const signed = (edits: AssertionChanges = {}) => assertionOf(client.client_id, key, edits)
  const present = (client_assertion: string, more: Fields = {}) =>
    world.token({
      grant_type: 'client_credentials',
      client_assertion,
      client_assertion_type: assertionType,
      ...more,
    })
  /** Signs with changes, presents, and answers what came back in a word: the status and the error. */
  const attempt = async (edits: AssertionChanges = {}, more: Fields = {}) => {
    const { status, body } = await present(await signed(edits), more)
    return status === 200 ? 'granted' : `${status} ${String(body['error'])}`
  }
  return { ...world, key, client, signed, present, attempt }
}
