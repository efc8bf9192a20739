import type { GuardedAccount } from '../../accounts/account.ts'
import { meetsAcr, requiredAcr } from '../../accounts/acr.ts'
import { clearPendingCookie, writePendingCookie } from '../../accounts/pending-sign-in.ts'
import type { PendingStart } from '../../accounts/pending-sign-in.store.ts'
import { readSessionCookie, writeSessionCookie } from '../../accounts/session-cookie.ts'
import type { SignIn } from '../../accounts/session.store.ts'
import type { Session } from '../../accounts/session.ts'
import type { HttpContext } from '../../http/context.ts'
import { redirectTo } from '../../oauth/authorize/authorization-response.ts'
import type { Secret } from '../../platform/secret.ts'
import { endedFormCookie } from '../form-cookie.ts'
import { secondFactorPath } from '../return-path.ts'

/** What somebody has proved, by whichever first step. */
export interface Proof {
  readonly account: Pick<GuardedAccount, 'account_id' | 'has_second_factor'>
  readonly amr: readonly string[]
  /** The stored hash as it was read for this sign-in; a new password ends what was begun with the old one. */
  readonly password_phc: string
  /** The value of the form cookie. */
  readonly browser: string
}

export interface SessionStartPorts {
  readonly sessions: {
    start(signIn: SignIn, nowMs: number): Promise<{ readonly session: Session; readonly cookieValue: Secret }>
  }
  readonly pendingSignIns: { begin(start: PendingStart, nowMs: number): Promise<Secret> }
}

/**
 * Goes on from a first step that was right: to a session when that is all that the account asks for, else to the
 * second factor. Every first step ends here, so that none makes a session that its account would not have.
 */
export async function continueSignIn(
  proof: Proof,
  returnPath: string,
  c: HttpContext,
  ports: SessionStartPorts,
): Promise<Response> {
  const { account, amr, password_phc, browser } = proof
  const { account_id } = account
  if (meetsAcr(amr, requiredAcr(account))) return startSession({ account_id, amr }, returnPath, c, ports)
  const pending = { account_id, amr, password_phc, browser }
  const cookieValue = await ports.pendingSignIns.begin(pending, c.var.facts.now)
  const answer = redirectTo(secondFactorPath(returnPath))
  writePendingCookie(answer.headers, cookieValue)
  return answer
}

/** Begins a session and leads on. */
export async function startSession(
  signIn: Pick<SignIn, 'account_id' | 'amr'>,
  returnPath: string,
  c: HttpContext,
  ports: Pick<SessionStartPorts, 'sessions'>,
): Promise<Response> {
  return withSession(signIn, redirectTo(returnPath), c, ports)
}

/**
 * Begins a session under a new secret, with an answer. The session that the browser had ends, and so do the form and what
 * waited: what was known before the sign-in is worth nothing after it.
 */
export async function withSession(
  { account_id, amr }: Pick<SignIn, 'account_id' | 'amr'>,
  answer: Response,
  c: HttpContext,
  { sessions }: Pick<SessionStartPorts, 'sessions'>,
): Promise<Response> {
  const previous = readSessionCookie(c.req.raw.headers)
  const { cookieValue } = await sessions.start({ account_id, amr, previous }, c.var.facts.now)
  writeSessionCookie(answer.headers, cookieValue)
  clearPendingCookie(answer.headers)
  answer.headers.append('set-cookie', endedFormCookie)
  return answer
}
