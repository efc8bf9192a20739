import { showAccount } from './account/account.contract.ts'
import { disconnectApp, showConnectedApps } from './account/connected-apps.contract.ts'
import { decideConsent, showConsent } from './consent/consent.contract.ts'
import { decideDevice, enterUserCode, showDevice } from './consent/device.contract.ts'
import { beginLink, confirmLink, endLink, showLinkedIdentities } from './account/linked-identity.contract.ts'
import { beginProviderLogin, finishProviderLogin } from './sign-in/provider-login.contract.ts'
import { endOneSession, endOtherSessions, showSessions } from './account/sessions.contract.ts'
import {
  addPasskey,
  changeFactors,
  confirmTotpEnrolment,
  showFactors,
  showPasskeyEnrolment,
  showTotpEnrolment,
} from './account/factors.contract.ts'
import { showPasskeySignIn, signInByPasskey } from './sign-in/passkey.contract.ts'
import { enterSecondFactor, showSecondFactor } from './sign-in/second-factor.contract.ts'
import { showSignIn, signIn } from './sign-in/sign-in.contract.ts'
import { showSignOut, signOut } from './sign-in/sign-out.contract.ts'

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
