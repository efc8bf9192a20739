import type { AccountLink } from '../../accounts/account-link.store.ts'
import type { Account } from '../../accounts/account.ts'
import { issueLink, linkUrl } from '../../accounts/e-mail-link.ts'
import { faultOfPassword, type PasswordFault } from '../../accounts/new-password.ts'
import type { RequestFacts } from '../../http/context.ts'
import type { Locale } from '../../http/locale.ts'
import { deliver } from '../../mail/delivery.ts'
import type { SendMail } from '../../mail/mail.ts'
import type { Random } from '../../platform/random.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Secret } from '../../platform/secret.ts'
import type { AccountLinkPorts } from './mailed-link.ts'
import { resetPasswordWords } from './reset-password.words.ts'

export interface ResetRules extends AccountLinkPorts<'reset_password'> {
  readonly accountLinks: AccountLinkPorts<'reset_password'>['accountLinks'] & {
    resetPassword(link: AccountLink, password_phc: string, nowMs: number): Promise<boolean>
  }
  hashPassword(password: Secret, random: Random): Promise<string>
}

/** Mails the holder of an account a link that sets a new password. To nobody else: strangers asked for no mail. */
export async function mailReset(
  holder: Account | undefined,
  locale: Locale,
  ports: AccountLinkPorts<'reset_password'> & { readonly sendMail: SendMail },
  { now: nowMs, request_id }: RequestFacts,
): Promise<void> {
  if (holder === undefined) return
  const { token, ...link } = issueLink('reset_password', ports.emailLinkMac, ports.random, nowMs)
  await ports.accountLinks.begin(link, 'reset_password', holder, nowMs)
  const mail = resetPasswordWords[locale].mail(linkUrl(ports.issuer, '/reset-password/confirm', token))
  await deliver({ to: holder.email, ...mail }, ports.sendMail, 'reset_password', request_id)
}

/**
 * Sets the password behind a link. It signs nobody in: whoever reads somebody's mail has one factor, and an account
 * that asks for a second one goes on asking.
 */
export async function resetPassword(
  link: AccountLink,
  password: Secret,
  ports: ResetRules,
  nowMs: number,
): Promise<Result<AccountLink, { readonly reason: PasswordFault } | { readonly reason: 'link_spent' }>> {
  const fault = faultOfPassword(password, link.email)
  if (fault !== undefined) return fail({ reason: fault })
  const password_phc = await ports.hashPassword(password, ports.random)
  const isSet = await ports.accountLinks.resetPassword(link, password_phc, nowMs)
  return isSet ? ok(link) : fail({ reason: 'link_spent' })
}
