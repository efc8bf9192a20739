import { decodeJwt, decodeProtectedHeader } from 'jose'
import { env } from 'cloudflare:workers'
import { afterEach, describe, expect, test, vi } from 'vitest'

import { snapshotAgeMaxMs } from '../../../src/platform/bounds.ts'
import { invoices, orders, ordersClient } from '../../support/oauth/resources.ts'
import { asService, claimsNow, service, signed, tokenWorld } from '../../support/oauth/token-world.ts'
import { newIsolate } from '../../support/oauth/world.ts'

const INACTIVE = { active: false }

afterEach(() => {
  vi.useRealTimers()
})

async function inspectElsewhere(isolate: ReturnType<typeof newIsolate>, token: string, strict = 'false') {
  const body = new URLSearchParams({ token, strict })
  return isolate.send('/oauth/introspect', { method: 'POST', body, headers: asService(ordersClient) })
}

/** Somebody asks about tokens to find out which are good. RFC 7662 §4. */
describe('somebody who asks about a token', () => {
  test('does not authenticate: learns nothing', async () => {
    const { app, tokensOf, post } = await tokenWorld()
    const { access_token: token } = await tokensOf(app)
    const answer = await post('/oauth/introspect', { token })
    expect(answer.status).toBe(401)
    expect(answer.body).not.toHaveProperty('active')
  })

  test('is a public client: learns nothing, not even of its own token', async () => {
    const { app, tokensOf, post } = await tokenWorld()
    const { access_token: token } = await tokensOf(app)
    const answer = await post('/oauth/introspect', { token, client_id: app.client_id })
    expect(answer.status).toBe(401)
    expect(answer.body).not.toHaveProperty('active')
  })

  test('is another client: a live token looks like none', async () => {
    const { app, tokensOf, introspect } = await tokenWorld()
    const { access_token, refresh_token } = await tokensOf(app, { resource: [orders] })
    expect((await introspect('other', access_token)).body).toEqual(INACTIVE)
    expect((await introspect('other', refresh_token)).body).toEqual(INACTIVE)
  })

  test('is the API of another resource: a live token looks like none', async () => {
    const { app, tokensOf, introspect } = await tokenWorld()
    const { access_token } = await tokensOf(app, { resource: [invoices] })
    expect((await introspect(ordersClient, access_token)).body).toEqual(INACTIVE)
  })

  test('is the API that a token is for, and asks about the refresh token beside it: learns nothing', async () => {
    const { app, tokensOf, introspect } = await tokenWorld()
    const { access_token, refresh_token } = await tokensOf(app, { resource: [orders] })
    expect((await introspect(ordersClient, access_token)).body).toMatchObject({ active: true })
    expect((await introspect(ordersClient, refresh_token)).body).toEqual(INACTIVE)
  })

  test('wants to know the account behind a pairwise subject: it is in no answer', async () => {
    const { app, tokensOf, introspect, register } = await tokenWorld({ subject_type: 'pairwise' })
    await register(service('auditor', { scope: 'introspect' }))
    const { access_token, refresh_token } = await tokensOf(app)
    for (const token of [access_token, refresh_token]) {
      const answer = await introspect('auditor', token)
      expect(answer.body).toMatchObject({ active: true, sub: decodeJwt(access_token).sub })
      expect(answer.text).not.toContain('alice')
    }
  })

  test('asks about a token before its nbf, or after its exp: it is inactive', async () => {
    const { introspect } = await tokenWorld()
    const now = Math.floor(Date.now() / 1000)
    const own = { client_id: 'service' }
    const early = await signed(claimsNow({ ...own, nbf: now + 120 }))
    const late = await signed(claimsNow({ ...own, exp: now }))
    expect((await introspect('service', early)).body).toEqual(INACTIVE)
    expect((await introspect('service', late)).body).toEqual(INACTIVE)
  })

  test('takes a signed answer for a token: its type and its claims are others', async () => {
    const { introspect } = await tokenWorld()
    const token = await signed(claimsNow({ client_id: 'service' }))
    const accept = 'application/token-introspection+jwt'
    const { text } = await introspect('service', token, {}, { accept })
    expect(decodeProtectedHeader(text).typ).toBe('token-introspection+jwt')
    expect(Object.keys(decodeJwt(text)).toSorted()).toEqual(['aud', 'iat', 'iss', 'token_introspection'])
  })
})

/** Somebody goes on with a token after it was revoked. */
describe('somebody whose token was revoked', () => {
  async function revokedWorld() {
    vi.useFakeTimers({ toFake: ['Date'] })
    const world = await tokenWorld()
    const { access_token, refresh_token } = await world.tokensOf(world.app, { resource: [orders] })
    const elsewhere = newIsolate()
    expect((await inspectElsewhere(elsewhere, access_token)).body).toMatchObject({ active: true })
    const revoke = (token: string) => world.post('/oauth/revoke', { token, client_id: world.app.client_id })
    return { ...world, access_token, refresh_token, elsewhere, revoke }
  }

  test('is stopped at once in the isolate that revoked it', async () => {
    const { introspect, revoke, refresh_token, access_token } = await revokedWorld()
    await revoke(refresh_token)
    expect((await introspect(ordersClient, access_token)).body).toEqual(INACTIVE)
  })

  test('is stopped everywhere else after two seconds', async () => {
    const { elsewhere, revoke, refresh_token, access_token } = await revokedWorld()
    await revoke(refresh_token)
    vi.setSystemTime(Date.now() + snapshotAgeMaxMs + 1)
    expect((await inspectElsewhere(elsewhere, access_token)).body).toEqual(INACTIVE)
  })

  test('is stopped at once everywhere for whoever asks strictly, by its grant', async () => {
    const { elsewhere, revoke, refresh_token, access_token } = await revokedWorld()
    await revoke(refresh_token)
    expect((await inspectElsewhere(elsewhere, access_token, 'true')).body).toEqual(INACTIVE)
  })

  test('is stopped at once everywhere for whoever asks strictly, by the token alone', async () => {
    const { elsewhere, revoke, access_token } = await revokedWorld()
    await revoke(access_token)
    expect((await inspectElsewhere(elsewhere, access_token, 'true')).body).toEqual(INACTIVE)
  })

  test('hopes for D1 to fail: whoever asks strictly is told that nobody knows', async () => {
    const { elsewhere, access_token } = await revokedWorld()
    await env.DB.exec('DROP TABLE revocations')
    expect(await inspectElsewhere(elsewhere, access_token, 'true')).toMatchObject({
      status: 503,
      body: { error: 'temporarily_unavailable' },
    })
  })

  test('hopes that D1 has not heard: the object of the grant is asked for whoever asks strictly', async () => {
    const { elsewhere, revoke, refresh_token, access_token } = await revokedWorld()
    await revoke(refresh_token)
    await env.DB.exec('DELETE FROM revocations')
    expect((await inspectElsewhere(elsewhere, access_token, 'true')).body).toEqual(INACTIVE)
  })
})
