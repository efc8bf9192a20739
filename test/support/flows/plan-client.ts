import { createRemoteJWKSet, jwtVerify, type JWTPayload } from 'jose'

import { assert } from '../../../src/platform/assert.ts'
import type { Answer, Fields } from '../oauth/answer.ts'
import { newVisit } from '../oauth/visit.ts'
import type { TestServer } from '../server.ts'
import { travel, type Visit } from './application.ts'
import { form, json, newSender } from './sender.ts'

export const redirect_uri = 'https://rp.example/callback?kept=yes'

/** What came of a sign-in, with the ID token verified. */
export interface SignedIn {
  readonly body: Answer['body']
  readonly claims: JWTPayload
}

/**
 * A relying party as the OpenID Foundation's plans have one: it registers itself, proves itself by its secret, sends no
 * PKCE, and its person has a browser that runs no script.
 */
export async function registerPlanClient(server: TestServer, metadata: object = {}) {
  const send = newSender(server.url)
  const { user } = server.demo
  const registration = await send('/oauth/register', json({ redirect_uris: [redirect_uri], ...metadata }))
  assert(registration.status === 201, `the client is registered, got ${registration.text}`)
  const client_id = String(registration.body['client_id'])
  const client_secret = String(registration.body['client_secret'])
  const authorization = `Basic ${btoa(`${client_id}:${client_secret}`)}`
  const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', server.url))

  const pathOf = (more: Fields = {}): string => {
    const parameters = {
      response_type: 'code',
      client_id,
      redirect_uri,
      scope: 'openid',
      state: 'S',
      ...more,
    }
    return `/oauth/authorize?${new URLSearchParams(parameters).toString()}`
  }
  const token = (grant: Fields) => send('/oauth/token', { ...form(grant), headers: { authorization } })
  const redeem = (code: string) => token({ grant_type: 'authorization_code', code, redirect_uri })
  const verify = async (id_token: unknown): Promise<JWTPayload> => {
    const expected = { issuer: server.url, audience: client_id }
    return (await jwtVerify(String(id_token), keys, expected)).payload
  }
  /** Goes through whatever pages come, and redeems the code that is at their end. */
  const signIn = async (visit: Visit, more: Fields = {}): Promise<SignedIn> => {
    const { location } = await travel(visit, pathOf(more), user)
    const { status, body } = await redeem(location.searchParams.get('code') ?? location.search)
    assert(status === 200, `tokens come back, got ${JSON.stringify(body)}`)
    return { body, claims: await verify(body['id_token']) }
  }
  const newBrowser = (): Visit => newVisit(send)
  return { registration: registration.body, send, pathOf, token, redeem, verify, signIn, newBrowser }
}

export type PlanClient = Awaited<ReturnType<typeof registerPlanClient>>
