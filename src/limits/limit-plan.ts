import { requestObjectFetchesPerMinute } from '../platform/authorization-bounds.ts'
import { mailRequestsPerAddressPerHour, mailsPerRecipientPerHour } from '../platform/account-bounds.ts'
import {
  failedClientAuthenticationsPerMinute,
  failedSignInsPerAddressPerMinute,
  failedSignInsPerMinute,
  providerLoginsPerMinute,
  registrationsPerMinute,
  requestsPerSecondDefault,
  revocationsPerMinute,
  tokenRequestsPerMinuteDefault,
} from '../platform/bounds.ts'
import {
  deviceAuthorizationsPerMinute,
  failedUserCodesPerAddressPerMinute,
  failedUserCodesPerMinute,
  pushedRequestsPerMinute,
} from '../platform/one-time-bounds.ts'
import { wrongCodesPerDay, wrongCodesWindowSeconds } from '../platform/factor-bounds.ts'
import type { LimitSubject } from './subject.ts'

/** Limits that are given together, to a client or to an API key. */
export interface Plan {
  readonly name: string
  readonly requests_per_second: number
  readonly token_requests_per_minute: number
}

/** Holds where no plan is named, and where the named one does not exist: an unknown plan never raises a limit. */
export const defaultPlan: Plan = {
  name: 'default',
  requests_per_second: requestsPerSecondDefault,
  token_requests_per_minute: tokenRequestsPerMinuteDefault,
}

/** At most `limit` uses in any window of this length. */
export interface Limit {
  readonly limit: number
  readonly windowMs: number
}

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** The limit of a subject under its plan. Limits against guessing and flooding are the same for everyone. */
export function limitFor(subject: LimitSubject, plan: Plan): Limit {
  switch (subject.kind) {
    case 'key':
    case 'caller':
      return { limit: plan.requests_per_second, windowMs: SECOND_MS }
    case 'token_client':
    case 'token_grant':
      return { limit: plan.token_requests_per_minute, windowMs: MINUTE_MS }
    case 'sign_in':
      return { limit: failedSignInsPerMinute, windowMs: MINUTE_MS }
    case 'sign_in_address':
      return { limit: failedSignInsPerAddressPerMinute, windowMs: MINUTE_MS }
    case 'second_factor':
      return { limit: wrongCodesPerDay, windowMs: wrongCodesWindowSeconds * 1_000 }
    case 'client_authentication':
      return { limit: failedClientAuthenticationsPerMinute, windowMs: MINUTE_MS }
    case 'registration':
      return { limit: registrationsPerMinute, windowMs: MINUTE_MS }
    case 'mail_recipient':
      return { limit: mailsPerRecipientPerHour, windowMs: HOUR_MS }
    case 'mail_request':
      return { limit: mailRequestsPerAddressPerHour, windowMs: HOUR_MS }
    case 'request_object':
      return { limit: requestObjectFetchesPerMinute, windowMs: MINUTE_MS }
    case 'provider_login':
      return { limit: providerLoginsPerMinute, windowMs: MINUTE_MS }
    case 'revocation':
      return { limit: revocationsPerMinute, windowMs: MINUTE_MS }
    case 'pushed_request':
      return { limit: pushedRequestsPerMinute, windowMs: MINUTE_MS }
    case 'device_authorization':
      return { limit: deviceAuthorizationsPerMinute, windowMs: MINUTE_MS }
    case 'user_code':
      return { limit: failedUserCodesPerMinute, windowMs: MINUTE_MS }
    case 'user_code_address':
      return { limit: failedUserCodesPerAddressPerMinute, windowMs: MINUTE_MS }
  }
}
