import { meetsAcr, requiredAcr } from '../../accounts/acr.ts'
import { readSessionCookie } from '../../accounts/session-cookie.ts'
import type { SessionOfAccount } from '../../accounts/session.store.ts'
import type { Secret } from '../../platform/secret.ts'

export interface VisitorPorts {
  readonly sessions: {
    findWithAccount(cookieValue: Secret, nowMs: number): Promise<SessionOfAccount | undefined>
  }
}

/**
 * Finds who is signed in by a cookie header. It is read each time: a session that was ended is over at once.
 *
 * A session that was begun before its account had a second factor is nobody's until the factor has been shown, for every
 * page and every way to a token alike: they all ask here, so that none can forget to.
 */
export function createVisitorLookup({ sessions }: VisitorPorts) {
  return async (cookieHeader: string | undefined, nowMs: number): Promise<SessionOfAccount | undefined> => {
    const cookieValue = readSessionCookie(new Headers({ cookie: cookieHeader ?? '' }))
    const visitor = cookieValue && (await sessions.findWithAccount(cookieValue, nowMs))
    return visitor && meetsAcr(visitor.session.amr, requiredAcr(visitor.account)) ? visitor : undefined
  }
}
