import { env } from 'cloudflare:workers'
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { assert } from '../../../src/platform/assert.ts'
import { readSettings } from '../../../src/settings.ts'
import { createGatewright } from '../../../src/wiring/gatewright.ts'

const settings = readSettings(env)
assert(settings.ok, 'the test environment has settings')
const { app } = createGatewright(settings.value, env)

/** The runtime puts any Host into the address as it came, which the constructor of a request would refuse. */
async function sendTo(host: string, path: string, init: RequestInit = {}) {
  const request = new Request(`http://localhost${path}`, init)
  Object.defineProperty(request, 'url', { value: `http://${host}${path}` })
  const context = createExecutionContext()
  const answer = await app.fetch(request, {}, context)
  await waitOnExecutionContext(context)
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** RFC 9112 §3.2: a Host that cannot be one is 400. Whatever the request asks for, it names no place to ask. */
describe('a Host that is none', () => {
  describe.each(['[', 'a b', 'a:99999', '%00'])('%s', (host) => {
    test('is invalid_request at an OAuth endpoint', async () => {
      const { status, text } = await sendTo(host, '/oauth/token', { method: 'POST' })
      expect({ status, ...JSON.parse(text) }).toMatchObject({ status: 400, error: 'invalid_request' })
    })

    test.each(['/v1/catalog', '/healthz?probe=1', '/orders/7', '/'])(
      'is request_malformed at %s',
      async (path) => {
        const { status, headers, text } = await sendTo(host, path)
        expect({ status, ...JSON.parse(text) }).toMatchObject({
          status: 400,
          error: { code: 'request_malformed', details: { request_id: headers.get('x-request-id') } },
        })
      },
    )

    test('is a page for people', async () => {
      const { status, text } = await sendTo(host, '/sign-in')
      expect(status).toBe(400)
      expect(text).toContain('This request cannot be read')
    })
  })

  test('another name than ours is one', async () => {
    expect(await sendTo('evil.example:81', '/.well-known/openid-configuration')).toMatchObject({
      status: 200,
    })
  })
})
