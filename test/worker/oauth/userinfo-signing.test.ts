import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { openDb } from '../../../src/db/client.ts'
import { keyRingStore } from '../../../src/signing/key-ring.store.ts'
import { tokenWorld } from '../../support/oauth/token-world.ts'
import { newIsolate } from '../../support/oauth/world.ts'

const UNAVAILABLE = { status: 503, body: { error: 'temporarily_unavailable' } }

/** A token of a client that wants its answers signed, while nothing can sign them. */
async function keylessWorld() {
  const { app, tokensOf } = await tokenWorld({ userinfo_signed_response_alg: 'PS256' })
  const { access_token } = await tokensOf(app)
  const store = keyRingStore(openDb(env.DB))
  const lost = (await store.list()).filter(({ alg }) => alg === 'PS256')
  await store.remove(lost.map(({ kid }) => kid))
  return access_token
}

/** An unsigned answer would pass for one that was tampered with, and the client could not tell. */
describe('GET /oauth/userinfo 503', () => {
  test('answers nothing unsigned to a client that registered for signed answers', async () => {
    const headers = { authorization: `Bearer ${await keylessWorld()}` }
    expect(await newIsolate().send('/oauth/userinfo', { headers })).toMatchObject(UNAVAILABLE)
  })
})

describe('POST /oauth/userinfo 503', () => {
  test('answers nothing unsigned there either', async () => {
    const body = new URLSearchParams({ access_token: await keylessWorld() })
    expect(await newIsolate().send('/oauth/userinfo', { method: 'POST', body })).toMatchObject(UNAVAILABLE)
  })
})
