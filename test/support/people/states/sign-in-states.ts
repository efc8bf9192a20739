import { arrive } from '../resident.ts'
import { newApplication, requestOf } from './application.ts'
import { giveApp, givePasskey } from './factors.ts'
import { fillIn, open, openSignedIn, press, type PageState, type Stage } from './stage.ts'

export const signInStates: readonly PageState[] = [
  { name: 'sign-in', show: (stage) => open(stage, '/sign-in') },
  {
    name: 'sign-in, with a wrong password',
    show: (stage) => signIn({ ...stage, resident: { ...stage.resident, password: 'not the password' } }),
  },
  {
    name: 'sign-in, for an application',
    show: async (stage) => open(stage, requestOf(await newApplication(stage))),
  },
  {
    name: 'sign-in, with a form that was not ours',
    async show(stage) {
      await open(stage, '/sign-in')
      await stage.page.context().clearCookies()
      await fillIn(stage)
    },
  },
  {
    name: 'second factor, an app',
    async show(stage) {
      await giveApp(stage)
      await signIn(stage)
    },
  },
  {
    name: 'second factor, a passkey or a recovery code, for an application',
    async show(stage) {
      await givePasskey(stage)
      await open(stage, requestOf(await newApplication(stage)))
      await fillIn(stage)
    },
  },
  {
    name: 'second factor, a wrong code',
    async show(stage) {
      await giveApp(stage)
      await signIn(stage)
      await stage.page.locator('#code').fill('aaaa-aaaa-aaaa-aaaa')
      await press(stage, 'main form button')
    },
  },
  { name: 'passkey sign-in', show: (stage) => open(stage, '/sign-in/passkey') },
  {
    name: 'passkey sign-in, refused',
    async show(stage) {
      await open(stage, '/sign-in/passkey')
      await stage.page
        .locator('input[name=credential]')
        .evaluate((field) => field.setAttribute('value', '{}'))
      await arrive(stage.page, () => stage.page.evaluate('document.forms[0].submit()'))
    },
  },
  { name: 'sign-out', show: (stage) => openSignedIn(stage, '/sign-out') },
  { name: 'signed out', show: (stage) => open(stage, '/sign-out') },
]

async function signIn(stage: Stage): Promise<void> {
  await open(stage, '/sign-in')
  await fillIn(stage)
}
