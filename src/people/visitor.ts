import type { GuardedAccount } from '../accounts/account.ts'
import type { Session } from '../accounts/session.ts'

/** Who is signed in in the browser that sent a request. */
export interface SignedIn {
  readonly session: Session
  readonly account: GuardedAccount
}

export interface VisitorPorts {
  readonly findVisitor: (cookieHeader: string | undefined, nowMs: number) => Promise<SignedIn | undefined>
}
