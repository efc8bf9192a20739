import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { management, storedKeys, storedRevocations, wanted } from '../../support/apikeys/management.ts'
import { NOW, tokenWith, withBearer } from '../../support/signing/door.ts'

describe('DELETE /v1/api-keys/{key_id} 204', () => {
  test('revokes the key and the tokens that were obtained with it, for as long as one may live', async () => {
    const { call, noted } = await management()
    const { body: created } = await call('POST', '/v1/api-keys', wanted)
    const answer = await call('DELETE', `/v1/api-keys/${created.key_id}`)
    expect(answer).toMatchObject({ status: 204, body: '' })
    const expires_at = NOW + 3600 + 30 + 30
    expect(await storedKeys()).toMatchObject([{ key_id: created.key_id, revoked_at: NOW }])
    expect(await storedRevocations()).toEqual([{ kind: 'grant', id: created.key_id, expires_at }])
    expect(noted).toEqual([`${created.key_id} ${expires_at}`])
  })

  test('may be repeated, and the first time stands', async () => {
    const { call } = await management()
    const { body: created } = await call('POST', '/v1/api-keys', wanted)
    await env.DB.exec(`UPDATE api_keys SET revoked_at = 5`)
    expect(await call('DELETE', `/v1/api-keys/${created.key_id}`)).toMatchObject({ status: 204 })
    expect(await call('DELETE', `/v1/api-keys/${created.key_id}`)).toMatchObject({ status: 204 })
    expect(await storedKeys()).toMatchObject([{ revoked_at: 5 }])
    expect(await storedRevocations()).toHaveLength(1)
  })
})

describe('DELETE /v1/api-keys/{key_id} 400', () => {
  test('takes no identifier above its bound', async () => {
    const { call } = await management()
    expect(await call('DELETE', `/v1/api-keys/${'k'.repeat(257)}`)).toMatchObject({
      status: 400,
      body: { error: { code: 'request_malformed' } },
    })
  })
})

describe('DELETE /v1/api-keys/{key_id} 401', () => {
  test('revokes nothing for a stranger', async () => {
    const { call } = await management()
    const { body: created } = await call('POST', '/v1/api-keys', wanted)
    expect(await call('DELETE', `/v1/api-keys/${created.key_id}`, undefined, {})).toMatchObject({
      status: 401,
    })
    expect(await storedKeys()).toMatchObject([{ revoked_at: null }])
    expect(await storedRevocations()).toEqual([])
  })
})

describe('DELETE /v1/api-keys/{key_id} 403', () => {
  test('needs the scope manage', async () => {
    const { call, keyRing } = await management()
    const { body: created } = await call('POST', '/v1/api-keys', wanted)
    const reader = withBearer(await tokenWith(keyRing, { scope: 'read' }))
    expect(await call('DELETE', `/v1/api-keys/${created.key_id}`, undefined, reader)).toMatchObject({
      status: 403,
    })
    expect(await storedKeys()).toMatchObject([{ revoked_at: null }])
  })
})

describe('DELETE /v1/api-keys/{key_id} 404', () => {
  test('writes nothing for a key that is not there', async () => {
    const { call, noted } = await management()
    expect(await call('DELETE', `/v1/api-keys/${'a'.repeat(16)}`)).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    })
    expect(await storedRevocations()).toEqual([])
    expect(noted).toEqual([])
  })
})
