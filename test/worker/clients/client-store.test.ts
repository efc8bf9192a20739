import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { createClientCache } from '../../../src/clients/client-cache.ts'
import { clientStore } from '../../../src/clients/client.store.ts'
import type { Client } from '../../../src/clients/client.ts'
import { ClientMetadataSchema } from '../../../src/clients/metadata.contract.ts'
import { openDb } from '../../../src/db/client.ts'
import { clientAgeMaxMs } from '../../../src/platform/bounds.ts'

const NOW_MS = 1_800_000_000_000

const app: Client = {
  client_id: 'app',
  client_secret_digest: 'digest',
  metadata: ClientMetadataSchema.parse({
    redirect_uris: ['https://app.example/cb'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'client_secret_post',
    client_name: 'App',
    scope: 'openid read',
    id_token_signed_response_alg: 'ES256',
    application_type: 'native',
    post_logout_redirect_uris: [],
    refresh_token_rotation: true,
  }),
  first_party: true,
  plan: 'races',
  created_at: 1_700_000_000,
  updated_at: 1_700_000_000,
}

describe('a client in D1', () => {
  test('is read as it was written', async () => {
    const store = clientStore(openDb(env.DB))
    await store.insert(app)
    expect(await store.find('app')).toEqual(app)
  })

  test('is found by its exact identifier only', async () => {
    const store = clientStore(openDb(env.DB))
    await store.insert(app)
    expect(await store.find('APP')).toBeUndefined()
    expect(await store.find('app ')).toBeUndefined()
    expect(await store.find("app' or '1'='1")).toBeUndefined()
  })

  test('is not overwritten by an insertion under its identifier', async () => {
    const store = clientStore(openDb(env.DB))
    await store.insert(app)
    await expect(store.insert({ ...app, client_secret_digest: 'another' })).rejects.toThrow()
    expect(await store.find('app')).toEqual(app)
  })

  test('keeps its date of registration when it is seeded again', async () => {
    const store = clientStore(openDb(env.DB))
    await store.upsert(app)
    await store.upsert({ ...app, plan: null, created_at: 1_800_000_000, updated_at: 1_800_000_000 })
    expect(await store.find('app')).toEqual({ ...app, plan: null, updated_at: 1_800_000_000 })
  })
})

describe('the memory of clients in an isolate', () => {
  test('is at most its age behind D1', async () => {
    const store = clientStore(openDb(env.DB))
    await store.upsert(app)
    const { find } = createClientCache((client_id) => store.find(client_id))
    await find('app', NOW_MS)
    await env.DB.prepare("DELETE FROM clients WHERE client_id = 'app'").run()
    expect(await find('app', NOW_MS + clientAgeMaxMs - 1)).toEqual(app)
    expect(await find('app', NOW_MS + clientAgeMaxMs)).toBeUndefined()
    expect(await find('app', NOW_MS + clientAgeMaxMs)).toBeUndefined()
  })

  test('does not remember that a client was missing: one registered a moment later is found', async () => {
    const store = clientStore(openDb(env.DB))
    const { find } = createClientCache((client_id) => store.find(client_id))
    expect(await find('app', NOW_MS)).toBeUndefined()
    await store.insert(app)
    expect(await find('app', NOW_MS)).toEqual(app)
  })
})
