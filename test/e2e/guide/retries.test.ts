import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { newApplication, signIn, type Application } from '../../support/flows/application.ts'
import { bearer, newSender } from '../../support/flows/sender.ts'
import type { Answer, Send } from '../../support/oauth/answer.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let server: TestServer
let send: Send
let application: Application

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
  application = newApplication(send, server.demo.spa)
})

afterAll(() => server.close())

/** The guide's browser program: a refused call is made once more with a new token, when there is one to be had. */
class RetryingClient {
  #access_token: string
  #refresh_token: string
  readonly statuses: number[] = []

  constructor(tokens: Answer['body']) {
    this.#access_token = String(tokens.access_token)
    this.#refresh_token = String(tokens.refresh_token)
  }

  get access_token(): string {
    return this.#access_token
  }

  async call(path: string): Promise<Answer> {
    const first = await this.#call(path)
    return first.status === 401 && (await this.#refresh()) ? this.#call(path) : first
  }

  async #call(path: string): Promise<Answer> {
    const answer = await send(path, bearer(this.#access_token))
    this.statuses.push(answer.status)
    return answer
  }

  async #refresh(): Promise<boolean> {
    const { status, body } = await application.refresh(this.#refresh_token)
    if (status !== 200) return false
    this.#access_token = String(body.access_token)
    this.#refresh_token = String(body.refresh_token)
    return true
  }
}

async function signedIn(): Promise<{ readonly client: RetryingClient; readonly tokens: Answer['body'] }> {
  const tokens = await signIn(send, application, server.demo.user, 'openid read')
  return { client: new RetryingClient(tokens), tokens }
}

/**
 * Revoked tokens stand for expired ones as well: both are a 401 with `invalid_token`, and an hour cannot be waited for
 * here. What the gateway says of an expired token is in `test/worker/gateway/authenticate.test.ts`, under a clock of its own.
 */
describe('the guide’s retry after 401', () => {
  test('refreshes once when the access token was revoked, and then gets its answer', async () => {
    const { client, tokens } = await signedIn()
    expect((await client.call('/api/users')).status).toBe(200)
    expect((await application.revoke(tokens.access_token)).status).toBe(200)
    const refused = await send('/api/users', bearer(tokens.access_token))
    expect(refused).toMatchObject({ status: 401, body: { error: { code: 'token_revoked' } } })
    expect(refused.headers.get('www-authenticate')).toMatch(/^Bearer .*error="invalid_token"/)
    expect((await client.call('/api/users')).status).toBe(200)
    expect(client.statuses).toEqual([200, 401, 200])
  })

  test('does the same at userinfo', async () => {
    const { client, tokens } = await signedIn()
    await application.revoke(tokens.access_token)
    expect(await client.call('/oauth/userinfo')).toMatchObject({ status: 200, body: { sub: 'alice' } })
    expect(client.statuses).toEqual([401, 200])
  })

  test('has to sign in again once the refresh token was revoked, which ends the access token too', async () => {
    const { client, tokens } = await signedIn()
    await application.revoke(tokens.refresh_token)
    expect((await client.call('/api/users')).status).toBe(401)
    expect(client.statuses).toEqual([401])
    expect(await application.refresh(tokens.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    })
  })
})
