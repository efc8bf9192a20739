import { Hono } from 'hono'

import { isDatabaseFailure } from './db/client.ts'
import { clientAddress } from './http/client-address.ts'
import { newRequestId, type HttpContext, type HttpEnv, type RequestFacts } from './http/context.ts'
import { oauthError } from './http/oauth-error.ts'
import { readOpenApi } from './http/openapi.contract.ts'
import { toOpenApi } from './http/openapi.ts'
import type { Operation } from './http/operation.ts'
import { ownFirstSegments } from './http/own-paths.ts'
import { refusalPage } from './http/refusal.page.tsx'
import { refuse } from './http/refusal.ts'
import { bugWords, methodWords, outageWords, unreadableWords } from './http/refusal.words.ts'
import { answerHeaders } from './http/security-headers.ts'
import { serve, toHonoPath } from './http/serve.ts'
import type { Clock } from './platform/clock.ts'
import { errorPlace, errorText, log } from './platform/log.ts'
import { isObjectOutage } from './platform/object-call.ts'
import type { Random } from './platform/random.ts'
import { continueTrace } from './platform/trace.ts'

export interface AppPorts {
  readonly issuer: string
  readonly clock: Clock
  readonly random: Random
  /** Every operation that is declared, for the OpenAPI document and for 405. */
  readonly operations: readonly Operation[]
  /** The routes of those operations. */
  readonly rooms: readonly Hono<HttpEnv>[]
  /** Whatever no room of ours answers. */
  readonly gateway: Hono<HttpEnv>
}

/**
 * Puts the doors together: facts about the request first, then our own rooms, then the gateway, and around all
 * of them the last error boundary.
 */
export function createApp(ports: AppPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  const doors = doorsOf(ports.operations)
  const dialectOf = createDialectLookup([...doors.values()])
  app.onError((error, c) => answerError(error, c, dialectOf(c)))
  app.use(async (c, next) => {
    c.set('facts', readFacts(c, ports))
    if (URL.canParse(c.req.url)) await next()
    else c.res = refuseHost(c, dialectOf(c))
    c.res.headers.set('x-request-id', c.var.facts.request_id)
    if (c.var.nextNonce !== undefined) c.res.headers.set('dpop-nonce', c.var.nextNonce)
  })
  for (const room of ports.rooms) app.route('/', room)
  app.route('/', openApiRoutes(ports))
  for (const door of doors.values()) app.all(toHonoPath(door.path), (c) => refuseMethod(c, door))
  for (const segment of ownFirstSegments) app.all(`/${segment}/*`, refuseUnknown)
  app.route('/', ports.gateway)
  return app
}

function readFacts(c: HttpContext, ports: AppPorts): RequestFacts {
  return {
    request_id: newRequestId(ports.random),
    trace: continueTrace(c.req.header('traceparent'), ports.random),
    now: ports.clock(),
    address: clientAddress(c.req.raw.headers),
    waitUntil: (work) => c.executionCtx.waitUntil(work),
  }
}

/** The document is the same for everybody and costs milliseconds to make, so an isolate makes it once, when asked. */
function openApiRoutes(ports: AppPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  let document: string | undefined
  serve(app, readOpenApi, (_input, c) => {
    document ??= JSON.stringify(toOpenApi(ports.operations, ports.issuer))
    return c.body(document, 200, {
      ...answerHeaders,
      'content-type': 'application/json',
      'cache-control': 'public, max-age=300',
    })
  })
  return app
}

/** What is known of a path of ours, whatever method it is asked with. */
interface Door {
  readonly path: string
  readonly dialect: Operation['dialect']
  readonly methods: readonly string[]
}

function doorsOf(operations: readonly Operation[]): ReadonlyMap<string, Door> {
  const doors = new Map<string, Door>()
  for (const { path, method, dialect } of operations) {
    doors.set(path, { path, dialect, methods: [...(doors.get(path)?.methods ?? []), method] })
  }
  return doors
}

/** Which shape errors have at a path: that of its own door, or of the one whose template it fits. */
function createDialectLookup(doors: readonly Door[]) {
  const patterns = doors.map(({ path, dialect }) => ({
    dialect,
    pattern: new URLPattern({ pathname: toHonoPath(path) }),
  }))
  return ({ req: { path } }: HttpContext): Operation['dialect'] => {
    const door =
      doors.find((exact) => exact.path === path) ??
      patterns.find(({ pattern }) => pattern.test({ pathname: path }))
    return door?.dialect ?? 'envelope'
  }
}

function refuseMethod(c: HttpContext, { dialect, methods }: Door): Response {
  const headers = { allow: methods.join(', ') }
  const sentence = `this endpoint answers ${methods.join(' and ')} only`
  switch (dialect) {
    case 'oauth':
      return oauthError({ error: 'invalid_request', error_description: sentence, status: 405, headers })
    case 'page':
      return refusalPage(c, { status: 405, words: methodWords, headers })
    case 'envelope':
      return refuse(c, 'method_not_allowed', { headers })
  }
}

/**
 * The runtime passes on any Host, and makes the address of it. Behind this, every address can be parsed.
 *
 * @see RFC 9112 §3.2 (400 for a Host that is not valid)
 */
function refuseHost(c: HttpContext, dialect: Operation['dialect']): Response {
  const sentence = 'the Host header names no host'
  switch (dialect) {
    case 'oauth':
      return oauthError({ error: 'invalid_request', error_description: sentence })
    case 'page':
      return refusalPage(c, { status: 400, words: unreadableWords, detail: sentence })
    case 'envelope':
      return refuse(c, 'request_malformed', { faults: [{ pointer: '/header/host', message: sentence }] })
  }
}

function refuseUnknown(c: HttpContext): Response {
  return refuse(c, 'not_found')
}

/**
 * The only place where an error is caught that nobody expected. The cause goes to the log, a sentence to the caller.
 *
 * A database or an object that does not answer is no bug: whoever called may try again, and is told so.
 */
function answerError(error: Error, c: HttpContext, dialect: Operation['dialect']): Response {
  const event = eventOf(error)
  const { request_id } = c.var.facts
  const { method, path } = c.req
  const facts = { request_id, method, path, error: errorText(error), place: errorPlace(error) }
  log('error', event, facts)
  return event === 'bug' ? answerBug(c, dialect) : answerOutage(c, dialect)
}

function eventOf(error: Error): 'database_failed' | 'object_failed' | 'bug' {
  if (isDatabaseFailure(error)) return 'database_failed'
  return isObjectOutage(error) ? 'object_failed' : 'bug'
}

const RETRY = { 'retry-after': '1' } as const

function answerOutage(c: HttpContext, dialect: Operation['dialect']): Response {
  switch (dialect) {
    case 'oauth':
      return oauthError({
        error: 'temporarily_unavailable',
        error_description: 'this cannot be answered at the moment; try again shortly',
        headers: RETRY,
      })
    case 'page':
      return refusalPage(c, { status: 503, words: outageWords, headers: RETRY })
    case 'envelope':
      return refuse(c, 'unavailable', { headers: RETRY })
  }
}

function answerBug(c: HttpContext, dialect: Operation['dialect']): Response {
  switch (dialect) {
    case 'oauth':
      return oauthError({
        error: 'server_error',
        error_description: 'something went wrong here; it has been recorded',
      })
    case 'page':
      return refusalPage(c, { status: 500, words: bugWords })
    case 'envelope':
      return refuse(c, 'internal')
  }
}
