import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { apiKeyStore } from '../../../src/apikeys/api-key.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { management, wanted } from '../../support/apikeys/management.ts'
import { NOW, tokenWith, withBearer } from '../../support/signing/door.ts'

describe('GET /v1/api-keys 200', () => {
  test('pages through all keys once, newest first, without a secret or its digest', async () => {
    const { call } = await management()
    const store = apiKeyStore(openDb(env.DB))
    const ids = ['a', 'b', 'c', 'd', 'e'].map((letter) => letter.repeat(16))
    for (const [index, key_id] of ids.entries()) {
      const created_at = NOW - (index < 3 ? 10 : 20)
      const key = { ...wanted, key_id, created_at, environment: 'live', plan: null } as const
      await store.insert({ ...key, expires_at: null, revoked_at: null }, 'digest')
    }
    const seen: string[] = []
    let query = '?limit=2'
    for (let page = 0; page < 3; page += 1) {
      const { status, body } = await call('GET', `/v1/api-keys${query}`)
      expect(status).toBe(200)
      expect(JSON.stringify(body)).not.toContain('digest')
      seen.push(...body.api_keys.map(({ key_id }: { key_id: string }) => key_id.charAt(0)))
      query = `?limit=2&cursor=${body.next_cursor}`
    }
    expect(seen).toEqual(['c', 'b', 'a', 'e', 'd'])
    expect(query).toBe('?limit=2&cursor=null')
  })
})

describe('GET /v1/api-keys 400', () => {
  test('takes only a page size in bounds and a cursor of its own', async () => {
    const { call } = await management()
    const queries = [
      'limit=0',
      'limit=101',
      'limit=1e1',
      'limit=-1',
      'limit=+5',
      'cursor=x',
      'cursor=1.UPPER',
    ]
    for (const query of queries) {
      expect(await call('GET', `/v1/api-keys?${query}`), query).toMatchObject({
        status: 400,
        body: { error: { code: 'request_malformed' } },
      })
    }
  })
})

describe('GET /v1/api-keys 401', () => {
  test('tells nobody which keys there are', async () => {
    const { call } = await management()
    expect(await call('GET', '/v1/api-keys', undefined, {})).toMatchObject({ status: 401 })
  })
})

describe('GET /v1/api-keys 403', () => {
  test('needs the scope manage', async () => {
    const { call, keyRing } = await management()
    const reader = withBearer(await tokenWith(keyRing, { scope: 'managed' }))
    expect(await call('GET', '/v1/api-keys', undefined, reader)).toMatchObject({ status: 403 })
  })
})
