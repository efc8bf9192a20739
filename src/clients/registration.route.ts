import { Hono } from 'hono'
import type * as z from 'zod'

import type { HttpContext, HttpEnv } from '../http/context.ts'
import { oauthError } from '../http/oauth-error.ts'
import type { Operation } from '../http/operation.ts'
import { refuse } from '../http/refusal.ts'
import { answerInput, toHonoPath, type Input } from '../http/serve.ts'
import { epochSeconds } from '../platform/clock.ts'
import { sha256 } from '../platform/digest.ts'
import { log } from '../platform/log.ts'
import type { Random } from '../platform/random.ts'
import { fail, ok, type Result } from '../platform/result.ts'
import { serveToBearer } from '../signing/bearer.route.ts'
import { bearerOAuthError, requireBearer, type BearerPorts } from '../signing/bearer.ts'
import type { Client } from './client.ts'
import type { RequestedMetadata } from './metadata.contract.ts'
import { registerAtOAuth, registerAtPortal, setClientPlan } from './registration.contract.ts'
import { refuseRegistration, registrationAnswer } from './registration-answer.ts'
import { registerClient, toClientMetadata, type NewClient, type RegistrationFailure } from './registration.ts'
import { sectorFault, type ReadSector } from './sector-identifier.ts'

export interface RegistrationPorts {
  readonly registrationIsOpen: boolean
  readonly loopbackIsAllowed: boolean
  readonly readSector: ReadSector
  readonly clients: {
    insert(client: Client, registration_token_digest: string): Promise<void>
    setPlan(
      client_id: string,
      plan: string | null,
      nowMs: number,
    ): Promise<'set' | 'client_unknown' | 'plan_unknown'>
  }
  readonly limiter: {
    take(subject: {
      readonly kind: 'registration'
      readonly address: string
    }): Promise<{ readonly admitted: boolean; readonly retryAfterSeconds: number }>
  }
  readonly bearer: BearerPorts
  readonly random: Random
}

const NO_STORE = { 'cache-control': 'no-store' } as const

type RegistrationRefusal =
  | RegistrationFailure
  | { readonly reason: 'registrations_exceeded'; readonly retryAfterSeconds: number }

export function registrationRoutes(ports: RegistrationPorts): Hono<HttpEnv> {
  const app = new Hono<HttpEnv>()

  serveToRegistrants(app, registerAtOAuth, ports, async ({ body }, c, registrant) => {
    const registered = await register(body, registrant, ports, c)
    if (!registered.ok) return refuseRegistrant(registered.failure)
    return c.json(registrationAnswer(registered.value, ports.bearer.issuer), 201, NO_STORE)
  })

  serveToRegistrants(app, registerAtPortal, ports, async ({ body }, c, registrant) => {
    const { name, scopes, ...metadata } = body
    const method = body.token_endpoint_auth_method ?? methodAtPortal(body.profile)
    const full = {
      ...metadata,
      token_endpoint_auth_method: method,
      client_name: metadata.client_name ?? name,
      scope: metadata.scope ?? scopes?.join(' '),
    }
    const registered = await register(full, registrant, ports, c)
    if (!registered.ok) return refuseRegistrant(registered.failure)
    const answer = registrationAnswer(registered.value, ports.bearer.issuer)
    return c.json({ ...answer, name: full.client_name }, 201, NO_STORE)
  })

  serveToBearer(app, setClientPlan, ports.bearer, async ({ params: { client_id }, body: { plan } }, c) => {
    switch (await ports.clients.setPlan(client_id, plan, c.var.facts.now)) {
      case 'set':
        return c.json({ client_id, plan }, 200, NO_STORE)
      case 'client_unknown':
        return refuse(c, 'not_found')
      case 'plan_unknown':
        return refuse(c, 'document_invalid', {
          faults: [{ pointer: '/body/plan', message: 'no plan has this name' }],
        })
    }
  })

  return app
}

type Registrant = 'anyone' | 'operator'

/**
 * Serves an operation to whoever may register. A token is looked at whenever one is sent, also where registration is
 * open: an operator whose token is wrong must not end up with an anonymous client. It comes before the body, so that
 * somebody who may not register learns nothing of the input.
 */
function serveToRegistrants<Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(
  app: Hono<HttpEnv>,
  operation: Operation<Params, Query, Body>,
  ports: RegistrationPorts,
  answer: (input: Input<Params, Query, Body>, c: HttpContext, registrant: Registrant) => Promise<Response>,
): void {
  app.on(operation.method, toHonoPath(operation.path), async (c) => {
    if (ports.registrationIsOpen && c.req.header('authorization') === undefined) {
      return answerInput(operation, c, (input) => answer(input, c, 'anyone'))
    }
    const bearer = await requireBearer(c, ports.bearer, 'manage')
    if (!bearer.ok) return bearerOAuthError(c, bearer.failure)
    return answerInput(operation, c, (input) => answer(input, c, 'operator'))
  })
}

async function register(
  requested: RequestedMetadata,
  registrant: Registrant,
  ports: RegistrationPorts,
  c: HttpContext,
): Promise<Result<NewClient, RegistrationRefusal>> {
  const { now, address } = c.var.facts
  const isAnonymous = registrant === 'anyone'
  if (isAnonymous) {
    const { admitted, retryAfterSeconds } = await ports.limiter.take({ kind: 'registration', address })
    if (!admitted) return fail({ reason: 'registrations_exceeded', retryAfterSeconds })
  }
  const { loopbackIsAllowed } = ports
  const metadata = toClientMetadata(requested, { isAnonymous, loopbackIsAllowed })
  if (!metadata.ok) return metadata
  const fault = await sectorFault(metadata.value, ports.readSector, { nowMs: now, loopbackIsAllowed })
  if (fault !== undefined) return fail({ reason: 'metadata_invalid', message: fault })
  const registered = registerClient(metadata.value, ports.random, epochSeconds(now))
  await ports.clients.insert(registered.client, sha256(registered.registration_access_token.reveal()))
  log('info', 'client_registered', { client_id: registered.client.client_id, is_anonymous: isAnonymous })
  return ok(registered)
}

export function refuseRegistrant(failure: RegistrationRefusal): Response {
  switch (failure.reason) {
    case 'redirect_uri_invalid':
    case 'metadata_invalid':
      return refuseRegistration(failure)
    case 'registrations_exceeded':
      return oauthError({
        error: 'slow_down',
        error_description:
          'too many registrations and changes of them from this address; wait as long as Retry-After says',
        headers: { 'retry-after': String(failure.retryAfterSeconds) },
      })
  }
}

/** The portal's samples name no method and send the secret in the form; the strict profile has a default of its own. */
function methodAtPortal(profile: RequestedMetadata['profile']) {
  return profile === 'fapi2' ? undefined : 'client_secret_post'
}
