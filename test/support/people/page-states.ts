import { accountStates } from './states/account-states.ts'
import { consentStates } from './states/consent-states.ts'
import { deviceStates } from './states/device-states.ts'
import { mailStates } from './states/mail-states.ts'
import { refusalStates } from './states/refusal-states.ts'
import { signInStates } from './states/sign-in-states.ts'
import { openSignedIn, type PageState } from './states/stage.ts'

/** Every page in every state that looks different. A page that is not in here is not looked at. */
export const pageStates: readonly PageState[] = [
  ...signInStates,
  ...consentStates,
  ...accountStates,
  ...deviceStates,
  ...mailStates,
  ...refusalStates,
  { name: 'providers, none', show: (stage) => openSignedIn(stage, '/account/providers') },
]
