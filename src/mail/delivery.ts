import { mailTimeoutMs } from '../platform/account-bounds.ts'
import { within } from '../platform/deadline.ts'
import { errorText, log } from '../platform/log.ts'
import { assertMail, type Mail, type SendMail } from './mail.ts'

const TRIES = 2

/**
 * Sends a mail behind an answer that is already on its way, with one more try where the first fails.
 *
 * It never throws: nobody waits for it, and whoever asked can ask again. The log says what the mail was about and not
 * to whom, because logs are read by more people than the database. An error of a mail service may quote the address.
 */
export async function deliver(mail: Mail, send: SendMail, about: string, request_id: string): Promise<void> {
  assertMail(mail)
  for (let attempt = 1; attempt <= TRIES; attempt += 1) {
    const failure = await failureOf(mail, send)
    if (failure === undefined) return
    const error = failure.replaceAll(mail.to, '[address]')
    log(attempt < TRIES ? 'warn' : 'error', 'mail_failed', { about, attempt, request_id, error })
  }
}

async function failureOf(mail: Mail, send: SendMail): Promise<string | undefined> {
  try {
    const sent = await within(
      mailTimeoutMs,
      send(mail).then(() => 'sent' as const),
    )
    return sent === undefined ? `no answer within ${mailTimeoutMs} ms` : undefined
  } catch (error) {
    return errorText(error)
  }
}
