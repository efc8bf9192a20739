import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { startUpstream, type Upstream } from '../../../scripts/upstream.ts'
import { assert } from '../../../src/platform/assert.ts'

let upstream: Upstream
let stateDir: string

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'gatewright-upstream-'))
  const started = await startUpstream({ port: 0, stateDir, onLog: () => undefined })
  assert(started.ok, 'the demo API starts')
  upstream = started.value
})

afterAll(async () => {
  await upstream.close()
  await rm(stateDir, { recursive: true })
})

describe('the demo API', () => {
  test('lists users as a bare array', async () => {
    const users = await (await fetch(`${upstream.origin}/api/users`)).json()
    expect(users).toContainEqual({ id: 123, name: 'John Doe', email: 'john@example.com' })
    expect(users).toContainEqual({ id: 1, name: 'Alice Liddell', email: 'alice@example.com' })
  })

  test('shows one user, and says in JSON when there is none', async () => {
    const known = await fetch(`${upstream.origin}/api/users/123`)
    const unknown = await fetch(`${upstream.origin}/api/users/124`)
    expect(await known.json()).toEqual({ id: 123, name: 'John Doe', email: 'john@example.com' })
    expect([unknown.status, await unknown.json()]).toEqual([404, { error: 'user_not_found', id: '124' }])
  })

  test('adds a user that is described well, and no other', async () => {
    const post = (body: string) => fetch(`${upstream.origin}/api/users`, { method: 'POST', body })
    const count = async () =>
      JSON.stringify(await (await fetch(`${upstream.origin}/api/users`)).json()).split('"id"').length
    const before = await count()
    const refused = await Promise.all(['', '[]', '{}', '{"name":1}', '{"name":"X","email":"x"}'].map(post))
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 400])
    expect(await count()).toBe(before)
    const added = await post('{"name":"Grace","email":"grace@example.com"}')
    expect([added.status, added.headers.get('location')]).toEqual([201, '/api/users/124'])
    expect(await count()).toBe(before + 1)
  })

  test('tells who it was told is calling, and which request it was', async () => {
    const headers = {
      'x-auth-subject': 'alice',
      'x-auth-client': 'spa',
      'x-auth-scopes': 'read write',
      'x-request-id': 'req_1',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    }
    const response = await fetch(`${upstream.origin}/me`, { headers })
    expect(await response.json()).toEqual({
      subject: 'alice',
      client_id: 'spa',
      scopes: ['read', 'write'],
      request_id: 'req_1',
      traceparent: headers.traceparent,
    })
    expect(response.headers.get('x-upstream-request-id')).toBe('req_1')
    expect(response.headers.get('x-upstream-traceparent')).toBe(headers.traceparent)
  })

  test('answers 405 with the methods that there are', async () => {
    const response = await fetch(`${upstream.origin}/api/users`, { method: 'DELETE' })
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET, POST'])
  })
})
