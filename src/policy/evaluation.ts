import * as z from 'zod'

import { fail, ok, type Result } from '../platform/result.ts'
import { contextFault, vocabularyFaults } from './action-vocabulary.ts'
import type { CedarInstance } from './cedar-instance.ts'
import type { Decision, DecisionError, DecisionFailure, DecisionRequest } from './decision.ts'
import { messagesOf, toStaticPolicies, type PolicySet, type PolicySetFailure } from './policy-set.ts'

/** The names under which an instance keeps what it has parsed. */
const SLOT = 'active'

const Prepared = z.object({ type: z.literal('success') })
const Answer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('failure') }),
  z.object({
    type: z.literal('success'),
    response: z.object({
      decision: z.enum(['allow', 'deny']),
      diagnostics: z.object({
        reason: z.array(z.string()),
        errors: z.array(z.object({ policyId: z.string() })),
      }),
    }),
  }),
])

type Diagnosis = Extract<z.output<typeof Answer>, { type: 'success' }>['response']

/** Parses a set once, so that a decision does not parse it again: that is ten times as dear as deciding. */
export function prepare(cedar: CedarInstance, set: PolicySet): Result<null, PolicySetFailure> {
  const policies = { staticPolicies: toStaticPolicies(set), templates: {}, templateLinks: [] }
  const answers = [
    cedar.preparse('preparseSchema', SLOT, set.schema),
    cedar.preparse('preparsePolicySet', SLOT, policies),
  ]
  const refused = answers.find((answer) => !Prepared.safeParse(answer).success)
  return refused === undefined ? ok(null) : fail({ reason: 'policies_invalid', fault: messagesOf(refused) })
}

/** Asks a prepared set about one request. */
export function evaluate(
  cedar: CedarInstance,
  set: PolicySet,
  request: DecisionRequest,
): Result<Omit<Decision, 'policy_version'>, DecisionFailure> {
  const faults = vocabularyFaults(request, set.vocabulary)
  if (faults.length > 0) return fail({ reason: 'request_unfit', faults })
  const answer = Answer.parse(
    cedar.call('statefulIsAuthorized', {
      ...request,
      entities: [],
      preparsedSchemaName: SLOT,
      preparsedPolicySetId: SLOT,
      validateRequest: true,
    }),
  )
  return answer.type === 'success'
    ? ok(conclude(answer.response, set))
    : fail({ reason: 'request_unfit', faults: [contextFault(request, set.vocabulary)] })
}

/**
 * Turns Cedar's response into ours.
 *
 * Cedar leaves a policy that fails out of the decision, and a caller who can make a forbid fail, by a number that
 * overflows say, would get past it. So a forbid that could not be evaluated denies as if it had held.
 */
function conclude(
  { decision, diagnostics }: Diagnosis,
  { policies }: PolicySet,
): Omit<Decision, 'policy_version'> {
  const failed = diagnostics.errors.map(({ policyId }) => policyId)
  const failedForbids = failed.filter((id) => policies.get(id)?.effect === 'forbid')
  const errors = failed.map(toError)
  return decision === 'allow' && failedForbids.length > 0
    ? { decision: 'Deny', determining_policies: failedForbids, errors }
    : { decision: decision === 'allow' ? 'Allow' : 'Deny', determining_policies: diagnostics.reason, errors }
}

function toError(policy_id: string): DecisionError {
  return { code: 'policy_failed', policy_id, message: 'This policy could not be evaluated for this request.' }
}
