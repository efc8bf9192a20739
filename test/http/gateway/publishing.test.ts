import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { answers, startLoopback, type Loopback } from '../../support/gateway/loopback.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

const Token = z.object({ access_token: z.string() })

describe('the gateway as it is started', () => {
  let server: TestServer
  let upstream: Loopback

  beforeAll(async () => {
    upstream = await startLoopback({ '*': answers('200 OK', [], 'reached') })
    server = await startTestServer()
  })
  afterAll(async () => {
    await server.close()
    await upstream.close()
  })

  async function tokenOf(
    client: { readonly client_id: string; readonly client_secret: string },
    scope: string,
  ) {
    const answer = await fetch(`${server.url}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', scope, ...client }),
    })
    return Token.parse(await answer.json()).access_token
  }

  test('lets a client through with the token that it gave it, and with its API key', async () => {
    const { service, api_key, routes } = server.demo
    const token = await tokenOf(
      { client_id: service.client_id, client_secret: service.client_secret },
      'read',
    )
    const url = `${server.url}${routes.users}`
    const byToken = await fetch(url, { headers: { authorization: `Bearer ${token}` } })
    const byKey = await fetch(url, { headers: { 'x-api-key': api_key } })
    expect([byToken.status, byKey.status]).toEqual([200, 200])
    expect(await byToken.json()).toEqual(await byKey.json())
    expect(byToken.headers.get('x-ratelimit-limit')).toBe('60')
    expect((await fetch(url)).status).toBe(401)
  })

  test('serves what is published within two seconds, and no longer what is taken away', async () => {
    const token = await tokenOf(server.demo.operator, 'manage')
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const document = {
      upstreams: [{ name: 'loopback', origin: upstream.origin }],
      routes: [
        {
          method: 'GET',
          path: '/new/{thing}',
          upstream: 'loopback',
          authentication: { api_key: false, tokens: false },
        },
      ],
    }
    expect((await fetch(`${server.url}/new/one`)).status).toBe(404)
    const put = await fetch(`${server.url}/v1/catalog`, {
      method: 'PUT',
      headers,
      body: JSON.stringify(document),
    })
    expect(put.status).toBe(200)
    const statusOf = async (path: string) => (await fetch(`${server.url}${path}`)).status
    await expect.poll(() => statusOf('/new/one'), { timeout: 2_500, interval: 50 }).toBe(200)
    expect(await statusOf(server.demo.routes.users)).toBe(404)
  })
})
