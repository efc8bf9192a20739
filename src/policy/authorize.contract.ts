import * as z from 'zod'

import { bearerRefusals, defineOperation, none } from '../http/operation.ts'
import { authorizeBodyBytesMax, entityIdCharactersMax, identifierCharactersMax } from '../platform/bounds.ts'
import { readCedarRecord, type CedarRecord } from './cedar-value.ts'

/** Cedar's names: identifiers joined by `::`. Whether the schema declares one is asked later. */
const ENTITY_TYPE = /^[A-Za-z_][A-Za-z0-9_]*(::[A-Za-z_][A-Za-z0-9_]*)*$/

const EntitySchema = z.strictObject({
  type: z
    .string('must be text')
    .max(identifierCharactersMax)
    .regex(ENTITY_TYPE, 'must be an entity type such as User or Photos::Album'),
  id: z
    .string('must be text')
    .min(1)
    .max(entityIdCharactersMax)
    .refine((id) => id.isWellFormed(), 'holds a lone surrogate, which is not text'),
})

const ContextSchema = z
  .unknown()
  .transform((value, c): CedarRecord => {
    const read = readCedarRecord(value)
    if (read.ok) return read.value
    const { path, message } = read.failure
    c.addIssue({ code: 'custom', path: [...path], message })
    return z.NEVER
  })
  .default({})
  .meta({
    type: 'object',
    description: 'Attributes that the schema declares for the action, as plain values.',
  })

const DecisionSchema = z.object({
  decision: z.enum(['Allow', 'Deny']),
  policy_version: z.string().describe('Digest of the schema and the policies that decided.'),
  determining_policies: z.array(z.string()).describe('Policies that made the decision, by @id.'),
  errors: z
    .array(
      z.object({
        code: z.enum(['policy_unavailable', 'policy_failed']),
        message: z.string(),
        policy_id: z.string().optional(),
      }),
    )
    .describe('What went wrong on the way. No error ever turns a decision into Allow.'),
})

export const authorizeAtPolicy = defineOperation({
  method: 'POST',
  path: '/v1/authorize',
  room: 'policy',
  summary: 'Decide whether a principal may perform an action on a resource',
  dialect: 'envelope',
  access: { kind: 'bearer' },
  params: none,
  query: none,
  body: z.strictObject({
    principal: EntitySchema,
    action: EntitySchema,
    resource: EntitySchema,
    context: ContextSchema,
  }),
  media: ['json'],
  bodyBytesMax: authorizeBodyBytesMax,
  replies: {
    200: { description: 'The decision. A Deny is an answer, not an error.', schema: DecisionSchema },
  },
  refusals: {
    400: ['request_malformed'],
    401: bearerRefusals,
    403: ['principal_forbidden', 'scope_insufficient'],
    413: ['body_too_large'],
    415: ['media_type_unsupported'],
  },
})
