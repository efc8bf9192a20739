import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { assert } from '../../../src/platform/assert.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

const QUESTION = {
  action: { type: 'Action', id: 'read' },
  resource: { type: 'document', id: 'confidential_report.pdf' },
  context: { time: '2024-01-15T14:30:00Z', ip_address: '192.168.1.100' },
}

let server: TestServer | undefined

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(async () => {
  await server?.close()
})

async function serviceToken(scope: string): Promise<string> {
  assert(server !== undefined, 'the server has started')
  const { client_id, client_secret } = server.demo.service
  const answer = await fetch(`${server.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id, client_secret, scope }),
  })
  return z.object({ access_token: z.string() }).parse(await answer.json()).access_token
}

async function ask(
  token: string,
  text: string,
): Promise<{ readonly status: number; readonly body: unknown }> {
  assert(server !== undefined, 'the server has started')
  const answer = await fetch(`${server.url}/v1/authorize`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: text,
  })
  return { status: answer.status, body: await answer.json() }
}

const about = (id: string) => JSON.stringify({ principal: { type: 'User', id }, ...QUESTION })

describe('POST /v1/authorize, served', () => {
  test('the guide’s own request is allowed for alice, and the same is denied to mallory', async () => {
    const token = await serviceToken('authorize')
    expect(await ask(token, about('alice'))).toMatchObject({ status: 200, body: { decision: 'Allow' } })
    expect(await ask(token, about('mallory'))).toMatchObject({ status: 200, body: { decision: 'Deny' } })
  })

  test('a client that was not granted the scope authorize is told which scope it lacks', async () => {
    expect(await ask(await serviceToken('read'), about('alice'))).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_insufficient', details: { scope: 'authorize' } } },
    })
  })

  /** One isolate serves all of them, so the last answer shows that none of them did it any harm. */
  test('no hostile body is a 500, an Allow, or the end of the isolate', async () => {
    const token = await serviceToken('authorize')
    const contexts = [
      '{"a":'.repeat(31) + '1' + '}'.repeat(31),
      `${'['.repeat(5_000)}${']'.repeat(5_000)}`,
      '{"time":"\\ud800"}',
      '{"\\ud800":1}',
      '{"ip_address":{"__extn":{"fn":"ip","arg":"::/0"}}}',
      '{"ip_address":{"fn":"ip","arg":{"fn":"ip","arg":"::/0"}}}',
      '{"time":{"fn":"datetime","args":[]}}',
      '{"time":"9999999999999999-01-01"}',
      `{"time":"${'9'.repeat(60_000)}"}`,
      `{"ip_address":"${'1.'.repeat(30_000)}"}`,
      `{"a":[${'1,'.repeat(30_000)}1]}`,
      `{${Array.from({ length: 5_000 }, (_, at) => `"a${at}":1`).join()}}`,
      '{"__proto__":{"ip_address":"192.168.1.1"}}',
      '{"a":1e999}',
      '{"a":-0.0}',
    ]
    const text = about('mallory').replace(/"context":.*$/, '"context":')
    const answers = await Promise.all(contexts.map(async (context) => ask(token, `${text}${context}}`)))
    expect(answers.map(({ status }) => status)).toEqual(contexts.map(() => 400))
    expect(await ask(token, about('alice'))).toMatchObject({
      status: 200,
      body: { decision: 'Allow', errors: [] },
    })
  })
})
