import type { Account } from '../../accounts/account.ts'
import { readSessionCookie } from '../../accounts/session-cookie.ts'
import type { Session } from '../../accounts/session.ts'
import type { Secret } from '../../platform/secret.ts'

export interface VisitorPorts {
  readonly sessions: { find(cookieValue: Secret, nowMs: number): Promise<Session | undefined> }
  readonly accounts: { findById(account_id: string): Promise<Account | undefined> }
}

/** Finds who is signed in by a cookie header. Both are read each time: a session that was ended is over at once. */
export function createVisitorLookup({ sessions, accounts }: VisitorPorts) {
  return async (cookieHeader: string | undefined, nowMs: number) => {
    const cookieValue = readSessionCookie(new Headers({ cookie: cookieHeader ?? '' }))
    const session = cookieValue && (await sessions.find(cookieValue, nowMs))
    const account = session && (await accounts.findById(session.account_id))
    return session && account && { session, account }
  }
}
