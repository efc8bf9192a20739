import type { Hono } from 'hono'

import type { Account } from '../accounts/account.ts'
import { hashPassword } from '../accounts/password.ts'
import type { HttpEnv, RequestFacts } from '../http/context.ts'
import { createVisitorLookup } from '../oauth/authorize/visitor.ts'
import { endGrants } from '../oauth/logout/grants-ending.ts'
import { endSession, type EndingSession } from '../oauth/logout/session-ending.ts'
import { mailboxRoutes } from '../people/e-mail/mailbox.route.ts'
import { newAccountRoutes } from '../people/e-mail/new-account.route.ts'
import { resetPasswordRoutes } from '../people/e-mail/reset-password.route.ts'
import { signUpRoutes } from '../people/e-mail/sign-up.route.ts'
import { verifyEmailRoutes } from '../people/e-mail/verify-email.route.ts'
import { systemRandom } from '../platform/random.ts'
import type { Settings } from '../settings.ts'
import { mailCarrier } from './mail.ts'
import type { Parts } from './parts.ts'

/** What people do by links in mails: sign up, set a forgotten password, confirm an address. */
export function mailPages(settings: Settings, parts: Parts): readonly Hono<HttpEnv>[] {
  const { accounts, sessions, signUps, accountLinks, limiter, mailbox } = parts
  const { issuer, signUpIsOpen, keys } = settings
  const ports = {
    issuer,
    signUpIsOpen,
    random: systemRandom,
    formMac: keys.formMac,
    emailLinkMac: keys.emailLinkMac,
    sendMail: mailCarrier(settings, parts.mailBinding, mailbox),
    limiter,
    accounts,
    sessions,
    signUps,
    accountLinks,
    hashPassword,
    endSession: (ending: EndingSession, facts: RequestFacts) =>
      endSession(ending, parts.sessionEnding, facts),
    endGrants: (account: Pick<Account, 'vault_id'>, { now }: RequestFacts) => endGrants(account, parts, now),
    findVisitor: createVisitorLookup({ sessions }),
  }
  return [
    signUpRoutes(ports),
    newAccountRoutes(ports),
    resetPasswordRoutes(ports),
    verifyEmailRoutes(ports),
    mailboxRoutes({ mailbox: settings.loopbackIsAllowed ? mailbox : undefined }),
  ]
}
