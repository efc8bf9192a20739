import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { launchBrowser } from '../support/browser.ts'
import { addResident, arrive, typeCredentials, type Resident } from '../support/people/resident.ts'
import { codeOf } from '../support/people/typed-secret.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let browser: Browser
let page: Page
let resident: Resident
/** What the browser complained about: violations of a page's own policy, above all. */
let complaints: string[]

beforeAll(async () => {
  ;[server, browser] = await Promise.all([startTestServer(), launchBrowser()])
})

afterAll(async () => {
  await browser.close()
  await server.close()
})

beforeEach(async () => {
  resident = await addResident(server)
  page = await (await browser.newContext()).newPage()
  complaints = []
  page.on('console', (message) => complaints.push(message.text()))
  const devices = await page.context().newCDPSession(page)
  await devices.send('WebAuthn.enable')
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  })
})

afterEach(async () => {
  await page.context().close()
})

async function press(name: string): Promise<void> {
  await arrive(page, () => page.getByRole('button', { name }).click())
}

async function heading(): Promise<string | null> {
  return page.getByRole('heading', { level: 1 }).textContent()
}

/** Signs in with the password and makes a passkey. */
async function makePasskey(): Promise<void> {
  await page.goto(`${server.url}/account/security/passkey`)
  await typeCredentials(page, resident)
  await press('Make a passkey')
}

describe('in Chromium with a device that has passkeys', () => {
  test('a person makes a passkey, keeps the recovery codes, and signs in with the passkey alone', async () => {
    await makePasskey()
    expect(await heading()).toBe('Your recovery codes')
    expect(await page.locator('ol code').count()).toBe(10)

    await page.context().clearCookies()
    await page.goto(`${server.url}/sign-in`)
    await arrive(page, () => page.getByRole('link', { name: 'Sign in with a passkey' }).click())
    await press('Use a passkey')
    expect(page.url()).toBe(`${server.url}/account`)
    expect(await page.textContent('main')).toContain(resident.email)
    expect(complaints).toEqual([])
  })

  test('a person who has a passkey is asked for it after the password', async () => {
    await makePasskey()
    await page.context().clearCookies()
    await page.goto(`${server.url}/account`)
    await typeCredentials(page, resident)
    expect(await heading()).toBe('One more step')
    await press('Use a passkey')
    expect(page.url()).toBe(`${server.url}/account`)
    expect(complaints).toEqual([])
  })
})

describe('in Chromium with JavaScript disabled', () => {
  test('a person sets up an app and signs in with its code and with a recovery code', async () => {
    await page.context().close()
    page = await (await browser.newContext({ javaScriptEnabled: false })).newPage()
    page.on('console', (message) => complaints.push(message.text()))
    await page.goto(`${server.url}/account/security/app`)
    await typeCredentials(page, resident)
    const code = codeOf((await page.locator('code').first().textContent()) ?? '')
    await page.getByLabel('Code', { exact: true }).fill(code)
    await press('Set up')
    const recoveryCode = (await page.locator('ol code').first().textContent()) ?? ''

    await page.context().clearCookies()
    await page.goto(`${server.url}/account`)
    await typeCredentials(page, resident)
    expect(await heading()).toBe('One more step')
    await page.getByLabel('Code').fill(code)
    await press('Continue')
    expect(await page.getByRole('alert').textContent()).toContain('A code counts once')
    await page.getByLabel('Code').fill(recoveryCode)
    await press('Continue')
    expect(page.url()).toBe(`${server.url}/account`)
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([])
  })
})
