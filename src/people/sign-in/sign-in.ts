import { canonicalEmail, type GuardedAccount } from '../../accounts/account.ts'
import type { LimitAnswer } from '../../limits/limiter.ts'
import type { LimitSubject } from '../../limits/subject.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import type { Secret } from '../../platform/secret.ts'

export interface SignInAttempt {
  readonly email: string
  readonly password: Secret
  readonly address: string
}

export type SignInFailure =
  | { readonly reason: 'credentials_wrong' }
  | { readonly reason: 'attempts_exhausted'; readonly retryAfterSeconds: number }
  | { readonly reason: 'limiter_unavailable' }

/** Somebody whose password was right, and the hash that it was right for. */
export interface AuthenticatedPerson {
  readonly account: GuardedAccount
  readonly password_phc: string
}

export interface AuthenticationPorts {
  readonly accounts: {
    findByEmail(email: string): Promise<AuthenticatedPerson | undefined>
  }
  readonly limiter: {
    take(subject: SignInSubject): Promise<LimitAnswer>
    refund(subject: SignInSubject): Promise<void>
  }
  /** Takes as long for no hash as for a real one. */
  verifyPassword(password: Secret, phc: string | undefined): Promise<boolean>
  /** Hashes a right password anew where its hash is outdated, and answers the hash that holds from now on. */
  renewHash(
    found: { readonly account_id: string; readonly password_phc: string },
    password: Secret,
  ): Promise<string>
}

type SignInSubject = Extract<LimitSubject, { readonly kind: 'sign_in' | 'sign_in_address' }>

/**
 * Finds out whether somebody is who they say they are.
 *
 * Both slots are taken before the password is hashed: counted afterwards, a thousand guesses sent at once would
 * all be let through, and each hash costs 130 ms. A right password gives its slots back, so only wrong ones
 * count. An unknown address takes the same way as a wrong password and as long, since the difference would tell
 * who has an account. Nobody signs in while guesses cannot be counted. Whether there is a second factor is asked for by
 * whoever goes on from here: before the password is right, nothing of the answer may depend on it.
 *
 * The address is asked first: each made-up account wakes an object that never existed, and whoever is over the limit
 * of an address wakes no more of them. A guess that only its account refuses still counts against the address.
 */
export async function authenticatePerson(
  attempt: SignInAttempt,
  ports: AuthenticationPorts,
): Promise<Result<AuthenticatedPerson, SignInFailure>> {
  const account = canonicalEmail(attempt.email)
  const subjects = [
    { kind: 'sign_in_address', address: attempt.address },
    { kind: 'sign_in', account, address: attempt.address },
  ] as const
  for (const subject of subjects) {
    const answer = await ports.limiter.take(subject)
    if (!answer.admitted) return fail(toFailure(answer))
  }
  const found = await ports.accounts.findByEmail(account)
  const isRight = await ports.verifyPassword(attempt.password, found?.password_phc)
  if (found === undefined || !isRight) return fail({ reason: 'credentials_wrong' })
  await Promise.all(subjects.map((subject) => ports.limiter.refund(subject)))
  const { account_id } = found.account
  const outdated = { account_id, password_phc: found.password_phc }
  const password_phc = await ports.renewHash(outdated, attempt.password)
  return ok({ account: found.account, password_phc })
}

function toFailure(answer: Extract<LimitAnswer, { readonly admitted: false }>): SignInFailure {
  switch (answer.reason) {
    case 'limit_reached':
      return { reason: 'attempts_exhausted', retryAfterSeconds: answer.retryAfterSeconds }
    case 'limiter_unavailable':
      return { reason: 'limiter_unavailable' }
  }
}
