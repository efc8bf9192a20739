import { readUserCode } from '../../grants/user-code.ts'
import type { LimitAnswer } from '../../limits/limiter.ts'
import type { LimitSubject } from '../../limits/subject.ts'
import {
  findDevice,
  type DeviceApprovalPorts,
  type DeviceDecisionFailure,
  type WaitingDevice,
} from '../../oauth/device/device-approval.ts'
import { fail, ok, type Result } from '../../platform/result.ts'

export interface UserCodeGuess {
  readonly typed: string
  readonly sid: string
  readonly address: string
}

export interface GuessPorts extends DeviceApprovalPorts {
  readonly limiter: {
    take(subject: GuessSubject): Promise<LimitAnswer>
    refund(subject: GuessSubject): Promise<void>
  }
}

export type GuessFailure =
  | DeviceDecisionFailure
  | { readonly reason: 'attempts_exhausted'; readonly retryAfterSeconds: number }
  | { readonly reason: 'limiter_unavailable' }

/** A device that was found, and the code in the one spelling that it has. */
export interface GuessedDevice extends WaitingDevice {
  readonly user_code: string
}

type GuessSubject = Extract<LimitSubject, { readonly kind: 'user_code' | 'user_code_address' }>

/**
 * Looks up the device of a code that somebody typed, and counts it unless it is right.
 *
 * A user code is short. Whoever tries them out is after the next person's device: to approve it with an account of their
 * own, so that what that person does on it lands there. Slots are taken before the look-up, as at sign-in, or a
 * thousand tries sent at once would all be let through (RFC 8628 §5.1).
 */
export async function guessUserCode(
  { typed, sid, address }: UserCodeGuess,
  ports: GuessPorts,
  nowMs: number,
): Promise<Result<GuessedDevice, GuessFailure>> {
  const subjects = [
    { kind: 'user_code_address', address },
    { kind: 'user_code', sid },
  ] as const
  for (const subject of subjects) {
    const answer = await ports.limiter.take(subject)
    if (!answer.admitted) return fail(toFailure(answer))
  }
  const user_code = readUserCode(typed)
  if (user_code === undefined) return fail({ reason: 'user_code_unknown' })
  const found = await findDevice(user_code, ports, nowMs)
  if (!found.ok) return found
  await Promise.all(subjects.map((subject) => ports.limiter.refund(subject)))
  return ok({ ...found.value, user_code })
}

function toFailure(answer: Extract<LimitAnswer, { readonly admitted: false }>): GuessFailure {
  switch (answer.reason) {
    case 'limit_reached':
      return { reason: 'attempts_exhausted', retryAfterSeconds: answer.retryAfterSeconds }
    case 'limiter_unavailable':
      return { reason: 'limiter_unavailable' }
  }
}
