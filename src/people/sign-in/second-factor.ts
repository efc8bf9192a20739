import type { PendingHolder, PendingSignIn } from '../../accounts/pending-sign-in.ts'
import { recoveryCodeDigest } from '../../accounts/recovery-code.ts'
import { openTotpSecret, totpStepOf, type TotpFactor } from '../../accounts/totp.ts'
import type { LimitAnswer } from '../../limits/limiter.ts'
import type { LimitSubject } from '../../limits/subject.ts'
import { log } from '../../platform/log.ts'
import { fail, ok, type Result } from '../../platform/result.ts'
import { authenticateByPasskey, passkeyAmr, type PasskeyPorts } from './passkey.ts'

/** What somebody answers when they are asked for a second factor. */
export type SecondFactorAnswer =
  | { readonly kind: 'totp'; readonly code: string }
  | { readonly kind: 'recovery_code'; readonly code: string }
  | { readonly kind: 'passkey'; readonly credential: string }

export interface SecondFactorAttempt {
  readonly answer: SecondFactorAnswer
  readonly holder: PendingHolder
  readonly address: string
  readonly nowMs: number
}

export type SecondFactorFailure =
  /** There is nothing to go on with, or there is no more of it: the person signs in from the start. */
  | { readonly reason: 'sign_in_over' }
  | { readonly reason: 'factor_wrong' }
  | { readonly reason: 'attempts_exhausted'; readonly retryAfterSeconds: number }
  | { readonly reason: 'limiter_unavailable' }

type FactorSubject = Extract<LimitSubject, { readonly kind: 'second_factor' | 'sign_in_address' }>

export interface SecondFactorPorts extends PasskeyPorts {
  readonly factorSeal: Uint8Array
  readonly pendingSignIns: {
    take(
      holder: PendingHolder,
      nowMs: number,
    ): Promise<(PendingSignIn & { readonly triesLeft: number }) | undefined>
    finish(holder: PendingHolder): Promise<boolean>
  }
  readonly factors: {
    findTotp(account_id: string): Promise<TotpFactor | undefined>
    spendStep(factor: TotpFactor, step: number): Promise<boolean>
    spendRecoveryCode(account_id: string, code_digest: string): Promise<boolean>
  }
  readonly limiter: {
    take(subject: FactorSubject): Promise<LimitAnswer>
    refund(subject: FactorSubject): Promise<void>
  }
}

/** Tells a code of an app from a recovery code, or answers undefined for what is neither and costs no try. */
export function readCode(typed: string): SecondFactorAnswer | undefined {
  const code = typed.replaceAll(/\s/g, '')
  if (/^\d{6}$/.test(code)) return { kind: 'totp', code }
  return recoveryCodeDigest('', code) === undefined ? undefined : { kind: 'recovery_code', code }
}

/**
 * Finds out whether somebody whose first step was right has the second factor as well, and ends the waiting if so.
 *
 * Everything is counted before it is looked at: by address, by sign-in, and codes of an app by account, because six
 * digits can be guessed by whoever has the password and many addresses. A recovery code has 80 bits, and a passkey
 * cannot be guessed: they stay open to the owner of an account that somebody is trying codes at.
 */
export async function proveSecondFactor(
  attempt: SecondFactorAttempt,
  ports: SecondFactorPorts,
): Promise<Result<PendingSignIn, SecondFactorFailure>> {
  const { answer, holder, address, nowMs } = attempt
  const byAddress = { kind: 'sign_in_address', address } as const
  const counted = await ports.limiter.take(byAddress)
  if (!counted.admitted) return fail(toFailure(counted))
  const pending = await ports.pendingSignIns.take(holder, nowMs)
  if (pending === undefined) return fail({ reason: 'sign_in_over' })
  const { account_id, amr, triesLeft } = pending

  const subjects: FactorSubject[] = [byAddress]
  if (answer.kind === 'totp') {
    const byAccount = { kind: 'second_factor', account_id } as const
    const guess = await ports.limiter.take(byAccount)
    if (!guess.admitted) return fail(toFailure(guess))
    subjects.push(byAccount)
  }
  if (!(await isRight(answer, account_id, attempt, ports))) {
    return fail({ reason: triesLeft > 0 ? 'factor_wrong' : 'sign_in_over' })
  }
  await Promise.all(subjects.map((subject) => ports.limiter.refund(subject)))
  if (!(await ports.pendingSignIns.finish(holder))) return fail({ reason: 'sign_in_over' })
  return ok({ account_id, amr: [...amr, ...amrOf(answer)] })
}

async function isRight(
  answer: SecondFactorAnswer,
  account_id: string,
  { holder, nowMs }: SecondFactorAttempt,
  ports: SecondFactorPorts,
): Promise<boolean> {
  switch (answer.kind) {
    case 'totp':
      return isRightCode(answer.code, account_id, ports, nowMs)
    case 'recovery_code': {
      const digest = recoveryCodeDigest(account_id, answer.code)
      return digest !== undefined && ports.factors.spendRecoveryCode(account_id, digest)
    }
    case 'passkey': {
      const use = { purpose: 'second_factor', holder: holder.browser, account_id } as const
      const passkey = await authenticateByPasskey(answer.credential, use, ports, nowMs)
      if (!passkey.ok) log('info', 'passkey_refused', { reason: passkey.failure.reason })
      return passkey.ok
    }
  }
}

async function isRightCode(
  code: string,
  account_id: string,
  ports: SecondFactorPorts,
  nowMs: number,
): Promise<boolean> {
  const factor = await ports.factors.findTotp(account_id)
  const secret = factor && (await openTotpSecret(factor, ports.factorSeal))
  if (factor !== undefined && secret === undefined) log('error', 'totp_secret_unreadable', { account_id })
  const step = secret && totpStepOf(code, secret, nowMs)
  return factor !== undefined && step !== undefined && ports.factors.spendStep(factor, step)
}

function amrOf(answer: SecondFactorAnswer): readonly string[] {
  switch (answer.kind) {
    case 'totp':
    case 'recovery_code':
      return ['otp', 'mfa']
    case 'passkey':
      return passkeyAmr
  }
}

function toFailure(answer: Extract<LimitAnswer, { readonly admitted: false }>): SecondFactorFailure {
  switch (answer.reason) {
    case 'limit_reached':
      return { reason: 'attempts_exhausted', retryAfterSeconds: answer.retryAfterSeconds }
    case 'limiter_unavailable':
      return { reason: 'limiter_unavailable' }
  }
}
