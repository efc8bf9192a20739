import { scryptSync } from 'node:crypto'

import { env } from 'cloudflare:workers'
import { describe, expect, test } from 'vitest'

import { accountStore } from '../../../src/accounts/account.store.ts'
import { hashPassword } from '../../../src/accounts/password.ts'
import { openDb } from '../../../src/db/client.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'
import { mailWorld, newPassword, signInBy, storedHash } from '../../support/people/mail-world.ts'

const email = 'alice@example.com'

describe('a hash made at another cost', () => {
  test('is made anew at the next sign-in, which it does not disturb', async () => {
    const { visit, person } = await mailWorld()
    const { account_id } = await person('alice')
    const outdated = outdatedHash(newPassword)
    await accountStore(openDb(env.DB)).replaceHash(account_id, 'no password', outdated)
    expect((await signInBy(visit(), email, newPassword)).text).toContain(email)
    const renewed = await storedHash(email)
    expect(renewed).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$/)
    expect((await signInBy(visit(), email, newPassword)).text).toContain(email)
    expect(await storedHash(email)).toBe(renewed)
  })

  test('is not put in the place of a password that was changed meanwhile', async () => {
    const { person } = await mailWorld()
    const { account_id } = await person('alice')
    const fresh = await hashPassword(new Secret(newPassword), systemRandom)
    await accountStore(openDb(env.DB)).replaceHash(account_id, 'the hash before', fresh)
    expect(await storedHash(email)).toBe('no password')
  })
})

/** What a program of ours with half the cost would have written. */
function outdatedHash(password: string): string {
  const salt = systemRandom(16)
  const hash = scryptSync(password, salt, 32, { N: 2 ** 13, r: 8, p: 1, maxmem: 64 * 1024 * 1024 })
  const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes)).replaceAll('=', '')
  return `$scrypt$ln=13,r=8,p=1$${base64(salt)}$${base64(hash)}`
}
