import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { describe, expect, test } from 'vitest'

import { digestOf, newAccount, revocationRows } from './vault.ts'

const TIMES = 200

describe('the object of one account, asked many times at once', () => {
  /** RFC 6749 §4.1.2: the others are replays, so they end what the winner obtained. */
  test('of 200 parallel redemptions of one code one succeeds, and the grant has ended', async () => {
    const { mint, authorize, redeem, refresh, grant_id } = newAccount()
    await authorize()
    const attempts = Array.from({ length: TIMES }, () => mint('refresh_token'))
    const answers = await Promise.all(attempts.map((token) => redeem(token)))
    const winners = attempts.filter((_token, index) => answers[index]?.ok)
    expect(winners).toHaveLength(1)
    const failures = answers.filter((answer) => !answer.ok)
    expect(failures).toEqual(
      Array.from({ length: TIMES - 1 }, () => ({ ok: false, failure: { reason: 'code_spent', grant_id } })),
    )
    for (const token of winners) expect(await refresh(token)).toEqual({ reason: 'grant_ended' })
    expect(await revocationRows()).toMatchObject([{ kind: 'grant', id: grant_id }])
  })

  test('of 200 redemptions with a wrong verifier none succeeds, and the right one still does', async () => {
    const { mint, authorize, redeem } = newAccount()
    await authorize()
    const wrong = await Promise.all(
      Array.from({ length: TIMES }, () => redeem(mint('refresh_token'), 'another')),
    )
    expect(new Set(wrong.map((answer) => (answer.ok ? 'ok' : answer.failure.reason)))).toEqual(
      new Set(['verifier_mismatch']),
    )
    expect(await redeem(mint('refresh_token'))).toMatchObject({ ok: true })
    expect(await revocationRows()).toEqual([])
  })

  test('200 parallel refreshes with one token all give the same successor, and it works', async () => {
    const { refresh, signIn, stub } = newAccount()
    const first = await signIn()
    const answers = await Promise.all(Array.from({ length: TIMES }, () => refresh(first)))
    const [token, ...others] = new Set(answers.map((answer) => answer.token?.reveal()))
    expect(others).toEqual([])
    expect(answers.filter(({ was }) => was === 'taken')).toHaveLength(1)
    expect(answers.filter(({ was }) => was === 'sealed')).toHaveLength(TIMES - 1)
    const live = await runInDurableObject(stub, (_object, state) =>
      state.storage.sql.exec('SELECT COUNT(*) AS count FROM refresh_tokens WHERE spent_at IS NULL').one(),
    )
    expect(live).toEqual({ count: 1 })
    const successor = answers.find((answer) => answer.token?.reveal() === token)?.token ?? first
    expect(await refresh(successor)).toMatchObject({ was: 'taken' })
  })
})

describe('the object of one account, evicted or killed', () => {
  test('a spent code stays spent and a retry still gives the same successor after an eviction', async () => {
    const { redeem, refresh, signIn, mint, stub } = newAccount()
    const first = await signIn()
    const { token } = await refresh(first)
    await evictDurableObject(stub)
    expect((await refresh(first)).token?.reveal()).toBe(token?.reveal())
    await evictDurableObject(stub)
    expect(await redeem(mint('refresh_token'))).toMatchObject({ failure: { reason: 'code_spent' } })
  })

  /** Each client goes on with the last token it was given, as if nothing had happened. */
  test('killed in the middle of refreshes, nothing that was acknowledged is lost', async () => {
    const accounts = await Promise.all(
      Array.from({ length: 10 }, async () => {
        const account = newAccount()
        return { account, token: await account.signIn() }
      }),
    )
    let acknowledged = 0
    let reachHalf = () => {}
    const half = new Promise<void>((resolve) => {
      reachHalf = resolve
    })
    const refreshUntilKilled = async (client: (typeof accounts)[number]) => {
      for (let turn = 0; turn < 20; turn += 1) {
        const { token, reason } = await client.account.refresh(client.token)
        if (token === undefined) throw new Error(`an honest client was refused: ${reason}`)
        client.token = token
        acknowledged += 1
        if (acknowledged === 100) reachHalf()
      }
    }
    const running = Promise.allSettled(accounts.map(refreshUntilKilled))
    await half
    await abortAllDurableObjects()
    const outcomes = await running
    expect(outcomes.filter(({ status }) => status === 'rejected')).not.toEqual([])
    for (const client of accounts)
      expect((await client.account.refresh(client.token)).token).not.toBeUndefined()
    expect(await revocationRows()).toEqual([])
  })
})

describe('the object of one account, told to end a grant', () => {
  test('D1 knows of it before the answer', async () => {
    const { revoke, grant_id, signIn, refresh } = newAccount()
    const first = await signIn()
    expect(await revoke(first)).toEqual({ grant_id, isAnnounced: true })
    expect(await revocationRows()).toMatchObject([{ kind: 'grant', id: grant_id }])
    expect(await refresh(first)).toEqual({ reason: 'grant_ended' })
    await revoke(first)
    expect(await revocationRows()).toHaveLength(1)
  })

  test('another client can neither end it nor see it end', async () => {
    const { vault, vault_id, signIn, refresh } = newAccount()
    const first = await signIn()
    const token_digest = digestOf('refresh_token', first)
    expect(await vault.revokeRefreshToken(vault_id, { token_digest, client_id: 'other' })).toBeUndefined()
    expect(await refresh(first)).toMatchObject({ was: 'taken' })
    expect(await revocationRows()).toEqual([])
  })

  test('the token of one account is unknown to every other', async () => {
    const [owner, other] = [newAccount(), newAccount()]
    const first = await owner.signIn()
    await other.signIn()
    expect(await other.refresh(first)).toEqual({ reason: 'token_unknown' })
    expect(await owner.refresh(first)).toMatchObject({ was: 'taken' })
  })
})
