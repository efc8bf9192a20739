import { describe, expect, test } from 'vitest'

import type { GuardedAccount } from '../../../src/accounts/account.ts'
import { authenticatePerson, type AuthenticationPorts } from '../../../src/people/sign-in/sign-in.ts'
import { Secret } from '../../../src/platform/secret.ts'

const alice: GuardedAccount = {
  account_id: 'alice',
  vault_id: 'v',
  email: 'alice@example.com',
  email_verified: true,
  claims: {},
  created_at: 0,
  updated_at: 0,
  has_second_factor: true,
}
const rate = { limit: 10, remaining: 9, resetSeconds: 60, windowSeconds: 60 }
const attempt = { email: 'alice@example.com', password: new Secret('right'), address: '203.0.113.7' }

/** Ports that write down in which order they were used. */
function recorded(changes: Partial<AuthenticationPorts['limiter']> = {}) {
  const steps: string[] = []
  const ports: AuthenticationPorts = {
    accounts: {
      findByEmail: async (email) =>
        email === alice.email ? { account: alice, password_phc: 'phc of right' } : undefined,
    },
    limiter: {
      take: async ({ kind }) => {
        steps.push(`take ${kind}`)
        return { admitted: true, rate, key: null }
      },
      refund: async ({ kind }) => {
        steps.push(`refund ${kind}`)
      },
      ...changes,
    },
    verifyPassword: async (password, phc) => {
      steps.push(`hash for ${phc ?? 'nobody'}`)
      return phc === `phc of ${password.reveal()}`
    },
    renewHash: async ({ password_phc }) => password_phc,
  }
  return { steps, ports }
}

/** Ports whose limiter refuses one kind of subject. */
function refusing(refused: string) {
  const { steps, ports } = recorded()
  const take: AuthenticationPorts['limiter']['take'] = async ({ kind }) => {
    steps.push(`take ${kind}`)
    return kind === refused
      ? { admitted: false, reason: 'limit_reached', rate, retryAfterSeconds: 42, key: null }
      : { admitted: true, rate, key: null }
  }
  return { steps, ports: { ...ports, limiter: { ...ports.limiter, take } } }
}

describe('authenticating a person', () => {
  test('counts before it hashes, and gives the slots back for the right password', async () => {
    const { steps, ports } = recorded()
    expect(await authenticatePerson(attempt, ports)).toEqual({
      ok: true,
      value: { account: alice, password_phc: 'phc of right' },
    })
    expect(steps).toEqual([
      'take sign_in_address',
      'take sign_in',
      'hash for phc of right',
      'refund sign_in_address',
      'refund sign_in',
    ])
  })

  /** Otherwise the time of the answer tells who has an account. */
  test.each([
    ['a wrong password', { password: new Secret('wrong') }, 'hash for phc of right'],
    ['an unknown address', { email: 'nobody@example.com' }, 'hash for nobody'],
  ])('hashes once and keeps the slots for %s', async (_, changes, hash) => {
    const { steps, ports } = recorded()
    const outcome = await authenticatePerson({ ...attempt, ...changes }, ports)
    expect(outcome).toEqual({ ok: false, failure: { reason: 'credentials_wrong' } })
    expect(steps).toEqual(['take sign_in_address', 'take sign_in', hash])
  })

  test('hashes nothing once the attempts are exhausted', async () => {
    const { steps, ports } = recorded({
      take: async () => ({
        admitted: false,
        reason: 'limit_reached',
        rate,
        retryAfterSeconds: 42,
        key: null,
      }),
    })
    const failure = { reason: 'attempts_exhausted', retryAfterSeconds: 42 }
    expect(await authenticatePerson(attempt, ports)).toEqual({ ok: false, failure })
    expect(steps).toEqual([])
  })

  /** Each made-up e-mail would wake an object of its own, which costs thirty times what asking a live one does. */
  test('asks about no account once the address is over its limit', async () => {
    const { steps, ports } = refusing('sign_in_address')
    expect(await authenticatePerson(attempt, ports)).toMatchObject({ ok: false })
    expect(steps).toEqual(['take sign_in_address'])
  })

  /** Otherwise the guesses at an account that is over its limit would be free. */
  test('keeps the slot of the address when the account is over its limit', async () => {
    const { steps, ports } = refusing('sign_in')
    expect(await authenticatePerson(attempt, ports)).toMatchObject({ ok: false })
    expect(steps).toEqual(['take sign_in_address', 'take sign_in'])
  })

  test('lets nobody in while attempts cannot be counted', async () => {
    const { steps, ports } = recorded({
      take: async () => ({ admitted: false, reason: 'limiter_unavailable' }),
    })
    const failure = { reason: 'limiter_unavailable' }
    expect(await authenticatePerson(attempt, ports)).toEqual({ ok: false, failure })
    expect(steps).toEqual([])
  })
})
