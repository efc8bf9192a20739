import type { Browser, Page } from 'playwright-core'
import * as z from 'zod'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'

import { SESSION_COOKIE } from '../../src/accounts/session.ts'
import { launchBrowser } from '../support/browser.ts'
import { addResident, arrive, typeCredentials, type Resident } from '../support/people/resident.ts'
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
  const context = await browser.newContext({
    javaScriptEnabled: false,
    viewport: { width: 320, height: 640 },
  })
  page = await context.newPage()
  complaints = []
  page.on('console', (message) => complaints.push(message.text()))
})

afterEach(async () => {
  await page.context().close()
})

/** Registers a public client and answers the URL of its authorization request. */
async function requestOfNewClient(redirect_uri: string): Promise<string> {
  const response = await fetch(`${server.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Photo Printer',
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      scope: 'openid email',
    }),
  })
  const { client_id } = z.object({ client_id: z.string() }).parse(await response.json())
  const url = new URL('/oauth/authorize', server.url)
  url.search = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri,
    scope: 'openid email',
    state: 'here and back',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }).toString()
  return url.href
}

function answerIn(address: string): Readonly<Record<string, string>> {
  const url = new URL(address)
  return { to: `${url.origin}${url.pathname}`, ...Object.fromEntries(url.searchParams) }
}

async function press(name: string): Promise<void> {
  await arrive(page, () => page.getByRole('button', { name }).click())
}

/** The demo application's page, at an address of 127.0.0.1 so that it is another site than the server. */
function callback(): string {
  return `${server.spaOrigin.replace('localhost', '127.0.0.1')}/callback`
}

describe('in Chromium with JavaScript disabled', () => {
  test('a person signs in, allows what is asked, and arrives at the application with a code', async () => {
    await page.goto(await requestOfNewClient(callback()))
    expect(await page.textContent('.lead')).toContain('Photo Printer')
    await typeCredentials(page, resident)
    expect(await page.getByRole('heading').textContent()).toBe('Allow Photo Printer to use your account?')
    await press('Allow')
    expect(answerIn(page.url())).toEqual({
      to: callback(),
      code: expect.stringMatching(/^gwc_/),
      state: 'here and back',
      iss: server.url,
    })
  })

  test('a person denies, and the application hears of that and of nothing else', async () => {
    await page.goto(await requestOfNewClient(callback()))
    await typeCredentials(page, resident)
    await press('Deny')
    const { to, error, code } = answerIn(page.url())
    expect({ to, error, code }).toEqual({ to: callback(), error: 'access_denied', code: undefined })
  })

  /** Chromium holds form-action of the sign-in page against the redirect at the end of the chain, too. */
  test('what was allowed once is not asked again: sign-in leads straight to the application', async () => {
    const request = await requestOfNewClient(callback())
    await page.goto(request)
    await typeCredentials(page, resident)
    await press('Allow')
    await page.goto(`${server.url}/sign-out`)
    await press('Sign out')
    expect(await page.getByRole('heading').textContent()).toBe('You are signed out')

    await page.goto(request)
    await typeCredentials(page, resident)
    expect(answerIn(page.url())).toMatchObject({ to: callback(), state: 'here and back' })
  })

  test('an application on the device is reached by its own scheme', async () => {
    await page.goto(await requestOfNewClient('com.yourapp:/oauth'))
    await typeCredentials(page, resident)
    const left = page.waitForEvent('requestfailed', (request) =>
      request.url().startsWith('com.yourapp:/oauth?code=gwc_'),
    )
    await page.getByRole('button', { name: 'Allow' }).click({ noWaitAfter: true })
    await left
    expect(complaints).toEqual([])
  })

  test('the session cookie is kept, although the server is plain http on localhost', async () => {
    await page.goto(`${server.url}/account`)
    await typeCredentials(page, resident)
    expect(await page.textContent('main')).toContain(resident.email)
    const cookies = await page.context().cookies(server.url)
    expect(cookies).toEqual([
      expect.objectContaining({
        name: SESSION_COOKIE,
        httpOnly: true,
        secure: true,
        sameSite: 'Lax',
        path: '/',
      }),
    ])
  })

  test('a wrong password is told next to the fields, the address stays, and the second try works', async () => {
    await page.goto(`${server.url}/account`)
    await typeCredentials(page, { ...resident, password: 'not the password' })
    expect(await page.getByRole('alert').textContent()).toBe(
      'The e-mail address or the password is not right.',
    )
    expect(await page.getByLabel('E-mail address').inputValue()).toBe(resident.email)
    expect(await page.getByLabel('Password').inputValue()).toBe('')
    await typeCredentials(page, resident)
    expect(page.url()).toBe(`${server.url}/account`)
  })

  test('no page is wider than a small telephone, breaks its own policy, or loads what is not there', async () => {
    const widths: Record<string, number> = {}
    const look = async (name: string) => {
      const box = await page.locator('main').boundingBox()
      widths[name] = (box?.x ?? 0) + (box?.width ?? Number.POSITIVE_INFINITY)
    }
    await page.goto(await requestOfNewClient(callback()))
    await look('sign-in')
    await typeCredentials(page, resident)
    await look('consent')
    await page.goto(`${server.url}/account`)
    await look('account')
    await press('Sign out')
    await look('signed out')
    expect(Object.entries(widths).filter(([, width]) => width > 320)).toEqual([])
    expect(Object.keys(widths)).toHaveLength(4)
    expect(complaints).toEqual([])
  })

  test('a link with an address that is not registered ends at a page that leads nowhere', async () => {
    const request = new URL(await requestOfNewClient(callback()))
    request.searchParams.set('redirect_uri', 'https://evil.example/')
    const answer = await page.goto(request.href)
    expect(answer?.status()).toBe(400)
    expect(await page.getByRole('heading').textContent()).toBe('This link leads to the wrong place')
    expect(await page.locator('a, form').count()).toBe(0)
  })
})
