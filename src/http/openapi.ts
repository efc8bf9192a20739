import * as z from 'zod'

import type { MediaType } from './body.ts'
import type { Access, Operation, Reply } from './operation.ts'

const MEDIA_TYPES: Readonly<Record<MediaType, string>> = {
  form: 'application/x-www-form-urlencoded',
  json: 'application/json',
}

/** Describes the operations as an OpenAPI 3.1 document; the same declarations that serve them. */
export function toOpenApi(
  operations: readonly Operation[],
  issuer: string,
): Readonly<Record<string, unknown>> {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const operation of operations) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: toOperationObject(operation),
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Gatewright',
      version: '0.1.0',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: issuer }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'at+jwt' },
        client: { type: 'http', scheme: 'basic' },
        session: { type: 'apiKey', in: 'cookie', name: '__Host-gatewright_session' },
      },
      schemas: { OAuthError: OAUTH_ERROR, Refusal: REFUSAL },
    },
  }
}

const OAUTH_ERROR = {
  type: 'object',
  properties: { error: { type: 'string' }, error_description: { type: 'string' } },
  required: ['error', 'error_description'],
} as const

const REFUSAL = {
  type: 'object',
  properties: {
    error: {
      type: 'object',
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        details: { type: 'object', properties: { request_id: { type: 'string' } }, required: ['request_id'] },
      },
      required: ['code', 'message', 'details'],
    },
  },
  required: ['error'],
} as const

function toOperationObject(operation: Operation): Readonly<Record<string, unknown>> {
  const parameters = [...toParameters(operation.params, 'path'), ...toParameters(operation.query, 'query')]
  return {
    operationId: `${operation.method} ${operation.path}`.replaceAll(/[^A-Za-z0-9]+/g, '_'),
    tags: [operation.room],
    summary: operation.summary,
    security: toSecurity(operation.access),
    ...(parameters.length > 0 && { parameters }),
    ...(operation.media.length > 0 && { requestBody: toRequestBody(operation) }),
    responses: toResponses(operation),
  }
}

function toSecurity(access: Access): readonly Readonly<Record<string, readonly string[]>>[] {
  switch (access.kind) {
    case 'public':
      return []
    case 'client':
      return [{ client: [] }]
    case 'session':
      return [{ session: [] }]
    case 'bearer':
      return [{ bearer: access.scope === undefined ? [] : [access.scope] }]
  }
}

function toParameters(schema: z.ZodType, place: 'path' | 'query'): readonly Record<string, unknown>[] {
  const { properties = {}, required = [] } = toJsonSchema(schema)
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }))
}

function toRequestBody(operation: Operation): Readonly<Record<string, unknown>> {
  const schema = toJsonSchema(operation.body)
  return {
    required: operation.bodyIsOptional !== true,
    content: Object.fromEntries(operation.media.map((media) => [MEDIA_TYPES[media], { schema }])),
  }
}

function toResponses(operation: Operation): Readonly<Record<string, unknown>> {
  const responses: Record<string, unknown> = {}
  for (const [status, reply] of Object.entries(operation.replies)) responses[status] = toResponse(reply)
  for (const [status, codes] of Object.entries(operation.refusals)) {
    responses[status] = { description: codes.join(', '), content: refusalContent(operation.dialect) }
  }
  return responses
}

function toResponse(reply: Reply): Readonly<Record<string, unknown>> {
  if (reply.schema === undefined && reply.media === undefined) return { description: reply.description }
  const schema = reply.schema === undefined ? { type: 'string' } : toJsonSchema(reply.schema, 'output')
  return {
    description: reply.description,
    content: { [reply.media ?? 'application/json']: { schema } },
  }
}

function refusalContent(dialect: Operation['dialect']): Readonly<Record<string, unknown>> {
  switch (dialect) {
    case 'oauth':
      return { 'application/json': { schema: { $ref: '#/components/schemas/OAuthError' } } }
    case 'envelope':
      return { 'application/json': { schema: { $ref: '#/components/schemas/Refusal' } } }
    case 'page':
      return { 'text/html': { schema: { type: 'string' } } }
  }
}

function toJsonSchema(schema: z.ZodType, io: 'input' | 'output' = 'input') {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    cycles: 'throw',
  })
  return rest
}
