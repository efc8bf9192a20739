import type { Page } from 'playwright-core'

import { accountStore } from '../../../src/accounts/account.store.ts'
import type { Account } from '../../../src/accounts/account.ts'
import { hashPassword } from '../../../src/accounts/password.ts'
import { openDb } from '../../../src/db/client.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'
import type { TestServer } from '../server.ts'

/** Somebody who can sign in at a running server, and whom no other test knows. */
export interface Resident {
  readonly account_id: string
  readonly email: string
  readonly name: string
  readonly password: string
}

/** Everybody has the same one, since to hash it is slow by intent. */
const password = randomId(systemRandom)
const password_phc = await hashPassword(new Secret(password), systemRandom)

export async function addResident(
  { database }: Pick<TestServer, 'database'>,
  changes: Partial<Account> = {},
): Promise<Resident> {
  const account_id = randomId(systemRandom)
  const account: Account = {
    account_id,
    vault_id: randomId(systemRandom),
    email: `${account_id.toLowerCase()}@example.com`,
    email_verified: true,
    claims: { name: 'Robin Resident' },
    created_at: 0,
    updated_at: 0,
    ...changes,
  }
  await accountStore(openDb(database)).insert(account, password_phc)
  return { account_id, email: account.email, name: account.claims.name ?? '', password }
}

/** Fills in the sign-in form that the page shows, by keyboard as a person would. */
export async function typeCredentials(
  page: Page,
  { email, password: typed }: Pick<Resident, 'email' | 'password'>,
): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(typed)
  await arrive(page, () => page.keyboard.press('Enter'))
}

/** Does what leads to another page, and waits until that one is there. */
export async function arrive(page: Page, action: () => Promise<void>): Promise<void> {
  const loaded = page.waitForEvent('load')
  await action()
  await loaded
}
