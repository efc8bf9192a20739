import * as z from 'zod'

import { sha256 } from '../platform/digest.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { readVocabulary, ResolvedSchema, type ActionVocabulary } from './action-vocabulary.ts'
import type { CedarInstance } from './cedar-instance.ts'

/** A schema and files of policies, as they are written. */
export interface PolicySource {
  readonly schema: string
  readonly files: readonly { readonly name: string; readonly text: string }[]
}

/** Policies under the identifiers that their authors gave them, and the words in which they may be asked. */
export interface PolicySet {
  readonly schema: string
  readonly policies: ReadonlyMap<string, Policy>
  readonly vocabulary: ActionVocabulary
}

interface Policy {
  readonly effect: 'permit' | 'forbid'
  readonly text: string
}

export interface PolicySetFailure {
  readonly reason: 'policies_invalid'
  /** For whoever wrote the policies; it may repeat them. */
  readonly fault: string
}

const Failed = z.object({ type: z.literal('failure'), errors: z.array(z.object({ message: z.string() })) })
const Parts = z.object({
  type: z.literal('success'),
  policies: z.array(z.string()),
  policy_templates: z.array(z.string()),
})
const PolicyJson = z.object({
  type: z.literal('success'),
  json: z.object({
    effect: z.enum(['permit', 'forbid']),
    annotations: z.object({ id: z.string().min(1) }),
  }),
})
const SchemaJson = z.object({ type: z.literal('success'), json: ResolvedSchema })

/** Addresses policies by their content: the same texts have the same version wherever they run. */
export function policyVersion({ schema, files }: PolicySource): string {
  return sha256(JSON.stringify([schema, files.map(({ name, text }) => [name, text])]))
}

/**
 * Splits the files into policies and names each by its `@id`.
 *
 * Cedar would number them, and then the same policy would have another name as soon as one is written above it.
 */
export function readPolicySet(
  cedar: CedarInstance,
  source: PolicySource,
): Result<PolicySet, PolicySetFailure> {
  const schema = SchemaJson.safeParse(cedar.callWithText('schemaToJsonWithResolvedTypes', source.schema))
  if (!schema.success) return invalid('the schema does not parse')
  const policies = new Map<string, Policy>()
  for (const { name, text } of source.files) {
    const answer = cedar.callWithText('policySetTextToParts', text)
    const parts = Parts.safeParse(answer)
    if (!parts.success) return invalid(`${name}: ${messagesOf(answer)}`)
    if (parts.data.policy_templates.length > 0) return invalid(`${name}: templates are not supported`)
    for (const part of parts.data.policies) {
      const policy = PolicyJson.safeParse(cedar.call('policyToJson', part))
      if (!policy.success) return invalid(`${name}: a policy has no @id`)
      const { effect, annotations } = policy.data.json
      if (policies.has(annotations.id)) return invalid(`${name}: the @id ${annotations.id} is taken`)
      policies.set(annotations.id, { effect, text: part })
    }
  }
  return ok({ schema: source.schema, policies, vocabulary: readVocabulary(schema.data.json) })
}

/** The texts in the form that Cedar takes a set in. */
export function toStaticPolicies({ policies }: PolicySet): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from(policies, ([id, { text }]) => [id, text]))
}

/** What Cedar says is wrong, for the log. */
export function messagesOf(answer: unknown): string {
  const failed = Failed.safeParse(answer)
  return failed.success
    ? failed.data.errors.map(({ message }) => message).join('; ')
    : 'an answer of unknown shape'
}

function invalid(fault: string): Result<never, PolicySetFailure> {
  return fail({ reason: 'policies_invalid', fault })
}
