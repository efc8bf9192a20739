import * as z from 'zod'

import type { Fault } from '../http/refusal.ts'
import type { DecisionRequest, EntityUid } from './decision.ts'

/** What a schema says of one action: which types it is for, and what its context may hold. */
interface DeclaredAction {
  readonly principalTypes: readonly string[]
  readonly resourceTypes: readonly string[]
  readonly context: string
}

/** The actions of a schema by their Cedar spelling. */
export type ActionVocabulary = ReadonlyMap<string, DeclaredAction>

const AttributeSchema = z.looseObject({ type: z.string(), required: z.boolean().default(true) })
const ContextSchema = z.looseObject({
  type: z.string(),
  attributes: z.record(z.string(), AttributeSchema).optional(),
})
const AppliesToSchema = z.looseObject({
  principalTypes: z.array(z.string()),
  resourceTypes: z.array(z.string()),
  context: ContextSchema.optional(),
})
const NamespaceSchema = z.looseObject({
  commonTypes: z.record(z.string(), ContextSchema).default({}),
  actions: z.record(z.string(), z.looseObject({ appliesTo: AppliesToSchema.optional() })),
})

/** A schema in Cedar's JSON form with its types resolved, as far as a request is checked against it. */
export const ResolvedSchema = z.record(z.string(), NamespaceSchema)

type Resolved = z.output<typeof ResolvedSchema>

/** A type that is sent as text, with one way to write it. */
const TEXT_TYPES: Readonly<Record<string, string>> = {
  datetime: 'such as 2024-01-15T14:30:00Z',
  duration: 'such as 1h30m',
  ipaddr: 'such as 192.168.1.100 or 10.0.0.0/8',
  decimal: 'such as "12.50"',
}

export function readVocabulary(schema: Resolved): ActionVocabulary {
  const vocabulary = new Map<string, DeclaredAction>()
  for (const [namespace, { actions }] of Object.entries(schema)) {
    for (const [id, { appliesTo }] of Object.entries(actions)) {
      vocabulary.set(spellingOf({ type: qualify(namespace, 'Action'), id }), {
        principalTypes: appliesTo?.principalTypes ?? [],
        resourceTypes: appliesTo?.resourceTypes ?? [],
        context: describeContext(appliesTo?.context, schema),
      })
    }
  }
  return vocabulary
}

/**
 * Lists where a request names what the schema does not declare.
 *
 * Cedar would refuse it too. Asking here first tells the caller which of the three is wrong and what would fit, since a
 * misspelt type that is merely denied is found weeks later.
 */
export function vocabularyFaults(request: DecisionRequest, vocabulary: ActionVocabulary): readonly Fault[] {
  const action = vocabulary.get(spellingOf(request.action))
  if (action === undefined) return [{ pointer: '/action', message: 'the schema declares no such action' }]
  const faults: Fault[] = []
  if (!action.principalTypes.includes(request.principal.type)) {
    faults.push({ pointer: '/principal/type', message: describeTypes('principal', action.principalTypes) })
  }
  if (!action.resourceTypes.includes(request.resource.type)) {
    faults.push({ pointer: '/resource/type', message: describeTypes('resource', action.resourceTypes) })
  }
  return faults
}

/** The fault of a context that Cedar could not read as what the schema declares for the action. */
export function contextFault({ action }: DecisionRequest, vocabulary: ActionVocabulary): Fault {
  const declared = vocabulary.get(spellingOf(action))?.context ?? ''
  return { pointer: '/context', message: `does not fit this action, which takes ${declared}` }
}

function describeTypes(role: string, types: readonly string[]): string {
  return types.length === 0
    ? `the schema declares no ${role} for this action`
    : `this action takes a ${role} of type ${types.join(' or ')}`
}

function describeContext(context: z.output<typeof ContextSchema> | undefined, schema: Resolved): string {
  const attributes = Object.entries(resolve(context, schema)?.attributes ?? {})
  if (attributes.length === 0) return 'no attributes'
  return attributes
    .map(
      ([name, { type, required }]) =>
        `${name} (${[required ? type : `optional ${type}`, TEXT_TYPES[type]].join(' ').trim()})`,
    )
    .join(', ')
}

/** Follows names of common types; a schema that names itself in a circle does not parse, so this ends. */
function resolve(context: z.output<typeof ContextSchema> | undefined, schema: Resolved): typeof context {
  if (context === undefined || context.attributes !== undefined) return context
  for (const [namespace, { commonTypes }] of Object.entries(schema)) {
    const named = Object.entries(commonTypes).find(([name]) => qualify(namespace, name) === context.type)
    if (named !== undefined) return resolve(named[1], schema)
  }
  return context
}

function qualify(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}::${name}`
}

/** No type holds a quote, so that two different entities are never spelt alike. */
function spellingOf({ type, id }: EntityUid): string {
  return `${type}::${JSON.stringify(id)}`
}
