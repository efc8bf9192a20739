import type { Account } from '../../accounts/account.ts'
import { issueLink, linkUrl, readLink } from '../../accounts/e-mail-link.ts'
import { faultOfPassword, type PasswordFault } from '../../accounts/new-password.ts'
import type { SignUp } from '../../accounts/sign-up.store.ts'
import type { RequestFacts } from '../../http/context.ts'
import type { Locale } from '../../http/locale.ts'
import { deliver } from '../../mail/delivery.ts'
import type { SendMail } from '../../mail/mail.ts'
import { epochSeconds } from '../../platform/clock.ts'
import { constantTimeEqual, sha256 } from '../../platform/digest.ts'
import { randomId, type Random } from '../../platform/random.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Secret } from '../../platform/secret.ts'
import type { MailRequestPorts } from './mail-request.ts'
import type { MailedLinkFailure } from './mailed-link.ts'
import { signUpWords } from './sign-up.words.ts'

export interface SignUpRules extends Pick<MailRequestPorts, 'issuer' | 'random' | 'emailLinkMac'> {
  readonly signUps: {
    begin(signUp: SignUp): Promise<void>
    find(link_digest: string, nowMs: number): Promise<SignUp | undefined>
    complete(account: Account, password_phc: string): Promise<boolean>
  }
  hashPassword(password: Secret, random: Random): Promise<string>
}

/** What somebody typed who wants an account. */
export interface Wish {
  readonly email: string
  readonly return_path: string
  /** The form cookie of the browser that asks. */
  readonly browser: string
  readonly locale: Locale
}

/**
 * Mails a link that makes an account, or where an account has the address, tells its holder that somebody tried.
 *
 * The password is chosen behind the link and not before it. Somebody who signs up with another's address would
 * otherwise choose the password of the account that the other makes by following the link, and get in later.
 */
export async function mailSignUp(
  wish: Wish,
  holder: Account | undefined,
  ports: SignUpRules & { readonly sendMail: SendMail },
  { now: nowMs, request_id }: RequestFacts,
): Promise<void> {
  const { email, return_path, browser, locale } = wish
  const { issuer, emailLinkMac, random } = ports
  const { mail, mailToHolder } = signUpWords[locale]
  if (holder !== undefined) {
    const notice = mailToHolder(`${issuer}/sign-in`, `${issuer}/reset-password`)
    return deliver({ to: email, ...notice }, ports.sendMail, 'sign_up_of_holder', request_id)
  }
  const { token, ...link } = issueLink('sign_up', emailLinkMac, random, nowMs)
  const browser_digest = sha256(browser)
  await ports.signUps.begin({ ...link, email, return_path, browser_digest, created_at: epochSeconds(nowMs) })
  const invitation = mail(linkUrl(issuer, '/sign-up/confirm', token))
  return deliver({ to: email, ...invitation }, ports.sendMail, 'sign_up', request_id)
}

export async function findSignUp(
  token: Secret,
  { signUps, emailLinkMac }: Pick<SignUpRules, 'signUps' | 'emailLinkMac'>,
  nowMs: number,
): Promise<Result<SignUp, MailedLinkFailure>> {
  const link_digest = readLink(token, 'sign_up', emailLinkMac, nowMs)
  if (!link_digest.ok) return link_digest
  const signUp = await signUps.find(link_digest.value, nowMs)
  return signUp === undefined ? fail({ reason: 'link_spent' }) : ok(signUp)
}

/** Makes the account of a sign-up whose link was followed. A password that is not taken spends nothing. */
export async function completeSignUp(
  { email }: SignUp,
  { name, password }: { readonly name: string | undefined; readonly password: Secret },
  ports: SignUpRules,
  nowMs: number,
): Promise<Result<Account, { readonly reason: PasswordFault } | { readonly reason: 'link_spent' }>> {
  const fault = faultOfPassword(password, email)
  if (fault !== undefined) return fail({ reason: fault })
  const now = epochSeconds(nowMs)
  const account: Account = {
    account_id: randomId(ports.random),
    vault_id: randomId(ports.random),
    email,
    email_verified: true,
    claims: name === undefined ? {} : { name },
    created_at: now,
    updated_at: now,
  }
  const password_phc = await ports.hashPassword(password, ports.random)
  const isMade = await ports.signUps.complete(account, password_phc)
  return isMade ? ok(account) : fail({ reason: 'link_spent' })
}

/**
 * Whether a browser is the one that asked for an account. Only that one is signed in: an attacker could mail the link
 * of an account of their own to somebody who would then work in it, and leave there what the attacker reads.
 */
export function hasBegun({ browser_digest }: SignUp, browser: string): boolean {
  return constantTimeEqual(browser_digest, sha256(browser))
}
