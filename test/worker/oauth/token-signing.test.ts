import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { openDb } from '../../../src/db/client.ts'
import { sha256 } from '../../../src/platform/digest.ts'
import { keyRingStore } from '../../../src/signing/key-ring.store.ts'
import { confidentialClient } from '../../support/oauth/clients.ts'
import { codeWorld } from '../../support/oauth/code-world.ts'
import { amplePlan, newIsolate, newWorld, redemptionOf } from '../../support/oauth/world.ts'

const store = keyRingStore(openDb(env.DB))

/** Takes the keys of one algorithm away, and answers what puts them back. */
async function loseKeys(alg: string) {
  const lost = (await store.list()).filter((key) => key.alg === alg)
  await store.remove(lost.map(({ kid }) => kid))
  return () => store.insert(lost)
}

/** Asks an isolate that has no memory of keys. */
const askToken = (fields: Readonly<Record<string, string>>) =>
  newIsolate().send('/oauth/token', { method: 'POST', body: new URLSearchParams(fields) })

/** What is spent without an answer ends the sign-in of somebody who did nothing wrong. */
describe('POST /oauth/token 503, when no key signs', () => {
  test.each(['ES256', 'RS256'])(
    'spends no code without %s, so it works once the key is back',
    async (alg) => {
      const { client, code } = await codeWorld({ id_token_signed_response_alg: 'RS256' })
      const restore = await loseKeys(alg)
      const refused = await askToken(redemptionOf(client, code))
      expect(refused).toMatchObject({ status: 503, body: { error: 'temporarily_unavailable' } })
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
      await restore()
      expect(await askToken(redemptionOf(client, code))).toMatchObject({ status: 200 })
    },
  )

  test('rotates no refresh token', async () => {
    const { token, client, code } = await codeWorld()
    const { body } = await token(redemptionOf(client, code))
    const refresh = {
      grant_type: 'refresh_token',
      client_id: client.client_id,
      refresh_token: String(body.refresh_token),
    }
    const restore = await loseKeys('ES256')
    expect(await askToken(refresh)).toMatchObject({ status: 503 })
    await restore()
    expect(await askToken(refresh)).toMatchObject({ status: 200 })
  })

  test('goes on without the algorithm of ID tokens for a client that gets none', async () => {
    const { register, codeFor, client, cookie } = await codeWorld()
    await register({ ...client, metadata: { ...client.metadata, scope: 'read' } })
    const code = await codeFor(client, cookie, { scope: 'read' })
    await loseKeys('RS256')
    expect(await askToken(redemptionOf(client, code))).toMatchObject({ status: 200 })
  })

  test('is over as soon as the keys are there, also in an isolate that has looked for them', async () => {
    const { client, code } = await codeWorld()
    const restore = await loseKeys('ES256')
    const isolate = newIsolate()
    const ask = () =>
      isolate.send('/oauth/token', {
        method: 'POST',
        body: new URLSearchParams(redemptionOf(client, code)),
      })
    expect(await ask()).toMatchObject({ status: 503 })
    await restore()
    await expect.poll(async () => (await ask()).status, { timeout: 4_000 }).toBe(200)
  })
})

describe('POST /auth/token 503, when no key signs', () => {
  test('says so for an API key as well', async () => {
    const world = await newWorld()
    const { client_id } = await world.register({ ...confidentialClient(sha256('a secret')), plan: amplePlan })
    const { api_key } = await world.apiKey({ client_id, scope: 'read' })
    await loseKeys('ES256')
    const body = new URLSearchParams({ grant_type: 'api_key', api_key })
    expect(await newIsolate().send('/auth/token', { method: 'POST', body })).toMatchObject({
      status: 503,
      body: { error: 'temporarily_unavailable' },
    })
  })
})
