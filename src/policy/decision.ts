import type { Result } from '../platform/result.ts'
import type { CedarRecord } from './cedar-value.ts'

/** A decision of the policies about one request. */
export interface Decision {
  readonly decision: 'Allow' | 'Deny'
  /** Digest of the schema and the policies that decided. */
  readonly policy_version: string
  /** Identifiers of the policies that made the decision; none where nothing permits. */
  readonly determining_policies: readonly string[]
  readonly errors: readonly DecisionError[]
}

export type DecisionError =
  | { readonly code: 'policy_unavailable'; readonly message: string }
  | { readonly code: 'policy_failed'; readonly message: string; readonly policy_id: string }

/** A question: may this principal do this with that? */
export interface DecisionRequest {
  readonly principal: EntityUid
  readonly action: EntityUid
  readonly resource: EntityUid
  readonly context: CedarRecord
}

export interface EntityUid {
  readonly type: string
  readonly id: string
}

/** The request does not fit the schema, so no policy can be asked. */
export interface DecisionFailure {
  readonly reason: 'request_unfit'
  readonly faults: readonly DecisionFault[]
}

/** Where in the request a fault lies, and a sentence about it. */
export interface DecisionFault {
  readonly path: readonly string[]
  readonly message: string
}

export type DecisionAnswer = Result<Decision, DecisionFailure>

/** Denies because nobody could be asked. Only a decision that was really made may allow. */
export function denyUnavailable(policy_version: string): Decision {
  const message = 'The policies could not be evaluated, so the answer is no. It has been recorded.'
  return {
    decision: 'Deny',
    policy_version,
    determining_policies: [],
    errors: [{ code: 'policy_unavailable', message }],
  }
}
