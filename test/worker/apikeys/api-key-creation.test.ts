import { describe, expect, test } from 'vitest'

import { readApiKey } from '../../../src/apikeys/api-key.ts'
import { managementBodyBytesMax } from '../../../src/platform/bounds.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { management, storedKeys, wanted } from '../../support/apikeys/management.ts'
import { addPlan, MAC_KEY } from '../../support/limits/rows.ts'
import { NOW, tokenWith, withBearer } from '../../support/signing/door.ts'

describe('POST /v1/api-keys 201', () => {
  test('shows a working key once, and stores no more than the digest of its secret', async () => {
    const { call } = await management()
    const { status, headers, body } = await call('POST', '/v1/api-keys', wanted)
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('no-store')
    const { key, ...shown } = body
    expect(shown).toEqual({
      ...wanted,
      key_id: shown.key_id,
      environment: 'live',
      plan: null,
      created_at: NOW,
      expires_at: null,
      revoked_at: null,
    })
    const read = readApiKey(new Secret(key), MAC_KEY)
    const secret_digest = read.ok ? read.value.secret_digest : undefined
    expect(await storedKeys()).toEqual([{ ...shown, secret_digest }])
    const { body: list } = await call('GET', '/v1/api-keys')
    expect(list.api_keys).toEqual([shown])
  })

  test('takes a plan, an end and a label', async () => {
    const { call } = await management()
    await addPlan('large', 300, 400)
    const asked = { ...wanted, plan: 'large', expires_at: NOW + 1, environment: 'test', scope: 'write read' }
    const { status, body } = await call('POST', '/v1/api-keys', asked)
    expect(status).toBe(201)
    expect(body).toMatchObject(asked)
    expect(body.key).toMatch(/^gwk_test_/)
  })
})

describe('POST /v1/api-keys 400', () => {
  test('names each field that is missing, wrong or unknown, and creates nothing', async () => {
    const { call } = await management()
    const faulty: readonly (readonly [unknown, string])[] = [
      [{ ...wanted, name: undefined }, '/body/name'],
      [{ ...wanted, name: '' }, '/body/name'],
      [{ ...wanted, name: 'n'.repeat(201) }, '/body/name'],
      [{ ...wanted, client_id: 7 }, '/body/client_id'],
      [{ ...wanted, scope: null }, '/body/scope'],
      [{ ...wanted, scope: 's'.repeat(1025) }, '/body/scope'],
      [{ ...wanted, expires_at: '2030-01-01' }, '/body/expires_at'],
      [{ ...wanted, expires_at: 1.5 }, '/body/expires_at'],
      [{ ...wanted, environment: 'prod' }, '/body/environment'],
      [{ ...wanted, plan: '' }, '/body/plan'],
      [{ ...wanted, scopes: ['read'] }, '/body'],
    ]
    for (const [body, pointer] of faulty) {
      const answer = await call('POST', '/v1/api-keys', body)
      expect(answer, pointer).toMatchObject({
        status: 400,
        body: { error: { code: 'request_malformed', details: { faults: [{ pointer }] } } },
      })
    }
    expect(await storedKeys()).toEqual([])
  })
})

describe('POST /v1/api-keys 401', () => {
  test('asks for a token before anything is created', async () => {
    const { call } = await management()
    const { status, headers, body } = await call('POST', '/v1/api-keys', wanted, {})
    expect(status).toBe(401)
    expect(headers.get('www-authenticate')).toMatch(/^Bearer /)
    expect(body.error.code).toBe('credentials_missing')
    expect(await storedKeys()).toEqual([])
  })
})

describe('POST /v1/api-keys 403', () => {
  test('needs the scope manage', async () => {
    const { call, keyRing } = await management()
    const reader = withBearer(await tokenWith(keyRing, { scope: 'read write' }))
    expect(await call('POST', '/v1/api-keys', wanted, reader)).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_insufficient', details: { scope: 'manage' } } },
    })
    expect(await storedKeys()).toEqual([])
  })
})

describe('POST /v1/api-keys 413', () => {
  test('reads no body above its bound', async () => {
    const { call } = await management()
    const answer = await call('POST', '/v1/api-keys', { ...wanted, name: 'n'.repeat(managementBodyBytesMax) })
    expect(answer).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } })
  })
})

describe('POST /v1/api-keys 415', () => {
  test('takes JSON only', async () => {
    const { knock, operator } = await management()
    const answer = await knock('POST', '/v1/api-keys', {
      headers: operator,
      body: new URLSearchParams(wanted),
    })
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'media_type_unsupported' } } })
  })
})

describe('POST /v1/api-keys 422', () => {
  test('lists everything that does not fit what is there, and creates nothing', async () => {
    const { call } = await management()
    const asked = { ...wanted, scope: 'read manage', plan: 'none such', expires_at: NOW }
    const { status, body } = await call('POST', '/v1/api-keys', asked)
    expect(status).toBe(422)
    expect(body.error.code).toBe('document_invalid')
    expect(body.error.details.faults.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/body/scope',
      '/body/plan',
      '/body/expires_at',
    ])
    expect(await storedKeys()).toEqual([])
  })

  test('refuses a client that is not there, and a scope that is not one', async () => {
    const { call } = await management()
    const nobody = await call('POST', '/v1/api-keys', { ...wanted, client_id: 'nobody' })
    expect(nobody.body.error.details.faults).toMatchObject([{ pointer: '/body/client_id' }])
    const spaced = await call('POST', '/v1/api-keys', { ...wanted, scope: 'read  write' })
    expect(spaced.body.error.details.faults).toMatchObject([{ pointer: '/body/scope' }])
    expect(await storedKeys()).toEqual([])
  })
})
