import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { newApplication, signIn } from '../../support/flows/application.ts'
import { bearer, form, json, newSender } from '../../support/flows/sender.ts'
import type { Send } from '../../support/oauth/answer.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let server: TestServer
let send: Send
let ofService: string
let ofAlice: string

beforeAll(async () => {
  server = await startTestServer()
  send = newSender(server.url)
  const { client_id, client_secret } = server.demo.service
  const grant = { grant_type: 'client_credentials', client_id, client_secret, scope: 'authorize' }
  ofService = String((await send('/oauth/token', form(grant))).body.access_token)
  const tokens = await signIn(send, newApplication(send, server.demo.spa), server.demo.user, 'openid')
  ofAlice = String(tokens.access_token)
})

afterAll(() => server.close())

/** What the guide's program sends, word for word but for the person. */
function question(user_id: string) {
  return {
    principal: { type: 'User', id: user_id },
    action: { type: 'Action', id: 'read' },
    resource: { type: 'document', id: 'confidential_report.pdf' },
    context: { time: '2024-01-15T14:30:00Z', ip_address: '192.168.1.100' },
  }
}

/** The guide's program: only a 200 that says Allow is a yes. */
async function checkPermission(token: string, user_id: string): Promise<boolean> {
  const { status, body } = await send('/v1/authorize', json(question(user_id), bearer(token).headers))
  return status === 200 && body.decision === 'Allow'
}

describe('the guide’s authorization check', () => {
  test('as a service with the scope authorize: alice may read the report, mallory may not', async () => {
    expect(await checkPermission(ofService, 'alice')).toBe(true)
    expect(await checkPermission(ofService, 'mallory')).toBe(false)
    const denied = await send('/v1/authorize', json(question('mallory'), bearer(ofService).headers))
    expect(denied).toMatchObject({ status: 200, body: { decision: 'Deny' } })
  })

  test('without a context it decides the same', async () => {
    const { context: _, ...bare } = question('alice')
    const answer = await send('/v1/authorize', json(bare, bearer(ofService).headers))
    expect(answer).toMatchObject({ status: 200, body: { decision: 'Allow' } })
  })

  test('as alice herself: she is answered about herself, and about nobody else', async () => {
    expect(await checkPermission(ofAlice, 'alice')).toBe(true)
    expect(await checkPermission(ofAlice, 'mallory')).toBe(false)
    const refused = await send('/v1/authorize', json(question('mallory'), bearer(ofAlice).headers))
    expect(refused).toMatchObject({ status: 403, body: { error: { code: 'principal_forbidden' } } })
  })

  test('without a token it is a no', async () => {
    const answer = await send('/v1/authorize', json(question('alice')))
    expect(answer).toMatchObject({ status: 401, body: { error: { code: 'credentials_missing' } } })
  })
})
