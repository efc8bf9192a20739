import { describe, expect, test } from 'vitest'

import { hashPassword, verifyPassword } from '../../../src/accounts/password.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'

const PASSWORD = new Secret('correct horse battery staple')

describe('a stored password', () => {
  test('is an scrypt PHC string with the parameters that OWASP lists', async () => {
    const phc = await hashPassword(PASSWORD, systemRandom)
    expect(phc).toMatch(/^\$scrypt\$ln=14,r=8,p=5\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(phc).not.toContain('correct')
  })

  test('differs for two people with the same password', async () => {
    expect(await hashPassword(PASSWORD, systemRandom)).not.toBe(await hashPassword(PASSWORD, systemRandom))
  })

  test('verifies the password and no other', async () => {
    const phc = await hashPassword(PASSWORD, systemRandom)
    expect(await verifyPassword(PASSWORD, phc)).toBe(true)
    expect(await verifyPassword(new Secret('correct horse battery stapl'), phc)).toBe(false)
    expect(await verifyPassword(new Secret('Correct horse battery staple'), phc)).toBe(false)
    expect(await verifyPassword(new Secret(''), phc)).toBe(false)
  })

  test('verifies the same letters typed on a system that composes them differently', async () => {
    const phc = await hashPassword(new Secret('blåbær\u00e9'), systemRandom)
    expect(await verifyPassword(new Secret('blåbære\u0301'.normalize('NFD')), phc)).toBe(true)
  })

  /** A hash that was made elsewhere, so that ours is known to be the function that it is named after (RFC 7914 §12). */
  test('is checked with the parameters that it carries', async () => {
    const { scryptSync } = await import('node:crypto')
    const salt = Buffer.from('SodiumChlorideSo')
    const hash = scryptSync('pleaseletmein', salt, 32, { N: 1024, r: 8, p: 1 })
    const text = (bytes: Buffer) => bytes.toString('base64').replaceAll('=', '')
    const phc = `$scrypt$ln=10,r=8,p=1$${text(salt)}$${text(hash)}`
    expect(await verifyPassword(new Secret('pleaseletmein'), phc)).toBe(true)
    expect(await verifyPassword(new Secret('pleaseletmeout'), phc)).toBe(false)
  })
})

describe('a person who does not exist', () => {
  test('has no password, not even the empty one', async () => {
    expect(await verifyPassword(PASSWORD, undefined)).toBe(false)
    expect(await verifyPassword(new Secret(''), undefined)).toBe(false)
  })

  /** An answer that came sooner would tell who has an account. Processor time, since the machine may be busy. */
  test('costs as much as one who does', async () => {
    const phc = await hashPassword(PASSWORD, systemRandom)
    const known = await cpuOf(() => verifyPassword(PASSWORD, phc))
    const unknown = await cpuOf(() => verifyPassword(PASSWORD, undefined))
    expect(unknown / known).toBeGreaterThan(0.5)
    expect(unknown / known).toBeLessThan(2)
  })
})

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let run = 0; run < 5; run += 1) await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
