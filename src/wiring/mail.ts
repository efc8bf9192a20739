import { cloudflareMail, type MailBinding } from '../mail/cloudflare-mail.ts'
import type { Mail, SendMail } from '../mail/mail.ts'
import type { Settings } from '../settings.ts'

/**
 * Who carries mail: in development the mailbox page, otherwise Cloudflare where the binding and a sender are there, and
 * nobody where they are not. The mailbox comes first, so that no copy of a deployment's data mails real people.
 */
export function mailCarrier(
  { loopbackIsAllowed, mailSender }: Settings,
  binding: MailBinding | undefined,
  mailbox: { keep(mail: Mail): Promise<void> },
): SendMail | undefined {
  if (loopbackIsAllowed) return (mail) => mailbox.keep(mail)
  return binding !== undefined && mailSender !== undefined ? cloudflareMail(binding, mailSender) : undefined
}
