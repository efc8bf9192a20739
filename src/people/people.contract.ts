import { showAccount } from './account.contract.ts'
import { disconnectApp, showConnectedApps } from './connected-apps.contract.ts'
import { decideConsent, showConsent } from './consent.contract.ts'
import { decideDevice, enterUserCode, showDevice } from './device.contract.ts'
import { beginLink, confirmLink, endLink, showLinkedIdentities } from './linked-identity.contract.ts'
import { beginProviderLogin, finishProviderLogin } from './provider-login.contract.ts'
import { endOneSession, endOtherSessions, showSessions } from './sessions.contract.ts'
import {
  addPasskey,
  changeFactors,
  confirmTotpEnrolment,
  showFactors,
  showPasskeyEnrolment,
  showTotpEnrolment,
} from './factors.contract.ts'
import { showPasskeySignIn, signInByPasskey } from './passkey.contract.ts'
import { enterSecondFactor, showSecondFactor } from './second-factor.contract.ts'
import { showSignIn, signIn } from './sign-in.contract.ts'
import { showSignOut, signOut } from './sign-out.contract.ts'

export const peopleOperations = [
  showSignIn,
  signIn,
  showSecondFactor,
  enterSecondFactor,
  showPasskeySignIn,
  signInByPasskey,
  showFactors,
  changeFactors,
  showTotpEnrolment,
  confirmTotpEnrolment,
  showPasskeyEnrolment,
  addPasskey,
  showSignOut,
  signOut,
  showConsent,
  decideConsent,
  showAccount,
  showSessions,
  endOneSession,
  endOtherSessions,
  showConnectedApps,
  disconnectApp,
  beginProviderLogin,
  finishProviderLogin,
  showLinkedIdentities,
  beginLink,
  confirmLink,
  endLink,
  showDevice,
  enterUserCode,
  decideDevice,
] as const
