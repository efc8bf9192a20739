import type { AccountLink } from '../../accounts/account-link.store.ts'
import type { Account } from '../../accounts/account.ts'
import { readLink, type LinkFailure, type LinkPurpose, type LinkRecord } from '../../accounts/e-mail-link.ts'
import type { HttpContext, RequestFacts } from '../../http/context.ts'
import { refusalPage } from '../../http/refusal.page.tsx'
import { log } from '../../platform/log.ts'
import type { Secret } from '../../platform/secret.ts'
import type { MailRequestPorts } from './mail-request.ts'
import { linkUnusableWords } from './mail-request.words.ts'

export interface AccountLinkPorts<Purpose extends LinkPurpose> extends Pick<
  MailRequestPorts,
  'issuer' | 'random' | 'emailLinkMac'
> {
  readonly accountLinks: {
    begin(link: LinkRecord, purpose: Purpose, account: Account, nowMs: number): Promise<void>
    find(link_digest: string, purpose: Purpose, nowMs: number): Promise<AccountLink | undefined>
  }
}

export type MailedLinkFailure = LinkFailure | { readonly reason: 'link_spent' }

/** Finds what a mailed link is about; cheap checks first, so that a made-up one asks the database nothing. */
export async function findAccountLink<Purpose extends LinkPurpose>(
  token: Secret,
  purpose: Purpose,
  { accountLinks, emailLinkMac }: Pick<AccountLinkPorts<Purpose>, 'accountLinks' | 'emailLinkMac'>,
  facts: RequestFacts,
): Promise<AccountLink | undefined> {
  const { now: nowMs } = facts
  const link_digest = readLink(token, purpose, emailLinkMac, nowMs)
  const link = link_digest.ok ? await accountLinks.find(link_digest.value, purpose, nowMs) : undefined
  if (!link_digest.ok) noteRefusedLink(link_digest.failure, facts)
  else if (link === undefined) noteRefusedLink({ reason: 'link_spent' }, facts)
  return link
}

/** The reason goes to the log only: a page that told used links from made-up ones would tell that somebody used one. */
export function noteRefusedLink({ reason }: MailedLinkFailure, { request_id }: RequestFacts): void {
  log('info', 'link_refused', { reason, request_id })
}

export function refuseLink(c: HttpContext): Response {
  return refusalPage(c, { status: 404, words: linkUnusableWords })
}
