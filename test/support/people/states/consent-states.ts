import { APPLICATION, connect, newApplication, requestOf } from './application.ts'
import { enter, open, openSignedIn, press, pressStale, type PageState, type Stage } from './stage.ts'

/** Answered to what would lead away from a page that goes on by itself: the browser stays where it is. */
const STAY = { status: 204 } as const

export const consentStates: readonly PageState[] = [
  { name: 'consent', show: (stage) => ask(stage) },
  {
    name: 'consent, at services',
    show: (stage) => ask(stage, { resource: stage.server.url }),
  },
  {
    name: 'consent, claims one by one, and access while away',
    show: (stage) =>
      ask(stage, {
        scope: 'openid offline_access',
        prompt: 'consent',
        claims: JSON.stringify({ userinfo: { email: { essential: true }, phone_number: null } }),
      }),
  },
  {
    name: 'consent, with a form that was not ours',
    async show(stage) {
      await ask(stage)
      await pressStale(stage, 'button[value=allow]')
    },
  },
  {
    name: 'an answer in a form',
    async show(stage) {
      await ask(stage, { response_mode: 'form_post' })
      await stage.page.route(`${APPLICATION}/callback`, (route) => route.fulfill(STAY))
      // The page sends its form before it has loaded.
      const sent = stage.page.waitForRequest(`${APPLICATION}/callback`)
      await stage.page.locator('button[value=allow]').click({ noWaitAfter: true })
      await sent
    },
  },
  {
    name: 'signed out, and applications are told',
    async show(stage) {
      await stage.page.route(`${APPLICATION}/**`, (route) =>
        route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>An application</title>' }),
      )
      await connect(stage, { metadata: { frontchannel_logout_uri: `${APPLICATION}/logout` } })
      await open(stage, '/sign-out')
      await stage.page.route('**/sign-out', (route) =>
        route.request().method() === 'GET' ? route.fulfill(STAY) : route.continue(),
      )
      await press(stage, 'main form button')
    },
  },
  {
    name: 'signed out by an application',
    async show(stage) {
      await enter(stage)
      await open(stage, '/oauth/logout?client_id=nobody')
    },
  },
  { name: 'connected applications, none', show: (stage) => openSignedIn(stage, '/account/apps') },
  {
    name: 'connected applications',
    async show(stage) {
      await stage.page.route(`${APPLICATION}/**`, (route) => route.fulfill({ body: '' }))
      await connect(stage)
      await connect(stage)
      await open(stage, '/account/apps')
    },
  },
]

async function ask(stage: Stage, changes: Readonly<Record<string, string>> = {}): Promise<void> {
  await enter(stage)
  await open(stage, requestOf(await newApplication(stage), changes))
}
