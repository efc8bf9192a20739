import { giveApp, givePasskey, giveRecoveryCode } from './factors.ts'
import { enter, openSignedIn, press, pressStale, type PageState, type Stage } from './stage.ts'

const SECURITY = '/account/security'
const BOTH_FACTORS = ['pwd', 'otp', 'mfa'] as const

export const accountStates: readonly PageState[] = [
  { name: 'account', show: (stage) => openSignedIn(stage, '/account') },
  {
    name: 'account, with an address that is not confirmed',
    async show(stage) {
      await unconfirm(stage)
      await openSignedIn(stage, '/account')
    },
  },
  {
    name: 'sessions',
    async show(stage) {
      await enter(stage, BOTH_FACTORS)
      await openSignedIn(stage, '/account/sessions')
    },
  },
  { name: 'security, nothing yet', show: (stage) => openSignedIn(stage, SECURITY) },
  { name: 'security, with an app, passkeys and recovery codes', show: showFactors },
  {
    name: 'security, with a form that was not ours',
    async show(stage) {
      await showFactors(stage)
      await pressStale(stage, 'button[value=rename_passkey]')
    },
  },
  { name: 'an app to set up', show: (stage) => openSignedIn(stage, `${SECURITY}/app`) },
  {
    name: 'an app to set up, with a wrong code',
    async show(stage) {
      await openSignedIn(stage, `${SECURITY}/app`)
      await stage.page.locator('#code').fill('abcdef')
      await press(stage, 'main form button')
    },
  },
  {
    name: 'recovery codes',
    async show(stage) {
      await showFactors(stage)
      await press(stage, 'button[value=renew_recovery_codes]')
    },
  },
  { name: 'a passkey to add', show: (stage) => openSignedIn(stage, `${SECURITY}/passkey`) },
]

async function showFactors(stage: Stage): Promise<void> {
  await giveApp(stage)
  await givePasskey(stage, 'Telephone')
  await givePasskey(stage, 'The notebook with a name that somebody has chosen to be long')
  await giveRecoveryCode(stage)
  await openSignedIn(stage, SECURITY, BOTH_FACTORS)
}

async function unconfirm({ server, resident }: Stage): Promise<void> {
  const statement = server.database.prepare('UPDATE accounts SET email_verified = 0 WHERE email = ?')
  await statement.bind(resident.email).run()
}
