import * as z from 'zod'

import type { DecisionFault, DecisionRequest, EntityUid } from './decision.ts'

/** What a schema says of one action: which types it is for, and what its context may hold. */
interface DeclaredAction {
  readonly principalTypes: readonly string[]
  readonly resourceTypes: readonly string[]
  readonly attributes: readonly DeclaredAttribute[]
}

interface DeclaredAttribute {
  readonly name: string
  readonly description: string
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
type DeclaredContext = z.output<typeof ContextSchema>

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
        attributes: readAttributes(appliesTo?.context, schema),
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
export function vocabularyFaults(
  request: DecisionRequest,
  vocabulary: ActionVocabulary,
): readonly DecisionFault[] {
  const action = vocabulary.get(spellingOf(request.action))
  if (action === undefined) return [{ path: ['action'], message: 'the schema declares no such action' }]
  const faults: DecisionFault[] = []
  if (!action.principalTypes.includes(request.principal.type)) {
    faults.push({ path: ['principal', 'type'], message: describeTypes('principal', action.principalTypes) })
  }
  if (!action.resourceTypes.includes(request.resource.type)) {
    faults.push({ path: ['resource', 'type'], message: describeTypes('resource', action.resourceTypes) })
  }
  const undeclared = Object.keys(request.context).find((name) => !isDeclared(name, action))
  if (undeclared !== undefined) {
    const message = `the schema declares no such attribute: this action takes ${describeContext(action)}`
    faults.push({ path: ['context', undeclared], message })
  }
  return faults
}

/** The fault of a context that Cedar could not read as what the schema declares for the action. */
export function contextFault({ action }: DecisionRequest, vocabulary: ActionVocabulary): DecisionFault {
  const declared = vocabulary.get(spellingOf(action))
  const taken = declared === undefined ? '' : `, which takes ${describeContext(declared)}`
  return { path: ['context'], message: `does not fit this action${taken}` }
}

function isDeclared(name: string, { attributes }: DeclaredAction): boolean {
  return attributes.some((attribute) => attribute.name === name)
}

function describeTypes(role: string, types: readonly string[]): string {
  return types.length === 0
    ? `the schema declares no ${role} for this action`
    : `this action takes a ${role} of type ${types.join(' or ')}`
}

function describeContext({ attributes }: DeclaredAction): string {
  return attributes.map(({ description }) => description).join(', ') || 'no attributes'
}

function readAttributes(
  context: DeclaredContext | undefined,
  schema: Resolved,
): readonly DeclaredAttribute[] {
  const attributes = Object.entries(resolve(context, schema)?.attributes ?? {})
  return attributes.map(([name, { type, required }]) => {
    const kind = required ? type : `optional ${type}`
    const example = TEXT_TYPES[type] ?? ''
    return { name, description: `${name} (${`${kind} ${example}`.trim()})` }
  })
}

/** Follows names of common types; a schema that names itself in a circle does not parse, so this ends. */
function resolve(context: DeclaredContext | undefined, schema: Resolved): DeclaredContext | undefined {
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
