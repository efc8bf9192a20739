import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import * as z from 'zod'

import { root } from '../../scripts/root.ts'
import { launchBrowser } from '../support/browser.ts'
import { listen, type Listening } from '../support/flows/page-server.ts'
import { json, newSender } from '../support/flows/sender.ts'
import { addResident, arrive, typeCredentials, type Resident } from '../support/people/resident.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const scope = 'openid profile email read'

const mainPage = '<!doctype html><title>App</title><script src="/oidc-client-ts.js"></script>'
/** What the library's guide has in the frame in which it looks whether somebody is signed in. */
const framedPage = `${mainPage}<script>
  new oidc.UserManager({ authority: '-', client_id: '-', redirect_uri: '-' }).signinSilentCallback()
</script>`

let server: TestServer
let browser: Browser
let application: Listening
let client_id: string
let resident: Resident
let page: Page

beforeAll(async () => {
  const library = await readFile(join(root, 'node_modules/oidc-client-ts/dist/browser/oidc-client-ts.min.js'))
  application = await listen(({ url = '' }, answer) => {
    const isLibrary = url === '/oidc-client-ts.js'
    answer.setHeader('content-type', isLibrary ? 'text/javascript' : 'text/html')
    answer.end(isLibrary ? library : url.startsWith('/silent?') ? framedPage : mainPage)
  })
  ;[server, browser] = await Promise.all([startTestServer(), launchBrowser()])
  const { body } = await newSender(server.url)(
    '/oauth/register',
    json({
      client_name: 'Notebook',
      redirect_uris: [`${application.origin}/callback`, `${application.origin}/silent`],
      post_logout_redirect_uris: [`${application.origin}/signed-out`],
      grant_types: ['authorization_code', 'refresh_token'],
      token_endpoint_auth_method: 'none',
      scope,
    }),
  )
  client_id = String(body['client_id'])
})

afterAll(async () => {
  await browser.close()
  await Promise.all([server.close(), application.close()])
})

beforeEach(async () => {
  resident = await addResident(server)
  const context = await browser.newContext()
  page = await context.newPage()
  await page.goto(application.origin)
})

const User = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  id_token: z.string(),
  scope: z.string(),
  profile: z.looseObject({ sub: z.string(), iss: z.string(), aud: z.string() }),
})

type Settings = Readonly<Record<string, string | boolean>>

/** Runs a method of the library's UserManager in the page, with the settings that its guide begins with. */
async function run(method: string, more: Settings = {}, given?: object): Promise<unknown> {
  const settings = {
    authority: server.url,
    client_id,
    redirect_uri: `${application.origin}/callback`,
    scope,
    ...more,
  }
  const argument = given === undefined ? '' : JSON.stringify(given)
  return page.evaluate(`new oidc.UserManager(${JSON.stringify(settings)}).${method}(${argument})`)
}

async function signIn(more: Settings = {}) {
  await arrive(page, async () => void (await run('signinRedirect', more).catch(() => undefined)))
  await typeCredentials(page, resident)
  await arrive(page, () => page.getByRole('button', { name: 'Allow' }).click())
  expect(new URL(page.url()).pathname).toBe('/callback')
  return User.parse(await run('signinRedirectCallback', more))
}

async function userinfoStatus(token: string): Promise<number> {
  const answer = await fetch(`${server.url}/oauth/userinfo`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return answer.status
}

describe('oidc-client-ts in Chromium', () => {
  test('signs in, renews by its refresh token, and signs out back to where it says', async () => {
    const user = await signIn()
    expect(user).toMatchObject({ scope, profile: { iss: server.url, aud: client_id } })
    expect(await userinfoStatus(user.access_token)).toBe(200)

    const renewed = User.parse(await run('signinSilent'))
    expect(renewed.profile.sub).toBe(user.profile.sub)
    expect(renewed.access_token).not.toBe(user.access_token)
    expect(renewed.refresh_token).not.toBe(user.refresh_token)

    const out = { post_logout_redirect_uri: `${application.origin}/signed-out` }
    await arrive(page, async () => {
      await run('signoutRedirect', out, { state: 'the page that I was on' }).catch(() => undefined)
    })
    const { origin, pathname } = new URL(page.url())
    expect({ origin, pathname }).toEqual({ origin: application.origin, pathname: '/signed-out' })
    expect(await run('signoutRedirectCallback', out)).toMatchObject({ userState: 'the page that I was on' })
    await page.goto(`${server.url}/account`)
    expect(await page.getByRole('heading').textContent()).toBe('Sign in')
  })

  test('finds in a frame, without a token, who is signed in', async () => {
    const { profile } = await signIn()
    await run('removeUser')
    const silent = { silent_redirect_uri: `${application.origin}/silent` }
    expect(await run('signinSilent', silent)).toMatchObject({ profile: { sub: profile.sub } })
  })

  test('reads userinfo with the token', async () => {
    const { profile } = await signIn({ loadUserInfo: true })
    expect(profile).toMatchObject({ email: resident.email, name: resident.name })
  })

  test('revokes its tokens', async () => {
    const { access_token } = await signIn()
    await run('revokeTokens')
    expect(await userinfoStatus(access_token)).toBe(401)
  })
})
