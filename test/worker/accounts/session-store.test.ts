import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, test } from 'vitest'

import { accountStore } from '../../../src/accounts/account.store.ts'
import { sessionStore } from '../../../src/accounts/session.store.ts'
import { openDb } from '../../../src/db/client.ts'
import { sessionTtlSeconds } from '../../../src/platform/bounds.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'

const NOW = 1_800_000_000
const NOW_MS = NOW * 1000
const signIn = { account_id: 'alice', amr: ['pwd'] }

beforeEach(async () => {
  const alice = {
    email: 'alice@example.com',
    email_verified: true,
    claims: {},
    created_at: NOW,
    updated_at: NOW,
  }
  await accountStore(openDb(env.DB)).upsert({ account_id: 'alice', vault_id: 'vault-1', ...alice }, 'phc')
})

function store() {
  return sessionStore(openDb(env.DB), systemRandom)
}

async function find(cookieValue: Secret, nowMs: number) {
  const found = await store().findWithAccount(cookieValue, nowMs)
  return found?.session
}

async function rows() {
  const { results } = await env.DB.prepare('SELECT * FROM sessions').all()
  return results
}

describe('a session', () => {
  test('is found by its cookie with when and how the person signed in', async () => {
    const { session, cookieValue } = await store().start(signIn, NOW_MS)
    expect(session).toMatchObject({ ...signIn, auth_time: NOW, expires_at: NOW + sessionTtlSeconds })
    expect(await find(cookieValue, NOW_MS + 1000)).toEqual(session)
  })

  /** Clients learn the `sid` from ID tokens, and operators the table from backups. */
  test('opens neither to its sid nor to anything that the table holds', async () => {
    const { session, cookieValue } = await store().start(signIn, NOW_MS)
    const [row] = await rows()
    expect(JSON.stringify(row)).not.toContain(cookieValue.reveal())
    for (const guess of [session.sid, String(row?.['session_digest']), 'alice', '']) {
      expect(await find(new Secret(guess), NOW_MS)).toBeUndefined()
    }
  })

  test('ends when its time is up, to the second', async () => {
    const { cookieValue } = await store().start(signIn, NOW_MS)
    const end = NOW_MS + sessionTtlSeconds * 1000
    expect(await find(cookieValue, end - 1)).toMatchObject({ account_id: 'alice' })
    expect(await find(cookieValue, end)).toBeUndefined()
  })

  test('ends with signing out, and others go on', async () => {
    const first = await store().start(signIn, NOW_MS)
    const second = await store().start(signIn, NOW_MS)
    await store().end(first.cookieValue)
    expect(await find(first.cookieValue, NOW_MS)).toBeUndefined()
    expect(await find(second.cookieValue, NOW_MS)).toEqual(second.session)
  })

  test('ends with its account', async () => {
    const { cookieValue } = await store().start(signIn, NOW_MS)
    await env.DB.prepare("DELETE FROM accounts WHERE account_id = 'alice'").run()
    expect(await find(cookieValue, NOW_MS)).toBeUndefined()
  })
})

describe('signing in', () => {
  /** Session fixation: whoever planted or read the cookie before the sign-in must have nothing after it. */
  test('changes the cookie and the sid, and ends the session that the browser came with', async () => {
    const before = await store().start(signIn, NOW_MS)
    const after = await store().start({ ...signIn, previous: before.cookieValue }, NOW_MS + 1000)
    expect(after.cookieValue.reveal()).not.toBe(before.cookieValue.reveal())
    expect(after.session.sid).not.toBe(before.session.sid)
    expect(await find(before.cookieValue, NOW_MS + 1000)).toBeUndefined()
    expect(await rows()).toHaveLength(1)
  })

  test('does not adopt a cookie that the browser was given by somebody else', async () => {
    const planted = new Secret('p'.repeat(43))
    const { cookieValue } = await store().start({ ...signIn, previous: planted }, NOW_MS)
    expect(cookieValue.reveal()).not.toBe(planted.reveal())
    expect(await find(planted, NOW_MS)).toBeUndefined()
  })

  test('as somebody who does not exist starts nothing, and leaves the previous session alone', async () => {
    const before = await store().start(signIn, NOW_MS)
    const nobody = { account_id: 'nobody', amr: ['pwd'], previous: before.cookieValue }
    await expect(store().start(nobody, NOW_MS)).rejects.toThrow()
    expect(await find(before.cookieValue, NOW_MS)).toEqual(before.session)
  })
})

describe('sweeping sessions', () => {
  test('removes what has expired and nothing else', async () => {
    await store().start(signIn, NOW_MS)
    const later = await store().start(signIn, NOW_MS + 5000)
    await store().sweep(NOW_MS + sessionTtlSeconds * 1000)
    expect(await rows()).toMatchObject([{ sid: later.session.sid }])
  })
})
