import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { newApplication, signIn } from '../../support/flows/application.ts'
import { form, newSender } from '../../support/flows/sender.ts'
import type { Fields, Send } from '../../support/oauth/answer.ts'
import type { ServiceCredentials } from '../../support/flows/service-client.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let server: TestServer
let send: Send
let access_token: string

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
  const tokens = await signIn(
    send,
    newApplication(send, server.demo.spa),
    server.demo.user,
    'openid read read:users',
  )
  access_token = String(tokens.access_token)
})

afterAll(() => server.close())

interface Passage {
  readonly status: number
  /** What the backend behind nginx would see. */
  readonly headers: Fields
}

/** The access phase of the nginx sample. The credentials are what has to be added to it. */
async function passNginx(
  authorization: string | undefined,
  credentials: Partial<ServiceCredentials>,
): Promise<Passage> {
  if (authorization === undefined || !authorization.includes('Bearer ')) return { status: 401, headers: {} }
  const token = authorization.slice('Bearer '.length)
  const { body } = await send('/oauth/introspect', form({ token, ...credentials }))
  if (body.active !== true) return { status: 401, headers: {} }
  return {
    status: 200,
    headers: { 'X-User-ID': String(body.sub), 'X-User-Scope': String(body.scope) },
  }
}

describe('the guide’s nginx with Lua', () => {
  test('lets a live token through, and tells the backend whose it is and what it may do', async () => {
    expect(await passNginx(`Bearer ${access_token}`, server.demo.resource_server)).toEqual({
      status: 200,
      headers: { 'X-User-ID': 'alice', 'X-User-Scope': 'openid read read:users' },
    })
  })

  test.each([
    ['no header', () => undefined],
    ['another scheme', () => 'Basic YWxpY2U6cGFzc3dvcmQ='],
    ['a token that is none', () => 'Bearer nonsense'],
    ['a token whose signature was cut', () => `Bearer ${access_token.slice(0, -4)}`],
    ['a token without signature', () => `Bearer ${access_token.replace(/[^.]+$/, '')}`],
  ])('lets nothing through with %s', async (_case, authorization) => {
    expect(await passNginx(authorization(), server.demo.resource_server)).toMatchObject({ status: 401 })
  })

  /** RFC 7662 §2.1, §4: without authentication anyone could try out tokens. The sample as printed therefore closes. */
  test('as printed, without client authentication, lets nothing through and is told what to add', async () => {
    expect(await passNginx(`Bearer ${access_token}`, {})).toEqual({ status: 401, headers: {} })
    const answer = await send('/oauth/introspect', form({ token: access_token }))
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(answer.body.error_description).toBe(
      'authenticate as a confidential client: send client_id and client_secret by HTTP Basic or in the form body, or client_assertion',
    )
    expect(answer.headers.get('www-authenticate')).toMatch(/^Basic /)
    expect(answer.body).not.toHaveProperty('active')
  })
})

describe('the guide’s nginx with JavaScript', () => {
  /** The sample reads the payload without the signature. The claims are where it looks, and here they are also verified. */
  test('finds sub, scope and exp in the token, whose signature holds against our published keys', async () => {
    const part = access_token.split('.')[1] ?? ''
    const payload: unknown = JSON.parse(atob(part.replaceAll('-', '+').replaceAll('_', '/')))
    expect(payload).toMatchObject({ sub: 'alice', scope: 'openid read read:users', exp: expect.any(Number) })
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', server.url))
    const verified = await jwtVerify(access_token, keys, {
      issuer: server.url,
      audience: server.url,
      typ: 'at+jwt',
      algorithms: ['ES256'],
    })
    expect(verified.payload).toEqual(payload)
  })
})
