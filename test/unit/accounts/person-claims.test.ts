import { describe, expect, test } from 'vitest'

import type { Account } from '../../../src/accounts/account.ts'
import { claimNamesFor, claimsNamed, personClaimNames } from '../../../src/accounts/person-claims.ts'
import { StandardClaimsSchema } from '../../../src/accounts/standard-claims.contract.ts'

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

function ofScopes(account: Account, scopes: readonly string[]) {
  return claimsNamed(account, claimNamesFor(scopes))
}

/** OpenID Connect Core §5.4. */
describe('the claims of a person', () => {
  test('without a scope that opens them are none', () => {
    expect(ofScopes(alice, ['openid', 'read', 'read:profile'])).toEqual({})
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
    expect(ofScopes(alice, ['openid', scope])).toEqual(claims)
  })

  /** The vault's name leads to the person's grants; it is for tokens, where nobody can tell whose it is. */
  test('never hold the name of the vault', () => {
    const all = ofScopes(alice, ['openid', 'profile', 'email', 'address', 'phone'])
    expect(JSON.stringify(all)).not.toContain('vault')
  })

  test('that a person does not have are absent, not null', () => {
    const bare = { ...alice, claims: {} }
    expect(ofScopes(bare, ['address', 'phone'])).toEqual({})
  })

  /** OpenID Connect Core §5.5: a claim can be asked for without the scope that it belongs to. */
  test('can be asked for one by one', () => {
    expect(claimsNamed(alice, ['email', 'name', 'gender'])).toEqual({
      email: 'alice@example.com',
      name: 'Alice Example',
    })
  })

  test('that an account can hold can all be asked for', () => {
    const held = Object.keys(StandardClaimsSchema.unwrap().shape)
    expect([...held, 'email', 'email_verified', 'updated_at'].toSorted()).toEqual(personClaimNames.toSorted())
  })
})
