import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { form, json, newSender } from '../../support/flows/sender.ts'
import { ServiceClient } from '../../support/flows/service-client.ts'
import type { Send } from '../../support/oauth/answer.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let server: TestServer
let send: Send

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
})

afterAll(() => server.close())

const users = z.array(z.object({ id: z.number(), name: z.string(), email: z.string() })).min(1)

describe.each([
  ['Python', form],
  ['Node.js', json],
])('the guide’s %s service', (_language, encode) => {
  let client: ServiceClient

  beforeEach(() => {
    client = new ServiceClient(send, server.demo.service, encode)
  })

  test('gets a token for the scope that it asks for, and keeps it', async () => {
    const answer = await client.requestToken()
    expect(answer).toMatchObject({
      status: 200,
      body: { token_type: 'Bearer', expires_in: 3600, scope: 'read write' },
    })
    expect(await client.accessToken()).toBe(await client.accessToken())
  })

  test('calls the protected API and gets a list', async () => {
    const answer = await client.call('GET', server.demo.routes.users)
    expect(answer.status).toBe(200)
    expect(users.safeParse(answer.body).error).toBe(undefined)
  })

  test('introspects its own token, which is active and has sub and scope', async () => {
    const answer = await client.introspect(await client.accessToken())
    expect(answer).toMatchObject({
      status: 200,
      body: { active: true, sub: server.demo.service.client_id, scope: 'read write' },
    })
  })
})

describe('the guide’s Rust service', () => {
  /** Its structures name every member that they need and the type of each; a number with a fraction would not be read. */
  const tokenResponse = z.object({
    access_token: z.string(),
    token_type: z.string(),
    expires_in: z.int().nonnegative(),
  })
  const introspectionResponse = z.object({
    active: z.boolean(),
    sub: z.string().nullish(),
    scope: z.string().nullish(),
    exp: z.int().nonnegative().nullish(),
  })

  test('reads both answers into its structures, and calls the API', async () => {
    const client = new ServiceClient(send, server.demo.service, form)
    const { access_token } = tokenResponse.parse((await client.requestToken()).body)
    const introspection = introspectionResponse.parse((await client.introspect(access_token)).body)
    expect(introspection).toMatchObject({ active: true, sub: 'service', scope: 'read write' })
    expect(introspection.exp).toBeGreaterThan(Date.now() / 1000)
    expect((await client.call('GET', server.demo.routes.users)).status).toBe(200)
  })

  test('reads the answer about a token that is none', async () => {
    const client = new ServiceClient(send, server.demo.service, form)
    const { status, body } = await client.introspect('no token of ours')
    expect({ status, introspection: introspectionResponse.parse(body) }).toEqual({
      status: 200,
      introspection: { active: false },
    })
  })
})

describe('a service with the wrong secret', () => {
  /** The programs show `error_description` to whoever runs them. */
  test.each([
    ['a form', form],
    ['JSON', json],
  ])('is told in a sentence what to check, in answer to %s', async (_encoding, encode) => {
    const client = new ServiceClient(send, { ...server.demo.service, client_secret: 'wrong' }, encode)
    expect(await client.requestToken()).toMatchObject({
      status: 401,
      body: { error: 'invalid_client', error_description: expect.stringContaining('check the identifier') },
    })
  })
})
