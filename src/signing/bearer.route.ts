import type { Hono } from 'hono'
import type * as z from 'zod'

import type { HttpContext, HttpEnv } from '../http/context.ts'
import type { Operation } from '../http/operation.ts'
import { answerInput, toHonoPath, type Input } from '../http/serve.ts'
import { assert } from '../platform/assert.ts'
import type { AccessTokenClaims } from './access-token.ts'
import { refuseBearer, requireBearer, type BearerPorts } from './bearer.ts'

/** What a bearer asks, and who that is. */
export interface BearerInput<
  Params extends z.ZodType,
  Query extends z.ZodType,
  Body extends z.ZodType,
> extends Input<Params, Query, Body> {
  readonly claims: AccessTokenClaims
}

/**
 * Serves an operation to bearers of the scope that its contract declares.
 *
 * The token comes first: somebody without one learns nothing of the input and cannot make us parse a megabyte of it.
 */
export function serveToBearer<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  app: Hono<HttpEnv>,
  operation: Operation<Params, Query, Body>,
  ports: BearerPorts,
  answer: (input: BearerInput<Params, Query, Body>, c: HttpContext) => Response | Promise<Response>,
): void {
  const { access, method, path } = operation
  assert(access.kind === 'bearer', `${method} ${path} is declared for bearers`)
  app.on(method, toHonoPath(path), async (c) => {
    const bearer = await requireBearer(c, ports, access.scope)
    if (!bearer.ok) return refuseBearer(c, bearer.failure)
    return answerInput(operation, c, (input) => answer({ ...input, claims: bearer.value }, c))
  })
}
