import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { openDb } from '../../../src/db/client.ts'
import { identityProviderRoutes } from '../../../src/federation/identity-provider.route.ts'
import { identityProviderStore } from '../../../src/federation/identity-provider.store.ts'
import { oauthBodyBytesMax } from '../../../src/platform/bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { json } from '../../support/clients/door.ts'
import { door, foundation, tokenWith, withBearer } from '../../support/signing/door.ts'

const PATH = '/v1/identity-providers/acme'
const SECRET = 'a secret of the provider'
const provider = {
  issuer: 'https://login.acme.com',
  client_id: 'gatewright',
  client_secret: SECRET,
  display_name: 'Acme',
}

async function withOperator() {
  const base = await foundation()
  const identityProviders = identityProviderStore(openDb(env.DB), new Uint8Array(32), systemRandom)
  const call = door(
    identityProviderRoutes({ bearer: base.bearer, loopbackIsAllowed: false, identityProviders }),
  )
  const operator = withBearer(await tokenWith(base.keyRing, {}))
  const reader = withBearer(await tokenWith(base.keyRing, { scope: 'read', jti: 'token-2' }))
  const put = (changes: object = {}, path = PATH) =>
    call('PUT', path, json({ ...provider, ...changes }, operator))
  const items = async () => (await call('GET', '/v1/identity-providers', { headers: operator })).body.items
  return { ...base, identityProviders, call, operator, reader, put, items }
}

describe('PUT /v1/identity-providers/{provider_id} 200', () => {
  test('writes a provider, and shows its secret to nobody', async () => {
    const { put, items, identityProviders } = await withOperator()
    const answer = await put()
    expect(answer).toMatchObject({
      status: 200,
      body: { provider_id: 'acme', scope: 'openid email profile' },
    })
    expect(JSON.stringify([answer.body, await items()])).not.toContain('secret')
    expect((await identityProviders.find('acme'))?.client_secret.reveal()).toBe(SECRET)
    const { results } = await env.DB.prepare('SELECT * FROM identity_providers').all()
    expect(JSON.stringify(results)).not.toContain(SECRET)
  })

  test('writes it anew, and keeps when it was made', async () => {
    const { put, items } = await withOperator()
    await put()
    await put({ display_name: 'Acme Inc.' })
    expect(await items()).toMatchObject([{ provider_id: 'acme', display_name: 'Acme Inc.' }])
  })

  /** Whoever can write the table would otherwise have the secret sent to a token endpoint of theirs. */
  test('a secret does not open in a row that names another issuer', async () => {
    const { put, identityProviders } = await withOperator()
    await put()
    await env.DB.prepare("UPDATE identity_providers SET issuer = 'https://evil.acme.com'").run()
    expect(await identityProviders.find('acme')).toBeUndefined()
  })
})

describe('PUT /v1/identity-providers/{provider_id} 400', () => {
  test('refuses a name that is not one', async () => {
    const { put } = await withOperator()
    const refused = { status: 400, body: { error: { code: 'request_malformed' } } }
    expect(await put({}, '/v1/identity-providers/A%20B')).toMatchObject(refused)
    expect(await put({ scope: 'email' })).toMatchObject(refused)
  })
})

describe('PUT /v1/identity-providers/{provider_id} 401', () => {
  test('asks for a token', async () => {
    const { call, items } = await withOperator()
    const refused = { status: 401, body: { error: { code: 'credentials_missing' } } }
    expect(await call('PUT', PATH, json(provider))).toMatchObject(refused)
    expect(await items()).toEqual([])
  })
})

describe('PUT /v1/identity-providers/{provider_id} 403', () => {
  test('asks for the scope manage', async () => {
    const { call, reader, items } = await withOperator()
    expect(await call('PUT', PATH, json(provider, reader))).toMatchObject({ status: 403 })
    expect(await items()).toEqual([])
  })
})

describe('PUT /v1/identity-providers/{provider_id} 409', () => {
  test('refuses an issuer that another provider has', async () => {
    const { put, items } = await withOperator()
    await put()
    expect(await put({}, '/v1/identity-providers/again')).toMatchObject({
      status: 409,
      body: { error: { code: 'version_conflict' } },
    })
    expect(await items()).toHaveLength(1)
  })
})

describe('PUT /v1/identity-providers/{provider_id} 413', () => {
  test('refuses a body beyond its bound', async () => {
    const { put } = await withOperator()
    expect(await put({ padding: 'x'.repeat(oauthBodyBytesMax) })).toMatchObject({ status: 413 })
  })
})

describe('PUT /v1/identity-providers/{provider_id} 415', () => {
  test('takes JSON only', async () => {
    const { call, operator } = await withOperator()
    const init = { headers: { ...operator, 'content-type': 'text/plain' }, body: '{}' }
    expect(await call('PUT', PATH, init)).toMatchObject({ status: 415 })
  })
})

describe('PUT /v1/identity-providers/{provider_id} 422', () => {
  test.each(['http://login.acme.com', 'https://10.0.0.1', 'https://localhost', 'https://metadata.internal'])(
    'refuses an issuer that this server must not ask: %s',
    async (issuer) => {
      const { put, items } = await withOperator()
      expect(await put({ issuer })).toMatchObject({
        status: 422,
        body: { error: { code: 'document_invalid', details: { faults: [{ pointer: '/body/issuer' }] } } },
      })
      expect(await items()).toEqual([])
    },
  )
})

describe('GET /v1/identity-providers 200', () => {
  test('lists them by name', async () => {
    const { put, items } = await withOperator()
    await put({ display_name: 'B' })
    await put({ issuer: 'https://id.acme.com', display_name: 'A' }, '/v1/identity-providers/other')
    expect(await items()).toMatchObject([{ display_name: 'A' }, { display_name: 'B' }])
  })
})

describe('DELETE /v1/identity-providers/{provider_id} 204', () => {
  test('removes a provider', async () => {
    const { call, operator, put, items } = await withOperator()
    await put()
    expect(await call('DELETE', PATH, { headers: operator })).toMatchObject({ status: 204 })
    expect(await items()).toEqual([])
  })
})

describe('DELETE /v1/identity-providers/{provider_id} 404', () => {
  test('says that there is none', async () => {
    const { call, operator } = await withOperator()
    expect(await call('DELETE', PATH, { headers: operator })).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    })
  })
})

describe('GET /v1/identity-providers 400', () => {
  test('refuses a query that cannot be read', async () => {
    const { call, operator } = await withOperator()
    expect(await call('GET', '/v1/identity-providers?a=%zz', { headers: operator })).toMatchObject({
      status: 400,
    })
  })
})

describe('GET /v1/identity-providers 401', () => {
  test('asks for a token', async () => {
    const { call } = await withOperator()
    expect(await call('GET', '/v1/identity-providers')).toMatchObject({ status: 401 })
  })
})

describe('GET /v1/identity-providers 403', () => {
  test('asks for the scope manage', async () => {
    const { call, reader } = await withOperator()
    expect(await call('GET', '/v1/identity-providers', { headers: reader })).toMatchObject({ status: 403 })
  })
})

describe('DELETE /v1/identity-providers/{provider_id} 400', () => {
  test('refuses a query that cannot be read', async () => {
    const { call, operator } = await withOperator()
    expect(await call('DELETE', `${PATH}?a=%zz`, { headers: operator })).toMatchObject({ status: 400 })
  })
})

describe('DELETE /v1/identity-providers/{provider_id} 401', () => {
  test('asks for a token', async () => {
    const { call } = await withOperator()
    expect(await call('DELETE', PATH)).toMatchObject({ status: 401 })
  })
})

describe('DELETE /v1/identity-providers/{provider_id} 403', () => {
  test('asks for the scope manage', async () => {
    const { call, reader } = await withOperator()
    expect(await call('DELETE', PATH, { headers: reader })).toMatchObject({ status: 403 })
  })
})
