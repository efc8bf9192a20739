import { defaultPlan, type Plan } from './limit-plan.ts'
import type { LimitSubject } from './subject.ts'

/** What is known of an API key, without the key. Instants are epoch seconds. */
export interface KeyRecord {
  readonly key_id: string
  readonly secret_digest: string
  readonly client_id: string
  readonly scope: string
  /** Name of the plan that holds for the key: its own, or that of its client. */
  readonly plan: string | null
  readonly expires_at: number | null
  readonly revoked_at: number | null
}

/** What a limiter object knows of its subject. */
export interface SubjectRecord {
  /** Null for every subject that is not a key, and for a key that does not exist. */
  readonly key: KeyRecord | null
  readonly plan: Plan
}

/** Reads the record of a subject that has one, where the truth is kept. May throw. */
export interface SubjectLookup {
  find(subject: RecordedSubject): Promise<SubjectRecord>
}

/** Subjects whose limit follows from a stored plan; the others have one limit for everybody. */
export type RecordedSubject = Extract<
  LimitSubject,
  { readonly kind: 'key' | 'caller' | 'token_client' | 'token_grant' }
>

export const unrecorded: SubjectRecord = { key: null, plan: defaultPlan }

export function isRecorded(subject: LimitSubject): subject is RecordedSubject {
  switch (subject.kind) {
    case 'key':
    case 'caller':
    case 'token_client':
    case 'token_grant':
      return true
    case 'sign_in':
    case 'sign_in_address':
    case 'client_authentication':
    case 'registration':
    case 'second_factor':
    case 'revocation':
    case 'provider_login':
    case 'request_object':
    case 'pushed_request':
    case 'device_authorization':
    case 'user_code':
    case 'user_code_address':
    case 'mail_recipient':
    case 'mail_request':
      return false
  }
}
