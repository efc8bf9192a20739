import type { Page } from 'playwright-core'

import { sessionStore } from '../../../../src/accounts/session.store.ts'
import { SESSION_COOKIE } from '../../../../src/accounts/session.ts'
import { openDb } from '../../../../src/db/client.ts'
import { systemRandom } from '../../../../src/platform/random.ts'
import type { TestServer } from '../../server.ts'
import { arrive, type Resident } from '../resident.ts'

/** What a state of a page is brought about with. */
export interface Stage {
  readonly page: Page
  readonly server: TestServer
  readonly resident: Resident
}

export interface PageState {
  readonly name: string
  /** Opens the page and brings it into the state; says what it ends with. */
  readonly show: (stage: Stage) => Promise<void>
}

export async function open({ page, server }: Stage, path: string): Promise<void> {
  await page.goto(new URL(path, server.url).href)
}

export async function press({ page }: Pick<Stage, 'page'>, selector: string): Promise<void> {
  await arrive(page, () => page.locator(selector).first().click())
}

/** Makes a browser one in which the person has just signed in. */
export async function enter(
  { page, server, resident }: Stage,
  amr: readonly string[] = ['pwd'],
): Promise<void> {
  const sessions = sessionStore(openDb(server.database), systemRandom)
  const { cookieValue } = await sessions.start({ account_id: resident.account_id, amr }, Date.now())
  const { hostname: domain } = new URL(server.url)
  await page
    .context()
    .addCookies([
      { name: SESSION_COOKIE, value: cookieValue.reveal(), domain, path: '/', secure: true, httpOnly: true },
    ])
}

/** Opens a page as somebody who has just signed in. */
export async function openSignedIn(stage: Stage, path: string, amr?: readonly string[]): Promise<void> {
  await enter(stage, amr)
  await open(stage, path)
}

/** Fills in the sign-in form that the page shows, in whatever language. */
export async function fillIn({ page, resident }: Stage): Promise<void> {
  await page.locator('#email').fill(resident.email)
  await page.locator('#password').fill(resident.password)
  await press({ page }, 'main form[action="/sign-in"] button')
}

/** Sends the form behind a button with a token that is not its own, as an old page would. */
export async function pressStale(stage: Stage, selector: string): Promise<void> {
  const forms = stage.page.locator('input[name=form_token]')
  for (const input of await forms.all())
    await input.evaluate((field) => field.setAttribute('value', 'another'))
  await press(stage, selector)
}
