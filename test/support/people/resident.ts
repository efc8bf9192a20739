import type { Page } from 'playwright-core'

import { accountStore } from '../../../src/accounts/account.store.ts'
import { hashPassword } from '../../../src/accounts/password.ts'
import { openDb } from '../../../src/db/client.ts'
import { randomId, systemRandom } from '../../../src/platform/random.ts'
import { Secret } from '../../../src/platform/secret.ts'
import type { TestServer } from '../server.ts'

/** Somebody who can sign in at a running server, and whom no other test knows. */
export interface Resident {
  readonly email: string
  readonly name: string
  readonly password: string
}

export async function addResident({ database }: TestServer): Promise<Resident> {
  const account_id = randomId(systemRandom)
  const resident = {
    email: `${account_id.toLowerCase()}@example.com`,
    name: 'Robin Resident',
    password: randomId(systemRandom),
  }
  const account = {
    account_id,
    vault_id: randomId(systemRandom),
    email: resident.email,
    email_verified: true,
    claims: { name: resident.name },
    created_at: 0,
    updated_at: 0,
  }
  await accountStore(openDb(database)).insert(
    account,
    await hashPassword(new Secret(resident.password), systemRandom),
  )
  return resident
}

/** Fills in the sign-in form that the page shows, by keyboard as a person would. */
export async function typeCredentials(page: Page, { email, password }: Resident): Promise<void> {
  await page.getByLabel('E-mail address').fill(email)
  await page.getByLabel('Password').fill(password)
  await arrive(page, () => page.keyboard.press('Enter'))
}

/** Does what leads to another page, and waits until that one is there. */
export async function arrive(page: Page, action: () => Promise<void>): Promise<void> {
  const loaded = page.waitForEvent('load')
  await action()
  await loaded
}
