import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { launchBrowser } from '../support/browser.ts'
import { addResident, typeCredentials, type Resident } from '../support/people/resident.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let browser: Browser
let page: Page
let resident: Resident
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
})

afterEach(async () => {
  await page.context().close()
})

async function signIn(): Promise<void> {
  await page.goto(server.spaOrigin)
  await page.getByRole('button', { name: 'Sign in with Gatewright' }).click()
  await typeCredentials(page, resident)
  await page.getByRole('button', { name: 'Allow' }).click()
  await status('/oauth/userinfo answered 200.')
}

/** Waits until the page says it. */
async function status(sentence: string): Promise<void> {
  await page.getByRole('status').filter({ hasText: sentence }).waitFor()
}

async function press(name: string): Promise<void> {
  await page.getByRole('button', { name }).click()
}

/** Tokens as they were sent, by the path that they were sent to. */
function noteTokens(): readonly { readonly path: string; readonly token: string }[] {
  const sent: { path: string; token: string }[] = []
  page.on('request', (request) => {
    const token = request.headers()['authorization']
    if (token !== undefined) sent.push({ path: new URL(request.url()).pathname, token })
  })
  return sent
}

describe('the demo application', () => {
  test('signs in, reads who it is, calls the API, refreshes, survives a reload, and signs out', async () => {
    const sent = noteTokens()
    await signIn()
    expect(page.url()).toBe(`${server.spaOrigin}/`)
    expect(await page.locator('#person').textContent()).toBe(resident.name)
    expect(await page.locator('#answer').textContent()).toContain(resident.email)

    await press('Call /api/users')
    await status('/api/users answered 200.')
    expect(await page.locator('#answer').textContent()).toContain('john@example.com')

    await press('Refresh tokens')
    await status('The access token is new.')
    await press('Fetch user info')
    await status('/oauth/userinfo answered 200.')
    expect(new Set(sent.map(({ token }) => token)).size).toBe(2)

    await page.reload()
    await status('/oauth/userinfo answered 200.')

    await press('Sign out')
    await status('You are signed out of this app.')
    expect(await page.evaluate('sessionStorage.length')).toBe(0)
    const last = sent.at(-1)?.token ?? ''
    const refused = await fetch(`${server.url}/oauth/userinfo`, { headers: { authorization: last } })
    expect(refused.status).toBe(401)

    await page.getByRole('link', { name: 'sign out there too' }).click()
    await press('Sign out')
    expect(await page.getByRole('heading').textContent()).toBe('You are signed out')
    await page.goto(server.spaOrigin)
    await press('Sign in with Gatewright')
    expect(await page.getByRole('heading').textContent()).toBe('Sign in')
    expect(complaints).toEqual([])
  })

  test('refreshes a token that is refused, and makes the call once more', async () => {
    await signIn()
    const sent = noteTokens()
    await page.route(
      '**/api/users',
      (route) => route.fulfill({ status: 401, json: {}, headers: { 'access-control-allow-origin': '*' } }),
      { times: 1 },
    )
    await press('Call /api/users')
    await status('/api/users answered 200.')
    expect(sent.map(({ path }) => path)).toEqual(['/api/users', '/api/users'])
    expect(new Set(sent.map(({ token }) => token)).size).toBe(2)
  })

  test('says so when the person does not allow it', async () => {
    await page.goto(server.spaOrigin)
    await press('Sign in with Gatewright')
    await typeCredentials(page, resident)
    await press('Deny')
    await status('You did not allow it, so you are not signed in here.')
    expect(page.url()).toBe(`${server.spaOrigin}/`)
  })

  /** Otherwise an attacker could send a link that signs somebody into the attacker's account (RFC 9700 §4.7.1). */
  test('takes no code from a trip that did not begin in this tab', async () => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
    const answer = new URLSearchParams({ code: 'gwc_x', state: 'theirs', iss: server.url })
    await page.goto(`${server.spaOrigin}/callback?${answer.toString()}`)
    await status('This answer does not belong to a sign-in that began here.')
    expect(page.url()).toBe(`${server.spaOrigin}/`)
    expect(asked).not.toContain('POST /oauth/token')
  })

  /** RFC 9207. A code of one server must not be carried to another. */
  test('takes no code that came in the name of another server', async () => {
    const asked: string[] = []
    page.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`))
    await page.goto(server.spaOrigin)
    await page.route(`${server.url}/oauth/authorize?**`, async (route) => {
      const state = new URL(route.request().url()).searchParams.get('state') ?? ''
      const answer = new URLSearchParams({ code: 'gwc_x', state, iss: 'https://other.example' })
      await route.fulfill({
        status: 302,
        headers: { location: `${server.spaOrigin}/callback?${answer.toString()}` },
      })
    })
    await press('Sign in with Gatewright')
    await status('The answer came from another server.')
    expect(asked).not.toContain('POST /oauth/token')
  })
})
