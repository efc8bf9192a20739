import { describe, expect, test } from 'vitest'

import { redeem, type OneTime } from '../../../src/grants/redeem.ts'

const held: OneTime = {
  digest: 'digest',
  kind: 'refresh_token',
  bound: { client_id: 'spa', redirect_uri: null, code_challenge: null, dpop_jkt: null },
  issued_at: 1_000,
  expires_at: 1_060,
  spent_at: null,
}
const presented = { kind: 'refresh_token' as const, client_id: 'spa', dpop_jkt: null }
const refused = (reason: string, rest = {}) => ({ ok: false, failure: { reason, ...rest } })

describe('redeem', () => {
  test('what is redeemed comes back spent, and cannot be redeemed again', () => {
    const first = redeem(held, presented, 1_059)
    expect(first).toEqual({ ok: true, value: { ...held, spent_at: 1_059 } })
    expect(first.ok && redeem(first.value, presented, 1_059)).toEqual(refused('spent', { spent_at: 1_059 }))
  })

  test('it works until its expiry and not at it', () => {
    expect(redeem(held, presented, 1_060)).toEqual(refused('expired'))
  })

  test('a wrong binding is told before anything about its state', () => {
    const stranger = { ...presented, client_id: 'other' }
    expect(redeem({ ...held, spent_at: 1_001 }, stranger, 2_000)).toEqual(refused('client_mismatch'))
  })

  test('a replay is told as such even after the expiry', () => {
    expect(redeem({ ...held, spent_at: 1_001 }, presented, 2_000)).toEqual(
      refused('spent', { spent_at: 1_001 }),
    )
  })
})
