import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { randomId, systemRandom } from '../../src/platform/random.ts'
import { launchBrowser } from '../support/browser.ts'
import { addResident, arrive } from '../support/people/resident.ts'
import { newApplication, requestOf } from '../support/people/states/application.ts'
import { codeOfDevice } from '../support/people/states/device-states.ts'
import { codeOf } from '../support/people/typed-secret.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const PASSWORD = 'vier Worte die niemand gesagt hat'

let server: TestServer
let browser: Browser
let page: Page

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startTestServer(), launchBrowser()])
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

beforeEach(async () => {
  const context = await browser.newContext({ javaScriptEnabled: false, locale: 'de-DE' })
  page = await context.newPage()
})

afterEach(async () => {
  await page.context().close()
})

async function open(path: string): Promise<void> {
  await page.goto(new URL(path, server.url).href)
}

async function press(name: string): Promise<void> {
  await arrive(page, () => page.getByRole('button', { name, exact: true }).click())
}

async function follow(name: string): Promise<void> {
  await arrive(page, () => page.getByRole('link', { name, exact: true }).click())
}

async function heading(): Promise<string | null> {
  return page.getByRole('heading', { level: 1 }).textContent()
}

async function signIn(email: string, password: string): Promise<void> {
  await page.getByLabel('E-Mail-Adresse').fill(email)
  await page.getByLabel('Passwort').fill(password)
  await press('Anmelden')
}

/** Asks for a mail by the form that the page shows, and follows the link that the mailbox of development has. */
async function followMail(email: string): Promise<void> {
  await page.getByLabel('E-Mail-Adresse').fill(email)
  await press('Link senden')
  const letter = page.locator('article').filter({ hasText: email })
  // Mails are kept once the page that promises them has gone out.
  await expect
    .poll(async () => {
      await open('/mailbox')
      return letter.count()
    })
    .toBe(1)
  await arrive(page, () => letter.getByRole('link').click())
}

describe('in Chromium with JavaScript disabled, in German', () => {
  test('a newcomer gets an account on the way to an application, and arrives there', async () => {
    const email = `${randomId(systemRandom).toLowerCase()}@example.com`
    // Not at `localhost`, so that it is another site than the server.
    const redirect_uri = `${server.spaOrigin.replace('localhost', '127.0.0.1')}/callback`
    const client_id = await newApplication({ server }, { metadata: { redirect_uris: [redirect_uri] } })
    await open(requestOf(client_id, { redirect_uri, state: 'hin und zurück' }))
    await follow('Konto anlegen')
    await followMail(email)
    await page.getByLabel('Passwort').fill(PASSWORD)
    await press('Konto anlegen')
    expect(await heading()).toBe('Ihr Konto ist fertig')
    await follow('Weiter')
    expect(await heading()).toContain('Ihr Konto verwenden?')
    await press('Erlauben')
    const { origin, pathname, searchParams } = new URL(page.url())
    expect(origin + pathname).toBe(redirect_uri)
    expect(searchParams.get('code')).toMatch(/^gwc_/)
    expect(searchParams.get('state')).toBe('hin und zurück')
  })

  test('somebody who forgot the password chooses another by mail, and signs in with it', async () => {
    const { email } = await addResident(server)
    await open('/account')
    await follow('Passwort vergessen?')
    await followMail(email)
    await page.getByLabel('Passwort').fill(PASSWORD)
    await press('Passwort setzen')
    expect(await heading()).toBe('Ihr Passwort wurde geändert')
    await open('/account')
    await signIn(email, PASSWORD)
    expect(await heading()).toBe('Ihr Konto')
  })

  test('somebody sets up an app, signs in with a recovery code, and is offered no passkey', async () => {
    const { email, password } = await addResident(server)
    await open('/account/security/app')
    await signIn(email, password)
    await page
      .getByLabel('Bestätigungscode')
      .fill(codeOf((await page.locator('code').first().textContent()) ?? ''))
    await press('Einrichten')
    expect(await heading()).toBe('Ihre Wiederherstellungs\u00ADcodes')
    const recoveryCode = (await page.locator('ol code').first().textContent()) ?? ''
    await page.context().clearCookies()
    await open('/account')
    await signIn(email, password)
    expect(await heading()).toBe('Noch ein Schritt')
    await page.getByLabel('Bestätigungscode').fill(recoveryCode)
    await press('Weiter')
    expect(await heading()).toBe('Ihr Konto')
    await open('/account/security/passkey')
    expect(await page.getByRole('button').count()).toBe(0)
  })

  test('somebody lets a device in, by the code that it shows', async () => {
    const { email, password } = await addResident(server)
    await open('/device')
    await signIn(email, password)
    await page.getByLabel('Code').fill(await codeOfDevice({ server }))
    await press('Weiter')
    expect(await page.locator('main').textContent()).toContain('an einem Gerät vor Ihnen')
    await press('Erlauben')
    expect(await heading()).toBe('Ihr Gerät ist verbunden')
  })
})
