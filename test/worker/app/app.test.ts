import { env } from 'cloudflare:workers'
import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { describe, expect, test, vi } from 'vitest'

import { createApp } from '../../../src/app.ts'
import { openDb } from '../../../src/db/client.ts'
import type { HttpEnv } from '../../../src/http/context.ts'
import { operations } from '../../../src/operations.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { newIsolate } from '../../support/oauth/world.ts'

const issuer = 'https://gate.example'
const requestId = /^req_[\w-]{22}$/
const cause = 'the column password_phc of alice holds $scrypt$'

/** The doors with one room, and behind them a gateway that tells when it is reached. */
function doors(room = new Hono<HttpEnv>()) {
  const gateway = new Hono<HttpEnv>().all('*', (c) => c.text(`gateway ${c.req.path}`))
  const app = createApp({
    issuer,
    clock: () => 1_800_000_000_000,
    random: systemRandom,
    operations,
    rooms: [room],
    gateway,
  })
  return async (path: string, init: RequestInit = {}) => {
    const answer = await app.fetch(new Request(`${issuer}${path}`, init))
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
}

/** A room whose every route has the same bug. */
function broken() {
  return new Hono<HttpEnv>().all('*', () => {
    throw new Error(cause)
  })
}

/** A room that asks D1 for what it does not have, and so is thrown at by D1 itself. */
function querying() {
  const query = sql`SELECT * FROM missing_table WHERE email = ${'alice@example.com'}`
  return new Hono<HttpEnv>().all('*', async (c) => c.json(await openDb(env.DB).all(query)))
}

describe('a path below a door of ours', () => {
  test.each([
    '/oauth/nothing',
    '/oauth',
    '/oauth/token/extra',
    '/auth/nothing',
    '/clients/extra',
    '/v1/nothing',
    '/v1',
    '/v1/signing-keys',
    '/access/v1/evaluation',
    '/.well-known/nothing',
    '/account/nothing',
    '/console/nothing',
    '/portal/nothing',
    '/sign-in/extra',
    '/%6Fauth/nothing',
  ])('%s is not found, and is never looked for behind the gateway', async (path) => {
    const { status, text } = await doors()(path)
    expect(status).toBe(404)
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'not_found' } })
  })

  test.each(['/', '/api/users', '/oauthish', '/v10', '/my/oauth/token'])(
    '%s is none, and goes to the gateway',
    async (path) => {
      expect(await doors()(path)).toMatchObject({ status: 200, text: `gateway ${path}` })
    },
  )
})

describe('a method that a path of ours does not answer', () => {
  test.each([
    ['DELETE', '/v1/catalog', 'GET, PUT'],
    ['GET', '/v1/authorize', 'POST'],
    ['PATCH', '/v1/api-keys/ak_1', 'DELETE'],
    ['POST', '/healthz', 'GET'],
    ['POST', '/openapi.json', 'GET'],
  ])('%s %s is 405, with those that it does', async (method, path, allow) => {
    const { status, headers, text } = await doors()(path, { method })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe(allow)
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'method_not_allowed' } })
  })

  test.each([
    ['GET', '/oauth/token', 'POST'],
    ['PUT', '/oauth/introspect', 'POST'],
    ['DELETE', '/clients', 'POST'],
    ['GET', '/auth/token', 'POST'],
  ])('%s %s is refused as RFC 6749 §5.2 has it', async (method, path, allow) => {
    const { status, headers, text } = await doors()(path, { method })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe(allow)
    expect(JSON.parse(text)).toEqual({
      error: 'invalid_request',
      error_description: 'this endpoint answers POST only',
    })
  })

  test('DELETE /sign-in is refused with a page', async () => {
    const { status, headers, text } = await doors()('/sign-in', { method: 'DELETE' })
    expect(status).toBe(405)
    expect(headers.get('allow')).toBe('GET, POST')
    expect(headers.get('content-type')).toContain('text/html')
    expect(text).toContain(headers.get('x-request-id'))
  })
})

describe('a bug', () => {
  test('is answered 500 internal at the doors of the envelope, without what went wrong', async () => {
    const { status, headers, text } = await doors(broken())('/v1/catalog')
    expect(status).toBe(500)
    expect(JSON.parse(text)).toEqual({
      error: {
        code: 'internal',
        message: 'Something went wrong here. It has been recorded.',
        details: { request_id: headers.get('x-request-id') },
      },
    })
  })

  test('is answered 500 internal behind the gateway too', async () => {
    const { status, text } = await doors(broken())('/api/users')
    expect(status).toBe(500)
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'internal' } })
    expect(text).not.toContain('password_phc')
  })

  test.each(['/oauth/token', '/auth/token', '/clients'])(
    'is answered server_error at %s, without what went wrong',
    async (path) => {
      const { status, headers, text } = await doors(broken())(path, { method: 'POST' })
      expect(status).toBe(500)
      expect(headers.get('x-request-id')).toMatch(requestId)
      expect(headers.get('cache-control')).toBe('no-store')
      expect(JSON.parse(text)).toEqual({
        error: 'server_error',
        error_description: 'something went wrong here; it has been recorded',
      })
    },
  )

  test.each(['/sign-in', '/consent', '/oauth/authorize'])(
    'is told to a person at %s on a page with the request id',
    async (path) => {
      const { status, headers, text } = await doors(broken())(path)
      expect(status).toBe(500)
      expect(headers.get('content-type')).toContain('text/html')
      expect(text).toContain(headers.get('x-request-id'))
      expect(text).not.toContain('password_phc')
    },
  )

  test('is told to the log, under the request id that the caller was given', async () => {
    const written = vi.spyOn(console, 'error').mockReturnValue()
    const { headers } = await doors(broken())('/v1/catalog?token=secret')
    const lines = written.mock.calls.map(([line]) => JSON.parse(String(line)))
    written.mockRestore()
    expect(lines).toMatchObject([
      { event: 'bug', request_id: headers.get('x-request-id'), error: cause, path: '/v1/catalog' },
    ])
    expect(JSON.stringify(lines)).not.toContain('secret')
  })
})

describe('an object that fails', () => {
  test.each(['retryable', 'overloaded'])(
    '%s, is an outage, and whoever called may try again',
    async (mark) => {
      const written = vi.spyOn(console, 'error').mockReturnValue()
      const unreached = new Hono<HttpEnv>().all('*', () => {
        throw Object.assign(new Error('cut off'), { [mark]: true })
      })
      const { status, headers } = await doors(unreached)('/oauth/logout')
      const events = written.mock.calls.map(([line]) => JSON.parse(String(line)).event)
      written.mockRestore()
      expect(status).toBe(503)
      expect(headers.get('retry-after')).toBe('1')
      expect(events).toEqual(['object_failed'])
    },
  )
})

describe('a database that fails', () => {
  test('is told to the log without the parameters of the query', async () => {
    const written = vi.spyOn(console, 'error').mockReturnValue()
    const { status } = await doors(querying())('/v1/catalog')
    const lines = written.mock.calls.map(([line]) => String(line))
    written.mockRestore()
    expect(status).toBe(503)
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ event: 'database_failed' }])
    expect(lines.join('')).not.toContain('alice@example.com')
  })
})

describe('X-Request-Id', () => {
  test.each([
    ['GET', '/healthz'],
    ['GET', '/openapi.json'],
    ['GET', '/.well-known/jwks.json'],
    ['GET', '/.well-known/openid-configuration'],
    ['POST', '/oauth/token'],
    ['POST', '/oauth/introspect'],
    ['GET', '/oauth/userinfo'],
    ['OPTIONS', '/oauth/token'],
    ['GET', '/oauth/authorize'],
    ['GET', '/sign-in'],
    ['GET', '/account'],
    ['POST', '/v1/authorize'],
    ['GET', '/v1/nothing'],
    ['PUT', '/oauth/token'],
    ['GET', '/nothing/published'],
    ['GET', '/api//users'],
  ])('%s %s carries one of our own', async (method, path) => {
    const { headers } = await newIsolate().send(path, { method, headers: { 'x-request-id': 'theirs' } })
    expect(headers.get('x-request-id')).toMatch(requestId)
  })

  test('is on an answer without a body as well', async () => {
    const { status, headers, text } = await doors()('/openapi.json', { method: 'HEAD' })
    expect({ status, text }).toEqual({ status: 200, text: '' })
    expect(headers.get('x-request-id')).toMatch(requestId)
  })

  test('differs from request to request', async () => {
    const call = doors()
    const ids = await Promise.all([call('/'), call('/'), call('/v1/x')])
    expect(new Set(ids.map(({ headers }) => headers.get('x-request-id'))).size).toBe(3)
  })
})

describe('Accept: application/problem+json', () => {
  /** RFC 9457 §3. */
  test('gets the same refusal as a problem document', async () => {
    const { status, headers, text } = await doors()('/v1/nothing', {
      headers: { accept: 'application/problem+json, application/json;q=0.5' },
    })
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(text)).toEqual({
      type: 'urn:gatewright:error:not_found',
      title: 'Nothing is published at this path.',
      status: 404,
      code: 'not_found',
      request_id: headers.get('x-request-id'),
    })
  })

  test('gets a bug as one too', async () => {
    const { headers, text } = await doors(broken())('/v1/catalog', {
      headers: { accept: 'application/problem+json' },
    })
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(JSON.parse(text)).toMatchObject({ status: 500, code: 'internal' })
  })

  /** RFC 6749 §5.2 knows one form of error, and clients read no other. */
  test('changes nothing at an OAuth door', async () => {
    const { headers } = await doors()('/oauth/token', { headers: { accept: 'application/problem+json' } })
    expect(headers.get('content-type')).toBe('application/json')
  })
})
