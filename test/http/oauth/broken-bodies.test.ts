import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { assert } from '../../../src/platform/assert.ts'
import { form, newSender } from '../../support/flows/sender.ts'
import { exchangeEnded } from '../../support/gateway/wire.ts'
import { startTestServer, type TestServer } from '../../support/server.ts'

let server: TestServer
let authorization: string

beforeAll(async () => {
  server = await startTestServer()
  const { client_id, client_secret } = server.demo.operator
  const grant = { grant_type: 'client_credentials', scope: 'manage', client_id, client_secret }
  const { status, body } = await newSender(server.url)('/oauth/token', form(grant))
  assert(status === 200, `the operator gets a token, got ${JSON.stringify(body)}`)
  authorization = `Authorization: Bearer ${String(body.access_token)}`
})

afterAll(async () => {
  await server.close()
})

const FORM = 'Content-Type: application/x-www-form-urlencoded'
const JSON_TYPE = 'Content-Type: application/json'

/** The fault is the sender's, so that is who must hear of it; an alarm about a bug would be raised by anybody. */
describe('a body that breaks off', () => {
  test.each([
    ['shorter than announced', 'Content-Length: 50', 'grant'],
    ['with a chunk that has no length', 'Transfer-Encoding: chunked', '5\r\ngrant\r\nzz\r\n'],
    ['without its last chunk', 'Transfer-Encoding: chunked', '5\r\ngrant\r\n'],
  ])('is invalid_request at an OAuth endpoint: %s', async (_, framing, body) => {
    const answer = await exchangeEnded(server.url, ['POST /oauth/token HTTP/1.1', FORM, framing], body)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toEqual({
      error: 'invalid_request',
      error_description: 'the body ended before it was complete',
    })
  })

  test.each([
    ['shorter than announced', 'Content-Length: 50', '{"pla'],
    ['with a chunk that has no length', 'Transfer-Encoding: chunked', '5\r\n{"pla\r\nzz\r\n'],
    ['without its last chunk', 'Transfer-Encoding: chunked', '5\r\n{"pla\r\n'],
  ])('is request_malformed at a management endpoint: %s', async (_, framing, body) => {
    const head = ['PUT /v1/clients/spa/plan HTTP/1.1', authorization, JSON_TYPE, framing]
    const answer = await exchangeEnded(server.url, head, body)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.body)).toMatchObject({
      error: {
        code: 'request_malformed',
        details: { faults: [{ message: 'the body ended before it was complete' }] },
      },
    })
  })

  test('is not logged as a bug', () => {
    expect(server.logs.filter(({ message }) => message.includes('"bug"'))).toEqual([])
  })
})
