import { showMailbox } from './mailbox.contract.ts'
import {
  requestReset,
  setNewPassword,
  showNewPassword,
  showResetPassword,
} from './reset-password.contract.ts'
import { makeNewAccount, showNewAccount, showSignUp, signUp } from './sign-up.contract.ts'
import { sendVerification, showVerification, verifyEmail } from './verify-email.contract.ts'

/** What people do by links in mails. */
export const mailOperations = [
  showSignUp,
  signUp,
  showNewAccount,
  makeNewAccount,
  showResetPassword,
  requestReset,
  showNewPassword,
  setNewPassword,
  sendVerification,
  showVerification,
  verifyEmail,
  showMailbox,
] as const
