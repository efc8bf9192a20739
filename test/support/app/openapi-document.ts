import * as z from 'zod'

/**
 * OpenAPI 3.1 as far as our document uses it, and strictly so: a member that is not of the specification, or not where
 * it belongs, fails here.
 *
 * @see OpenAPI 3.1.0 §4.8
 */

const jsonTypes = ['null', 'boolean', 'object', 'array', 'number', 'integer', 'string'] as const

/** Keywords of JSON Schema 2020-12; one that is not among them would be ignored by whoever reads the document. */
export const Schema: z.ZodType<SchemaObject> = z.lazy(() =>
  z.union([
    z.strictObject({ $ref: z.string().startsWith('#/components/schemas/') }),
    z.strictObject({
      type: z.union([z.enum(jsonTypes), z.array(z.enum(jsonTypes)).min(2)]).optional(),
      properties: z.record(z.string(), Schema).optional(),
      required: z.array(z.string()).optional(),
      additionalProperties: z.union([z.boolean(), Schema]).optional(),
      propertyNames: Schema.optional(),
      items: Schema.optional(),
      anyOf: z.array(Schema).min(1).optional(),
      oneOf: z.array(Schema).min(1).optional(),
      allOf: z.array(Schema).min(1).optional(),
      enum: z.array(z.unknown()).min(1).optional(),
      const: z.unknown().optional(),
      default: z.unknown().optional(),
      description: z.string().min(1).optional(),
      format: z.string().optional(),
      pattern: z.string().refine(isPattern, 'must be a pattern of ECMA-262 with the flag u').optional(),
      readOnly: z.boolean().optional(),
      minLength: z.int().min(0).optional(),
      maxLength: z.int().min(0).optional(),
      minItems: z.int().min(0).optional(),
      maxItems: z.int().min(0).optional(),
      uniqueItems: z.boolean().optional(),
      prefixItems: z.array(Schema).optional(),
      minProperties: z.int().min(0).optional(),
      maxProperties: z.int().min(0).optional(),
      minimum: z.number().optional(),
      maximum: z.number().optional(),
      exclusiveMinimum: z.number().optional(),
      exclusiveMaximum: z.number().optional(),
      multipleOf: z.number().positive().optional(),
      not: Schema.optional(),
      examples: z.array(z.unknown()).optional(),
      deprecated: z.boolean().optional(),
      writeOnly: z.boolean().optional(),
    }),
  ]),
)

export interface SchemaObject {
  readonly $ref?: string
  readonly properties?: Readonly<Record<string, SchemaObject>>
  readonly required?: readonly string[]
  readonly [keyword: string]: unknown
}

const Content = z.record(z.string().regex(/^[a-z]+\/[a-z0-9.+-]+$/), z.strictObject({ schema: Schema }))

const OperationObject = z.strictObject({
  operationId: z.string().regex(/^\w+$/),
  tags: z.array(z.string().min(1)).length(1),
  summary: z.string().min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        in: z.enum(['path', 'query']),
        required: z.boolean(),
        schema: Schema,
      }),
    )
    .optional(),
  requestBody: z.strictObject({ required: z.boolean(), content: Content }).optional(),
  responses: z.record(
    z.string().regex(/^[1-5]\d\d$/),
    z.strictObject({ description: z.string().min(1), content: Content.optional() }),
  ),
})

export const OpenApiDocument = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({
    title: z.string().min(1),
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    license: z.strictObject({ name: z.string(), identifier: z.string() }),
  }),
  servers: z.array(z.strictObject({ url: z.url() })).length(1),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'post', 'put', 'delete']), OperationObject),
  ),
  components: z.strictObject({
    schemas: z.record(z.string(), Schema),
    securitySchemes: z.record(
      z.string(),
      z.discriminatedUnion('type', [
        z.strictObject({ type: z.literal('http'), scheme: z.string(), bearerFormat: z.string().optional() }),
        z.strictObject({
          type: z.literal('apiKey'),
          in: z.enum(['query', 'header', 'cookie']),
          name: z.string(),
        }),
      ]),
    ),
  }),
})

export type OpenApiDocument = z.infer<typeof OpenApiDocument>

export interface DescribedOperation extends z.infer<typeof OperationObject> {
  readonly method: string
  readonly path: string
}

export function operationsIn(document: OpenApiDocument): readonly DescribedOperation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      operation === undefined ? [] : [{ ...operation, method: method.toUpperCase(), path }],
    ),
  )
}

/** Everything in the document that has the form of a schema, at whatever depth. */
export function schemasIn(value: unknown): readonly SchemaObject[] {
  if (typeof value !== 'object' || value === null) return []
  const inner = Object.values(value).flatMap(schemasIn)
  const schema = Schema.safeParse(value)
  return schema.success ? [schema.data, ...inner] : inner
}

function isPattern(text: string): boolean {
  try {
    return new RegExp(text, 'u').source !== ''
  } catch {
    return false
  }
}
