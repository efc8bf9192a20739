import type { RequestFacts } from '../../http/context.ts'
import type { LimitAnswer } from '../../limits/limiter.ts'
import type { LimitSubject } from '../../limits/subject.ts'
import type { SendMail } from '../../mail/mail.ts'
import { errorText, log } from '../../platform/log.ts'
import type { Random } from '../../platform/random.ts'
import { fail, ok, type Result } from '../../platform/result.ts'

/** What every page needs that has something mailed. */
export interface MailRequestPorts {
  readonly issuer: string
  readonly random: Random
  /** Absent where this deployment cannot send mail. */
  readonly sendMail: SendMail | undefined
  readonly emailLinkMac: Uint8Array
  readonly limiter: { take(subject: MailSubject): Promise<LimitAnswer> }
}

export type MailSubject = Extract<LimitSubject, { readonly kind: 'mail_recipient' | 'mail_request' }>

export type MailRequestFailure =
  | { readonly reason: 'attempts_exhausted'; readonly retryAfterSeconds: number }
  | { readonly reason: 'limiter_unavailable' }

/**
 * Whether somebody may have a mail sent to an address now.
 *
 * Both counts are kept whether or not an account has the address, so neither tells. The sender's comes first: whoever
 * has none left wakes no more objects of made-up addresses. A full count of the recipient is no refusal that anybody
 * sees (`false`): the mailbox holds mails of ours already, and a refusal would tell one stranger what another did.
 */
export async function admitMail(
  email: string,
  address: string,
  { limiter }: Pick<MailRequestPorts, 'limiter'>,
): Promise<Result<boolean, MailRequestFailure>> {
  const request = await limiter.take({ kind: 'mail_request', address })
  if (!request.admitted) return fail(toFailure(request))
  const recipient = await limiter.take({ kind: 'mail_recipient', email })
  if (recipient.admitted) return ok(true)
  return recipient.reason === 'limit_reached' ? ok(false) : fail(toFailure(recipient))
}

function toFailure(answer: Extract<LimitAnswer, { readonly admitted: false }>): MailRequestFailure {
  switch (answer.reason) {
    case 'limit_reached':
      return { reason: 'attempts_exhausted', retryAfterSeconds: answer.retryAfterSeconds }
    case 'limiter_unavailable':
      return { reason: 'limiter_unavailable' }
  }
}

/**
 * Does what depends on whether an account has the address, once the answer is on its way: writing a row and sending a
 * mail take longer than doing neither, and whoever measures must not learn from it who has an account.
 */
export function afterAnswer(
  { waitUntil, request_id }: RequestFacts,
  about: string,
  work: () => Promise<void>,
): void {
  waitUntil(
    work().catch((error: unknown) =>
      log('error', 'mail_failed', { about, request_id, error: errorText(error) }),
    ),
  )
}
