import { describe, expect, test } from 'vitest'

import { canonicalEmail, claimsForScope, type Account } from '../../../src/accounts/account.ts'

const alice: Account = {
  account_id: 'alice',
  vault_id: 'vault-1',
  email: 'alice@example.com',
  email_verified: true,
  claims: {
    name: 'Alice Example',
    given_name: 'Alice',
    birthdate: '1990-01-31',
    address: { country: 'NO', locality: 'Oslo' },
    phone_number: '+47 555 01 234',
    phone_number_verified: false,
  },
  created_at: 1_700_000_000,
  updated_at: 1_800_000_000,
}

/** OpenID Connect Core §5.4. */
describe('the claims of a person', () => {
  test('without a scope that opens them are the subject alone', () => {
    expect(claimsForScope(alice, ['openid', 'read', 'read:profile'])).toEqual({ sub: 'alice' })
  })

  test.each([
    [
      'profile',
      { name: 'Alice Example', given_name: 'Alice', birthdate: '1990-01-31', updated_at: 1_800_000_000 },
    ],
    ['email', { email: 'alice@example.com', email_verified: true }],
    ['address', { address: { country: 'NO', locality: 'Oslo' } }],
    ['phone', { phone_number: '+47 555 01 234', phone_number_verified: false }],
  ])('with %s are exactly what that scope opens', (scope, claims) => {
    expect(claimsForScope(alice, ['openid', scope])).toEqual({ sub: 'alice', ...claims })
  })

  /** The vault's name leads to the person's grants; it is for tokens, where nobody can tell whose it is. */
  test('never hold the name of the vault', () => {
    const all = claimsForScope(alice, ['openid', 'profile', 'email', 'address', 'phone'])
    expect(JSON.stringify(all)).not.toContain('vault')
  })

  test('that a person does not have are absent, not null', () => {
    const bare = { ...alice, claims: {} }
    expect(claimsForScope(bare, ['address', 'phone'])).toEqual({ sub: 'alice' })
  })
})

describe('an e-mail address', () => {
  test('is the same in any case and with spaces around it', () => {
    expect(canonicalEmail(' Alice@Example.COM ')).toBe('alice@example.com')
  })

  /** U+212A folds to `k` under Unicode rules: whoever had such an address would be somebody else. */
  test('is another one when a letter only looks the same', () => {
    expect(canonicalEmail('mi\u212Ae@example.com')).not.toBe('mike@example.com')
  })
})
