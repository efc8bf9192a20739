import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'

import { createApp } from '../../../src/app.ts'
import type { HttpEnv } from '../../../src/http/context.ts'
import { operations } from '../../../src/operations.ts'
import { systemRandom } from '../../../src/platform/random.ts'

const issuer = 'https://gate.example'

/** The doors with a room whose database never answers. */
async function ask(path: string) {
  const room = new Hono<HttpEnv>().all('*', () => {
    throw new Error('D1_ERROR: Network connection lost.')
  })
  const ports = { issuer, clock: () => 1_800_000_000_000, random: systemRandom, operations }
  const app = createApp({ ...ports, rooms: [room], gateway: new Hono<HttpEnv>() })
  const answer = await app.fetch(new Request(`${issuer}${path}`))
  const { status, headers } = answer
  return {
    status,
    retry: headers.get('retry-after'),
    id: headers.get('x-request-id'),
    text: await answer.text(),
  }
}

/** Trap 10 of the platform: what is overloaded or gone is 503 with Retry-After; 500 says that we are broken. */
describe('a database that does not answer', () => {
  test.each([
    ['/oauth/token', '"error":"temporarily_unavailable"'],
    ['/oauth/register/some-client', '"error":"temporarily_unavailable"'],
    ['/v1/catalog', '"code":"unavailable"'],
    ['/sign-in', 'This is not available at the moment'],
    ['/api/users', '"code":"unavailable"'],
  ])('is 503 in the dialect of %s, and tells nothing of itself', async (path, words) => {
    const { status, retry, id, text } = await ask(path)
    expect({ status, retry }).toEqual({ status: 503, retry: '1' })
    expect(text).toContain(words)
    expect(text).not.toContain('D1')
    expect(id).toMatch(/^req_/)
  })
})
