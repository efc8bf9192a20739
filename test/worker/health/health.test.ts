import {
  createExecutionContext,
  createScheduledController,
  reset,
  waitOnExecutionContext,
} from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { base64url } from '../../../src/platform/encoding.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { signingAlgs } from '../../../src/signing/signing-key.ts'
import worker from '../../../src/worker.ts'

const issuer = 'https://gate.example'
const otherSecret = base64url(systemRandom(32))
const tables = [
  'account_links',
  'accounts',
  'api_keys',
  'clients',
  'plans',
  'revocations',
  'sessions',
  'sign_ups',
  'signing_keys',
  'snapshots',
]

afterEach(() => {
  vi.restoreAllMocks()
})

describe('GET /healthz 200', () => {
  test('says that nothing is missing once the schedule has made the keys', async () => {
    const deployment = deployed()
    await worker.scheduled(createScheduledController(), deployment)
    const { status, headers, body } = await get('/healthz', deployment)
    expect(status).toBe(200)
    expect(body).toEqual({ status: 'ready', missing: [] })
    expect(headers.get('cache-control')).toBe('no-store')
  })
})

describe('GET /healthz, asked often', () => {
  /** Anybody may ask it, without a limit. */
  test('opens no sealed key again', async () => {
    const deployment = deployed()
    await worker.scheduled(createScheduledController(), deployment)
    await get('/healthz', deployment)
    const decrypt = vi.spyOn(crypto.subtle, 'decrypt')
    const imported = vi.spyOn(crypto.subtle, 'importKey')
    expect(await get('/healthz', deployment)).toMatchObject({ status: 200 })
    expect([decrypt.mock.calls.length, imported.mock.calls.length]).toEqual([0, 0])
  })
})

describe('GET /healthz 503', () => {
  test('names every table when no migration was applied, and how to apply them', async () => {
    await reset()
    const { status, body } = await get('/healthz')
    expect(status).toBe(503)
    expect(names(body)).toEqual(tables.map((table) => `schema: table ${table}`))
    expect(body.missing[0].remedy).toContain('npx wrangler d1 migrations apply DB --remote')
  })

  test.each(tables)('names the table %s when it alone is not there', async (table) => {
    await env.DB.prepare(`DROP TABLE ${table}`).run()
    const { status, body } = await get('/healthz')
    expect(status).toBe(503)
    expect(names(body)).toEqual([`schema: table ${table}`])
  })

  test('names the signing keys before the schedule has made them', async () => {
    const { status, body } = await get('/healthz')
    expect(status).toBe(503)
    expect(body.status).toBe('not_ready')
    expect(names(body)).toEqual(signingAlgs.map((alg) => `signing key ${alg}`))
  })

  /** Somebody has replaced the secret: the keys are there, and nobody can sign with them. */
  test('names signing keys that were sealed under another secret', async () => {
    await worker.scheduled(createScheduledController(), deployed())
    const { status, body } = await get('/healthz', deployed({ GATEWRIGHT_SECRET: otherSecret }))
    expect(status).toBe(503)
    expect(names(body)).toEqual(signingAlgs.map((alg) => `signing key ${alg}`))
  })

  test('names the database when it does not answer', async () => {
    const { status, body } = await get('/healthz', deployed({ DB: silentDatabase }))
    expect(status).toBe(503)
    expect(names(body)).toEqual(['database'])
  })

  test.each([
    ['a secret that was never put', 'GATEWRIGHT_SECRET', undefined, 'must be 32 random bytes in base64url'],
    ['a secret that is too short', 'GATEWRIGHT_SECRET', 'hunter2', 'must be 32 random bytes in base64url'],
    ['an issuer that is missing', 'ISSUER', undefined, 'must be an https origin'],
    ['an issuer with a path', 'ISSUER', 'https://gate.example/login', 'must be an https origin'],
    ['a variable with a value that it does not have', 'REGISTRATION', 'perhaps', 'must be closed or open'],
  ])('names %s and the rule, and does not show the value', async (_case, name, value, rule) => {
    const { status, headers, body } = await get('/healthz', deployed({ [name]: value }))
    expect(status).toBe(503)
    expect(names(body)).toEqual([name])
    expect(body.missing[0].remedy).toContain(`${name} ${rule}`)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(JSON.stringify(body)).not.toContain(String(value))
  })

  test('is what every other path answers without settings, so that nothing is half served', async () => {
    const deployment = deployed({ GATEWRIGHT_SECRET: undefined })
    for (const path of ['/', '/oauth/token', '/v1/catalog', '/sign-in']) {
      const { status, headers, body } = await get(path, deployment)
      expect({ status, missing: names(body) }).toEqual({ status: 503, missing: ['GATEWRIGHT_SECRET'] })
      expect(headers.get('retry-after')).toBe('60')
      expect(headers.get('x-request-id')).toMatch(/^req_[\w-]{22}$/)
    }
  })
})

describe('GET /healthz 400', () => {
  test('refuses a query that can be read in two ways', async () => {
    const { status, headers, body } = await get('/healthz?probe=1&probe=2')
    expect(status).toBe(400)
    expect(body).toMatchObject({
      error: { code: 'request_malformed', details: { request_id: headers.get('x-request-id') } },
    })
  })
})

/** A deployment in an isolate of its own, with some of its environment as somebody else might have left it. */
function deployed(changes: Readonly<Record<string, unknown>> = {}): Env {
  return Object.assign({ ...env, ISSUER: issuer }, changes)
}

/** D1 refuses what it cannot do with an error like this one. */
const silentDatabase = {
  prepare() {
    throw new Error('D1_ERROR: internal error')
  },
}

async function get(path: string, deployment = deployed()) {
  const context = createExecutionContext()
  const response = await worker.fetch(new Request(`${issuer}${path}`), deployment, context)
  await waitOnExecutionContext(context)
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) }
}

function names(body: { readonly missing: readonly { readonly name: string }[] }): readonly string[] {
  return body.missing.map(({ name }) => name)
}
