import type { Page } from 'playwright-core'
import * as z from 'zod'

import type { TestServer } from '../server.ts'
import type { Resident } from './resident.ts'

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

export const LOGO = 'https://cdn.example/logo.svg'

/** Every page in every state that looks different. A page that is not in here is not looked at. */
export const pageStates: readonly PageState[] = [
  { name: 'sign-in', show: ({ page, server }) => open(page, `${server.url}/sign-in`) },
  {
    name: 'sign-in, with a wrong password',
    show: (stage) => signIn({ ...stage, resident: { ...stage.resident, password: 'not the password' } }),
  },
  {
    name: 'sign-in, for an application',
    show: async (stage) => open(stage.page, await newRequest(stage)),
  },
  {
    name: 'sign-in, with a form that was not ours',
    async show(stage) {
      await open(stage.page, `${stage.server.url}/sign-in`)
      await stage.page.context().clearCookies()
      await fillIn(stage)
    },
  },
  {
    name: 'consent',
    async show(stage) {
      await open(stage.page, await newRequest(stage))
      await fillIn(stage)
    },
  },
  {
    name: 'consent, with a form that was not ours',
    async show(stage) {
      await open(stage.page, await newRequest(stage))
      await fillIn(stage)
      const forms = stage.page.locator('input[name=form_token]')
      await forms.evaluate((input) => input.setAttribute('value', 'another'))
      await press(stage.page, 'button[value=allow]')
    },
  },
  { name: 'account', show: signIn },
  {
    name: 'account, with an address that is not confirmed',
    async show(stage) {
      await unconfirm(stage)
      await signIn(stage)
    },
  },
  {
    name: 'sessions',
    async show(stage) {
      await signIn(stage)
      await stage.page.context().clearCookies()
      await signIn(stage)
      await open(stage.page, `${stage.server.url}/account/sessions`)
    },
  },
  {
    name: 'connected applications, none',
    async show(stage) {
      await signIn(stage)
      await open(stage.page, `${stage.server.url}/account/apps`)
    },
  },
  {
    name: 'connected applications',
    async show(stage) {
      await connect(stage)
      await connect(stage)
      await open(stage.page, `${stage.server.url}/account/apps`)
    },
  },
  {
    name: 'sign-out',
    async show(stage) {
      await signIn(stage)
      await open(stage.page, `${stage.server.url}/sign-out`)
    },
  },
  { name: 'signed out', show: ({ page, server }) => open(page, `${server.url}/sign-out`) },
  {
    name: 'a link of an unknown application',
    show: ({ page, server }) => open(page, `${server.url}/oauth/authorize?client_id=nobody`),
  },
  {
    name: 'a request that cannot be read',
    show: ({ page, server }) => open(page, `${server.url}/sign-in?continue=%2F%2Fevil.example`),
  },
  {
    name: 'the code of a device',
    async show(stage) {
      await signIn(stage)
      await open(stage.page, `${stage.server.url}/device`)
    },
  },
  { name: 'sign-up', show: ({ page, server }) => open(page, `${server.url}/sign-up`) },
  { name: 'forgotten password', show: ({ page, server }) => open(page, `${server.url}/reset-password`) },
  {
    name: 'a mail that is on its way, and the mailbox of development',
    async show({ page, server, resident }) {
      await open(page, `${server.url}/reset-password`)
      await page.locator('#email').fill(resident.email)
      await press(page, 'button[type=submit]')
      await open(page, `${server.url}/mailbox`)
    },
  },
]

async function open(page: Page, url: string): Promise<void> {
  await page.goto(url)
}

async function press(page: Page, selector: string): Promise<void> {
  const loaded = page.waitForEvent('load')
  await page.locator(selector).first().click()
  await loaded
}

/** Fills in the sign-in form that the page shows, in whatever language. */
async function fillIn({ page, resident }: Stage): Promise<void> {
  await page.locator('#email').fill(resident.email)
  await page.locator('#password').fill(resident.password)
  await press(page, 'main form[action="/sign-in"] button')
}

async function signIn(stage: Stage): Promise<void> {
  await open(stage.page, `${stage.server.url}/sign-in`)
  await fillIn(stage)
}

/** Signs in and allows a new application what it asks for. */
async function connect(stage: Stage): Promise<void> {
  await stage.page.context().clearCookies()
  await open(stage.page, await newRequest(stage))
  await fillIn(stage)
  await press(stage.page, 'button[value=allow]')
}

async function unconfirm({ server, resident }: Stage): Promise<void> {
  const statement = server.database.prepare('UPDATE accounts SET email_verified = 0 WHERE email = ?')
  await statement.bind(resident.email).run()
}

/** Registers an application with everything that a page shows of one, and answers the URL of its request. */
async function newRequest({ server }: Stage): Promise<string> {
  const redirect_uri = `${server.spaOrigin.replace('localhost', '127.0.0.1')}/callback`
  const response = await fetch(`${server.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Photo Printer of the Amalgamated Picture Company',
      logo_uri: LOGO,
      policy_uri: 'https://app.example/privacy',
      tos_uri: 'https://app.example/terms',
      redirect_uris: [redirect_uri],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      token_endpoint_auth_method: 'none',
      application_type: 'native',
      scope: 'openid profile email address phone offline_access',
    }),
  })
  const { client_id } = z.object({ client_id: z.string() }).parse(await response.json())
  const query = new URLSearchParams({
    response_type: 'code',
    client_id,
    redirect_uri,
    scope: 'openid profile email address phone',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  return `${server.url}/oauth/authorize?${query.toString()}`
}
