import type { Hono } from 'hono'
import type * as z from 'zod'

import { faultsMax } from '../platform/bounds.ts'
import { ok, type Result } from '../platform/result.ts'
import { readBody, readParameters, type BodyFailure } from './body.ts'
import type { HttpContext, HttpEnv } from './context.ts'
import { oauthError, type OAuthErrorCode } from './oauth-error.ts'
import type { Operation } from './operation.ts'
import { refusalPage } from './refusal.page.tsx'
import { refuse, type Fault, type RefusalCode } from './refusal.ts'
import { unreadableWords } from './refusal.words.ts'

/** What a contract's schemas made of a request. */
export interface Input<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly params: z.output<Params>
  readonly query: z.output<Query>
  readonly body: z.output<Body>
}

type InputFailure = BodyFailure | { readonly reason: 'input_invalid'; readonly faults: readonly Fault[] }

/**
 * Serves an operation: parses by its contract and refuses in its dialect, so that `answer` sees only what the
 * schemas let through.
 */
export function serve<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  app: Hono<HttpEnv>,
  operation: Operation<Params, Query, Body>,
  answer: (input: Input<Params, Query, Body>, c: HttpContext) => Response | Promise<Response>,
): void {
  app.on(operation.method, toHonoPath(operation.path), (c) =>
    answerInput(operation, c, (input) => answer(input, c)),
  )
}

/** The same for a door that looks at something else of the request before its input, such as who sends it. */
export async function answerInput<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  operation: Operation<Params, Query, Body>,
  c: HttpContext,
  answer: (input: Input<Params, Query, Body>) => Response | Promise<Response>,
): Promise<Response> {
  const input = await readInput(operation, c)
  return input.ok ? answer(input.value) : refuseInput(operation, input.failure, c)
}

async function readInput<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  operation: Operation<Params, Query, Body>,
  c: HttpContext,
): Promise<Result<Input<Params, Query, Body>, InputFailure>> {
  const queryText = new URL(c.req.url).search.slice(1)
  const query = readParameters(queryText, operation.repeatable)
  if (!query.ok) return query
  const body = hasBody(operation, c)
    ? await readBody(c.req.raw, operation.media, operation.bodyBytesMax, operation.repeatable)
    : ok({})
  if (!body.ok) return body

  const params = operation.params.safeParse(c.req.param())
  const parsedQuery = operation.query.safeParse(query.value)
  const members = operation.nullIsAbsent === true ? withoutNull(body.value) : body.value
  const parsedBody = operation.body.safeParse(members)
  if (params.success && parsedQuery.success && parsedBody.success) {
    return ok({ params: params.data, query: parsedQuery.data, body: parsedBody.data })
  }
  const faults = [
    ...faultsOf(params.error, 'path'),
    ...faultsOf(parsedQuery.error, 'query'),
    ...faultsOf(parsedBody.error, 'body'),
  ]
  return { ok: false, failure: { reason: 'input_invalid', faults } }
}

function withoutNull(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null))
}

function hasBody({ media, bodyIsOptional = false }: Operation, c: HttpContext): boolean {
  return media.length > 0 && !(bodyIsOptional && c.req.header('content-type') === undefined)
}

/** Lists faults by JSON Pointer (RFC 6901), each led by the part of the request that it lies in. */
function faultsOf(error: z.ZodError | undefined, part: string): readonly Fault[] {
  return (error?.issues ?? []).map((issue) => ({
    pointer: ['', part, ...issue.path.map((key) => escapePointer(String(key)))].join('/'),
    message: issue.message,
  }))
}

/** One step of a JSON Pointer (RFC 6901 §3). */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

function refuseInput(operation: Operation, failure: InputFailure, c: HttpContext): Response {
  switch (operation.dialect) {
    case 'envelope':
      return refuseInEnvelope(operation, failure, c)
    case 'oauth':
      return refuseInOAuth(operation, failure)
    case 'page':
      return refusalPage(c, { status: 400, words: unreadableWords, detail: sentenceFor(failure) })
  }
}

/** A door that declares 413 says so when a body is too large (RFC 9126 §2.3); RFC 6749 §5.2 knows 400 only. */
function refuseInOAuth(operation: Operation, failure: InputFailure): Response {
  const isTooLarge = failure.reason === 'body_too_large' && 413 in operation.refusals
  return oauthError({
    error: codeForInput(operation),
    error_description: sentenceFor(failure),
    ...(isTooLarge && { status: 413 }),
  })
}

function refuseInEnvelope(operation: Operation, failure: InputFailure, c: HttpContext): Response {
  switch (failure.reason) {
    case 'body_too_large':
      return refuse(c, 'body_too_large', { facts: { bytes_max: failure.bytesMax } })
    case 'media_type_unsupported':
      return refuse(c, 'media_type_unsupported', { facts: { accepted: failure.accepted } })
    case 'body_incomplete':
    case 'body_malformed':
      return refuse(c, 'request_malformed', { faults: [{ pointer: '', message: sentenceFor(failure) }] })
    case 'input_invalid':
      return refuse(c, codeForFaults(operation, failure.faults), {
        faults: failure.faults.slice(0, faultsMax),
      })
  }
}

/** Only faults of the body are faults of the document. */
function codeForFaults(operation: Operation, faults: readonly Fault[]): RefusalCode {
  const areAllInBody = faults.every(({ pointer }) => pointer.startsWith('/body'))
  return (areAllInBody && operation.bodyFaultCode) || 'request_malformed'
}

/** Registration has error codes of its own for bad metadata (RFC 7591 §3.2.2). */
function codeForInput(operation: Operation): OAuthErrorCode {
  const declared = operation.refusals[400] ?? []
  return declared.includes('invalid_client_metadata') ? 'invalid_client_metadata' : 'invalid_request'
}

function sentenceFor(failure: InputFailure): string {
  switch (failure.reason) {
    case 'body_too_large':
      return `the body is larger than ${failure.bytesMax} bytes`
    case 'media_type_unsupported':
      return `send the body as ${failure.accepted.join(' or ')}`
    case 'body_incomplete':
      return 'the body ended before it was complete'
    case 'body_malformed':
      return failure.message
    case 'input_invalid':
      return failure.faults.map(({ pointer, message }) => `${nameIn(pointer)}: ${message}`).join('; ')
  }
}

function nameIn(pointer: string): string {
  return pointer.split('/').slice(2).join('.')
}

export function toHonoPath(path: string): string {
  return path.replaceAll(/\{([^}]+)\}/g, ':$1')
}
