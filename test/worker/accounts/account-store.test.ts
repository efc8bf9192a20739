import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { accountStore } from '../../../src/accounts/account.store.ts'
import type { Account } from '../../../src/accounts/account.ts'
import { hashPassword, verifyPassword } from '../../../src/accounts/password.ts'
import { openDb } from '../../../src/db/client.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'

const alice: Account = {
  account_id: 'alice',
  vault_id: 'vault-1',
  email: 'alice@example.com',
  email_verified: true,
  claims: { name: 'Alice', address: { country: 'NO' }, phone_number_verified: false },
  created_at: 1_700_000_000,
  updated_at: 1_700_000_000,
}

describe('an account in D1', () => {
  test('is read as it was written, by its identifier and by its e-mail address in any case', async () => {
    const store = accountStore(openDb(env.DB))
    await store.insert({ ...alice, email: ' Alice@Example.com' }, 'phc')
    expect(await store.findById('alice')).toEqual(alice)
    expect(await store.findByEmail('ALICE@example.com ')).toEqual({
      account: { ...alice, has_second_factor: false },
      password_phc: 'phc',
    })
  })

  /** What is read by its identifier goes to claims and pages; the hash must not come along. */
  test('does not carry the hash of its password', async () => {
    const store = accountStore(openDb(env.DB))
    await store.insert(alice, 'phc')
    expect(JSON.stringify(await store.findById('alice'))).not.toContain('phc')
  })

  test('is unknown under any other name', async () => {
    const store = accountStore(openDb(env.DB))
    await store.insert(alice, 'phc')
    expect(await store.findById('Alice')).toBeUndefined()
    expect(await store.findByEmail('alice@example.co')).toBeUndefined()
    expect(await store.findByEmail('%')).toBeUndefined()
  })

  test('is the only one with its e-mail address, whatever the case', async () => {
    const store = accountStore(openDb(env.DB))
    await store.insert(alice, 'phc')
    const other = { ...alice, account_id: 'other', vault_id: 'vault-2', email: 'ALICE@EXAMPLE.COM' }
    await expect(store.insert(other, 'another')).rejects.toThrow()
    expect(await store.findById('other')).toBeUndefined()
  })

  /** The grants of a person are in the object that is named by the vault; another name would lose them all. */
  test('keeps its vault when it is seeded again', async () => {
    const store = accountStore(openDb(env.DB))
    await store.upsert(alice, 'phc')
    await store.upsert({ ...alice, vault_id: 'vault-2', email_verified: false }, 'another')
    expect(await store.findByEmail(alice.email)).toEqual({
      account: { ...alice, email_verified: false, has_second_factor: false },
      password_phc: 'another',
    })
  })
})

describe('a password in the Workers runtime', () => {
  test('verifies there, and a wrong one or nobody’s does not', async () => {
    const phc = await hashPassword(new Secret('correct horse'), systemRandom)
    expect(await verifyPassword(new Secret('correct horse'), phc)).toBe(true)
    expect(await verifyPassword(new Secret('correct hors'), phc)).toBe(false)
    expect(await verifyPassword(new Secret('correct horse'), undefined)).toBe(false)
  })
})
