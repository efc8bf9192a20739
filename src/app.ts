import { Hono } from 'hono'

import { clientAddress } from './http/client-address.ts'
import type { HttpContext, HttpEnv, RequestFacts } from './http/context.ts'
import { oauthError } from './http/oauth-error.ts'
import { readOpenApi } from './http/openapi.contract.ts'
import { toOpenApi } from './http/openapi.ts'
import type { Operation } from './http/operation.ts'
import { refuse } from './http/refusal.ts'
import { answerHeaders } from './http/security-headers.ts'
import { serve, toHonoPath } from './http/serve.ts'
import type { Clock } from './platform/clock.ts'
import { log } from './platform/log.ts'
import { randomId, type Random } from './platform/random.ts'
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
  app.onError(answerBug)
  app.use(async (c, next) => {
    c.set('facts', readFacts(c, ports))
    await next()
    c.res.headers.set('x-request-id', c.var.facts.request_id)
  })
  for (const room of ports.rooms) app.route('/', room)
  app.route('/', openApiRoutes(ports))
  for (const [path, methods] of methodsByPath(ports.operations)) {
    app.all(toHonoPath(path), (c) => refuseMethod(c, methods))
  }
  for (const door of OUR_DOORS) app.all(`${door}*`, refuseUnknown)
  app.route('/', ports.gateway)
  return app
}

/** Prefixes that belong to us: what is not found below them is never looked for behind the gateway. */
const OUR_DOORS = [
  '/oauth/',
  '/v1/',
  '/access/v1/',
  '/.well-known/',
  '/account/',
  '/console/',
  '/portal/',
] as const
const OAUTH_DOORS = ['/oauth/', '/auth/', '/clients'] as const

function readFacts(c: HttpContext, ports: AppPorts): RequestFacts {
  return {
    request_id: `req_${randomId(ports.random)}`,
    trace: continueTrace(c.req.header('traceparent'), ports.random),
    now: ports.clock(),
    address: clientAddress(c.req.raw.headers),
    waitUntil: (work) => c.executionCtx.waitUntil(work),
  }
}

function openApiRoutes(ports: AppPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()
  serve(app, readOpenApi, () =>
    Response.json(toOpenApi(ports.operations, ports.issuer), { headers: answerHeaders }),
  )
  return app
}

function methodsByPath(operations: readonly Operation[]): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, readonly string[]>()
  for (const { path, method } of operations) methods.set(path, [...(methods.get(path) ?? []), method])
  return methods
}

function refuseMethod(c: HttpContext, methods: readonly string[]): Response {
  const headers = { allow: methods.join(', ') }
  if (!isOAuthDoor(c.req.path)) return refuse(c, 'method_not_allowed', { headers })
  return oauthError({
    error: 'invalid_request',
    error_description: `this endpoint answers ${methods.join(' and ')} only`,
    status: 405,
    headers,
  })
}

function refuseUnknown(c: HttpContext): Response {
  return refuse(c, 'not_found')
}

/** A bug, and the only place where one is caught. The cause goes to the log, a sentence to the caller. */
function answerBug(error: Error, c: HttpContext): Response {
  log('error', 'bug', {
    request_id: c.var.facts.request_id,
    method: c.req.method,
    path: c.req.path,
    message: error.message,
    stack: error.stack,
  })
  return isOAuthDoor(c.req.path)
    ? oauthError({
        error: 'server_error',
        error_description: 'something went wrong here; it has been recorded',
      })
    : refuse(c, 'internal')
}

function isOAuthDoor(path: string): boolean {
  return OAUTH_DOORS.some((door) => path.startsWith(door))
}
